//! The second pass: [`ast`](crate::syntax::ast) → [`graph`]. Every name meets its definition, wherever in the text that
//! stands. What has no definition is reported here and stands in the graph as unknown, so that no later rule
//! complains about its consequences. Values and types are not its business.

mod artefacts;
mod ends;
pub mod graph;
mod instances;
mod loose;
mod mappings;
mod modules;
mod names;
mod operators;
mod pipeline;
mod require;
mod reversed;
pub mod scope;
mod statements;
mod wiring;

use std::collections::BTreeSet;

use crate::diagnostics::Diagnostics;
use crate::syntax::ast::{BindingDef, Broken, Flow, Head, Mapping, Name, PipelineDef, QueryStmt, Stmt};
use graph::{Deployment, Graph};
use names::Table;

/// Resolves a flow. Errors are reported; the graph holds as much as is right.
pub fn resolve(flow: Flow, diagnostics: &mut Diagnostics) -> Graph {
    let Flow { docs, visibility, head, name, stmts, .. } = flow;
    let mut parts = Parts::default();
    let mut query = Vec::new();
    for stmt in stmts {
        match stmt {
            Stmt::Onramp(artefact) => parts.onramps.push(artefact),
            Stmt::Offramp(artefact) => parts.offramps.push(artefact),
            Stmt::Pipeline(pipeline) => parts.pipelines.push(pipeline),
            Stmt::Binding(binding) => parts.bindings.push(binding),
            Stmt::Mapping(mapping) => parts.mappings.push(mapping),
            Stmt::Require(promise) => parts.required.push(promise),
            Stmt::Query(stmt) => query.push(stmt),
            Stmt::Broken(broken) => parts.broken.push(broken),
            // parse has put the file's statements in its place
            Stmt::Include(_) => {}
        }
    }
    if head == Head::Pipeline {
        parts.pipelines.push(whole_query(&name, query));
    }
    let mut graph = Graph {
        docs,
        visibility,
        head,
        name,
        onramps: Vec::new(),
        offramps: Vec::new(),
        pipelines: Vec::new(),
        wires: Vec::new(),
        deployment: Deployment::default(),
        required: require::required(&parts.required, diagnostics),
    };
    parts.resolve(&mut graph, diagnostics);
    graph
}

/// The statements of a flow, by kind.
#[derive(Default)]
struct Parts {
    onramps: Vec<crate::syntax::ast::Artefact>,
    offramps: Vec<crate::syntax::ast::Artefact>,
    pipelines: Vec<PipelineDef>,
    bindings: Vec<BindingDef>,
    mappings: Vec<Mapping>,
    required: Vec<Name>,
    broken: Vec<Broken>,
}

impl Parts {
    fn resolve(self, graph: &mut Graph, diagnostics: &mut Diagnostics) {
        let is_mapped = !self.mappings.is_empty() || !self.broken.is_empty();
        let unparsed_links = words(self.bindings.iter().map(|binding| binding.broken.clone()));
        let unparsed = words(self.broken);
        let onramps = artefacts::onramps(self.onramps, graph, diagnostics);
        let system = artefacts::system_offramps(&self.bindings);
        let offramps = self.offramps.into_iter().chain(system).collect();
        let offramps = artefacts::offramps(offramps, graph, diagnostics);
        let mut pipelines = Table::new("pipeline");
        for definition in self.pipelines {
            let PipelineDef { docs, name, body, .. } = definition;
            let index = graph.pipelines.len();
            graph.pipelines.push(pipeline::resolve(name.clone(), docs, body, diagnostics));
            pipelines.define(&name, index, diagnostics);
        }
        let artefacts = ends::Artefacts { onramps, offramps, pipelines, graph, unparsed: &unparsed };
        let given = instances::Given::new(&self.mappings);
        let bindings = ends::bindings(self.bindings, &given, &artefacts, diagnostics);
        graph.wires = ends::wires(&bindings);
        let mapped: BTreeSet<String> =
            self.mappings.iter().map(|mapping| mapping.binding.name.text.clone()).collect();
        graph.deployment = mappings::deploy(self.mappings, &bindings, &unparsed, diagnostics);
        graph.deployment.bindings = ends::all(bindings, &mapped);
        graph.deployment.is_mapped = is_mapped;
        graph.deployment.unparsed = unparsed.union(&unparsed_links).cloned().collect();
    }
}

/// A macro call with head `pipeline` is the pipeline of that name.
fn whole_query(name: &Name, body: Vec<QueryStmt>) -> PipelineDef {
    let name = Name { text: snake_case(&name.text), pos: name.pos };
    let pos = name.pos;
    PipelineDef { docs: Vec::new(), name, body, pos }
}

/// The words of statements that could not be parsed.
fn words(broken: impl IntoIterator<Item = Broken>) -> BTreeSet<String> {
    broken.into_iter().flat_map(|broken| broken.words).collect()
}

/// The name of a type as that of a module: `RoundRobin` → `round_robin`, `HTTPServer2` → `http_server2`.
pub fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| letters[before]);
        let after = letters.get(at + 1);
        let begins_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                let ends_acronym = before.is_uppercase() && after.is_some_and(|after| after.is_lowercase());
                before.is_lowercase() || before.is_numeric() || ends_acronym
            });
        if begins_word {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn a_type_name_becomes_a_module_name() {
        let check = |name: &str, expected: &str| assert_eq!(snake_case(name), expected, "{name}");
        check("RoundRobin", "round_robin");
        check("roundrobin", "roundrobin");
        check("HTTPServer2", "http_server2");
        check("V2Flow", "v2_flow");
        check("A", "a");
        check("Already_Snake", "already_snake");
        check("Größe", "größe");
    }
}
