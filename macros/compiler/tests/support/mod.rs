//! What the compiler's tests share: a flow's text in, a compact text of the tree and of the errors out.
#![allow(dead_code, reason = "each test file uses its part")]

use foreshock_compiler::diagnostics::Diagnostics;
use foreshock_compiler::files::NoFiles;
use foreshock_compiler::resolve::graph::{self, ArtefactRef, Edge, Graph, NodeKind, Pipeline};
use foreshock_compiler::resolve::resolve;
use foreshock_compiler::syntax::ast::*;
use foreshock_compiler::syntax::{parse, print};
use proc_macro2::TokenStream;

/// The flow that the project exists for.
pub(crate) const FOUNDING: &str = include_str!("../flows/roundrobin.flow");

/// Parses a text. A text that is no Rust tokens is a mistake of the test.
pub(crate) fn parsed(text: &str) -> (Option<Flow>, Diagnostics) {
    let tokens: TokenStream = text.parse().expect("the text is Rust tokens");
    let mut diagnostics = Diagnostics::default();
    let flow = parse(tokens, &NoFiles, &mut diagnostics);
    (flow, diagnostics)
}

/// Each error as `line:col message` (column from 1, as editors count), continuation lines indented.
pub(crate) fn errors(diagnostics: Diagnostics) -> String {
    let mut out = String::new();
    for error in diagnostics.into_sorted() {
        let (line, column) = error.pos().start();
        out += &format!("{line}:{} {}\n", column + 1, error.message().replace('\n', "\n  "));
    }
    out
}

/// The statements, one a line.
pub(crate) fn dump(flow: &Flow) -> String {
    let mut out = String::new();
    for stmt in &flow.stmts {
        dump_stmt(&mut out, stmt);
    }
    out
}

fn dump_stmt(out: &mut String, stmt: &Stmt) {
    match stmt {
        Stmt::Onramp(artefact) => *out += &dump_artefact("onramp", artefact),
        Stmt::Offramp(artefact) => *out += &dump_artefact("offramp", artefact),
        Stmt::Pipeline(pipeline) => {
            *out += &format!("pipeline {}\n", pipeline.name.text);
            for stmt in &pipeline.body {
                *out += &format!("  {}\n", dump_query(stmt));
            }
        }
        Stmt::Binding(binding) => {
            *out += &format!("binding {}\n", binding.name.text);
            for link in &binding.links {
                let to: Vec<String> = link.to.iter().map(dump_end).collect();
                let from = link.from.as_ref().map_or("?".to_string(), dump_end);
                let to = if to.is_empty() { "?".to_string() } else { to.join(" + ") };
                *out += &format!("  {from} => {to}\n");
            }
            if !binding.broken.words.is_empty() {
                *out += &format!("  broken: {}\n", binding.broken.words.join(" "));
            }
        }
        Stmt::Mapping(mapping) => {
            let variables: Vec<String> = mapping
                .variables
                .iter()
                .map(|(name, value)| format!("{}={}", name.text, value.text))
                .collect();
            let line = format!("mapping {} {}", dump_end(&mapping.binding), variables.join(" "));
            *out += &format!("{}\n", line.trim_end());
        }
        Stmt::Require(promise) => *out += &format!("require {}\n", promise.text),
        Stmt::Query(query) => *out += &format!("{}\n", dump_query(query)),
        Stmt::Include(path) => *out += &format!("include {}\n", path.text),
        Stmt::Broken(broken) => *out += &format!("broken: {}\n", broken.words.join(" ")),
    }
}

fn dump_artefact(what: &str, artefact: &Artefact) -> String {
    format!("{what} {} from {}{}\n", artefact.name.text, artefact.kind.text, dump_config(&artefact.config))
}

fn dump_config(config: &Config) -> String {
    let entries: Vec<String> =
        config.entries.iter().map(|entry| format!("{} = {}", entry.key.text, print(&entry.value))).collect();
    let broken = if config.is_broken { " (and more)" } else { "" };
    if entries.is_empty() { broken.to_string() } else { format!(" with {}{broken}", entries.join(", ")) }
}

fn dump_end(end: &End) -> String {
    let instance = match &end.instance {
        Instance::Literal(name) => name.text.clone(),
        Instance::Variable(name) => format!("{{{}}}", name.text),
    };
    let port = end.port.as_ref().map_or(String::new(), |port| format!("/{}", port.text));
    format!("/{}/{}/{instance}{port}", end.kind.text, end.name.text)
}

fn dump_query(stmt: &QueryStmt) -> String {
    match stmt {
        QueryStmt::Use(path) => format!("use {}", dump_path(path)),
        QueryStmt::DefineOperator(define) => {
            let config = dump_config(&define.config);
            format!("define {} operator {}{config}", dump_path(&define.kind), define.name.text)
        }
        QueryStmt::CreateOperator(create) => {
            let from =
                create.from.as_ref().map_or(String::new(), |from| format!(" from {}", dump_path(from)));
            format!("create operator {}{from}{}", create.name.text, dump_config(&create.config))
        }
        QueryStmt::CreateStream(name) => format!("create stream {}", name.text),
        QueryStmt::Select(select) => {
            let condition = select.condition.as_ref();
            let condition =
                condition.map_or(String::new(), |condition| format!(" where {}", print(condition)));
            let having = select.having.as_ref();
            let having = having.map_or(String::new(), |having| format!(" having {}", print(having)));
            let (from, into) = (dump_port(&select.from), dump_port(&select.into));
            format!("select {} from {from}{condition} into {into}{having}", print(&select.target))
        }
        QueryStmt::Const(constant) => format!("const {} = {}", constant.name.text, print(&constant.value)),
        QueryStmt::Module(module) => {
            let body: String = module.body.iter().map(|stmt| format!(" {};", dump_query(stmt))).collect();
            format!("mod {} with{body} end", module.name.text)
        }
        QueryStmt::Broken(broken) => format!("broken: {}", broken.words.join(" ")),
    }
}

fn dump_path(path: &NamePath) -> String {
    let segments: Vec<&str> = path.segments.iter().map(|segment| segment.text.as_str()).collect();
    segments.join("::")
}

fn dump_port(port: &PortRef) -> String {
    let name = port.port.as_ref().map_or(String::new(), |name| format!("/{}", name.text));
    format!("{}{name}", port.node.text)
}

/// Parses and resolves a text.
pub(crate) fn resolved(text: &str) -> (Option<Graph>, Diagnostics) {
    let (flow, mut diagnostics) = parsed(text);
    let graph = flow.map(|flow| resolve(flow, &mut diagnostics));
    (graph, diagnostics)
}

/// The graph: definitions, nodes with their numbers, edges, then instances and links.
pub(crate) fn dump_graph(graph: &Graph) -> String {
    let mut out = String::new();
    for onramp in &graph.onramps {
        out +=
            &format!("onramp {} from {}{}\n", onramp.name.text, onramp.row.name, dump_config(&onramp.config));
    }
    for offramp in &graph.offramps {
        out += &format!(
            "offramp {} from {}{}\n",
            offramp.name.text,
            offramp.row.name,
            dump_config(&offramp.config)
        );
    }
    for pipeline in &graph.pipelines {
        dump_pipeline(&mut out, pipeline);
    }
    for (index, instance) in graph.deployment.instances.iter().enumerate() {
        out += &format!(
            "instance {index} of {}: {}\n",
            dump_artefact_ref(graph, instance.artefact),
            instance.name
        );
    }
    for graph::Link { from, from_port, to, to_port, .. } in &graph.deployment.links {
        out += &format!("link {}/{from_port} => {}/{to_port}\n", from.0, to.0);
    }
    out
}

fn dump_artefact_ref(graph: &Graph, artefact: ArtefactRef) -> String {
    match artefact {
        ArtefactRef::Onramp(index) => format!("onramp {}", graph.onramps[index].name.text),
        ArtefactRef::Pipeline(index) => format!("pipeline {}", graph.pipelines[index].name.text),
        ArtefactRef::Offramp(index) => format!("offramp {}", graph.offramps[index].name.text),
        ArtefactRef::Unknown => "?".to_string(),
    }
}

fn dump_pipeline(out: &mut String, pipeline: &Pipeline) {
    *out += &format!("pipeline {}\n", pipeline.name.text);
    for scope in &pipeline.scopes.0 {
        let library = scope.functions.iter().map(|(alias, path)| format!("{alias}={path}"));
        let modules = scope.modules.iter().map(|(name, id)| format!("{name}={}", id.0));
        let aliases = scope.aliases.iter().map(|(name, id)| format!("{name}=>{}", id.0));
        let consts = scope.consts.iter().map(|(name, at)| format!("{name}=#{at}"));
        let names: Vec<String> = library.chain(modules).chain(aliases).chain(consts).collect();
        if !names.is_empty() {
            *out += format!("  scope {}: {}\n", scope.path, names.join(" ")).replace(" :", ":").as_str();
        }
    }
    for (index, node) in pipeline.nodes.iter().enumerate() {
        *out += &format!("  {index} {}\n", dump_node(&node.kind));
    }
    for Edge { from, from_port, to, to_port, .. } in &pipeline.edges {
        *out += &format!("  {}/{from_port} -> {}/{to_port}\n", from.0, to.0);
    }
    for unused in &pipeline.unused {
        *out += &format!("  unused {}{}\n", unused.name.text, dump_config(&unused.config));
    }
    if !pipeline.unparsed.is_empty() {
        *out += &format!("  unparsed {}\n", pipeline.unparsed.join(" "));
    }
}

fn dump_node(kind: &NodeKind) -> String {
    match kind {
        NodeKind::Input { port } => format!("input {port}"),
        NodeKind::Output { port } => format!("output {port}"),
        NodeKind::Operator { name, row, config, outputs, .. } => {
            format!("{} {}{} ports {}", row.name, name.text, dump_config(config), outputs.join(" "))
        }
        NodeKind::Select(select) => {
            let condition = select.condition.as_ref();
            let condition =
                condition.map_or(String::new(), |condition| format!(" where {}", print(condition)));
            let having = select.having.as_ref();
            let having = having.map_or(String::new(), |having| format!(" having {}", print(having)));
            format!("select #{} {}{condition}{having}", select.index, print(&select.target))
        }
        NodeKind::Stream { name } => format!("stream {}", name.text),
        NodeKind::Unknown { name } => format!("? {}", name.text),
    }
}
