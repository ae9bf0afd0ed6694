//! Warnings about what is defined and has no use. (What is created and goes nowhere is an error of other rules.)

use std::collections::BTreeSet;

use super::links::create;
use crate::diagnostics::{Diagnostic, Diagnostics, Rule};
use crate::resolve::graph::{ArtefactRef, Graph, NodeKind, Pipeline, ScopeId};
use crate::syntax::ast::{Config, Expr, ExprKind, Head, Name, NamePath};

/// All rules of this file.
pub(super) fn check_unused(graph: &Graph, diagnostics: &mut Diagnostics) {
    unused_artefact(graph, diagnostics);
    binding_not_mapped(graph, diagnostics);
    for pipeline in &graph.pipelines {
        let used = Used::of(pipeline);
        unused_operator(pipeline, &used, diagnostics);
        unused_constant(pipeline, &used, diagnostics);
        unused_module(pipeline, &used, diagnostics);
        unused_use(pipeline, &used, diagnostics);
    }
}

/// An onramp, a pipeline or an offramp is in a link.
fn unused_artefact(graph: &Graph, diagnostics: &mut Diagnostics) {
    if graph.head == Head::Pipeline {
        return;
    }
    let onramps = (0..).map(ArtefactRef::Onramp).zip(graph.onramps.iter().map(|it| ("onramp", &it.name)));
    let pipelines =
        (0..).map(ArtefactRef::Pipeline).zip(graph.pipelines.iter().map(|it| ("pipeline", &it.name)));
    let offramps = (0..).map(ArtefactRef::Offramp).zip(graph.offramps.iter().map(|it| ("offramp", &it.name)));
    for (artefact, (kind, name)) in onramps.chain(pipelines).chain(offramps) {
        let is_used = graph.wires.iter().any(|wire| wire.from == artefact || wire.to == artefact);
        if !is_used {
            let warning = unused(Rule::unused_artefact, kind, name, diagnostics);
            warning.help(format!("remove it, or link it in a binding: `/{kind}/{}/01/…`", name.text));
        }
    }
}

/// A binding has a mapping, which creates what it links.
fn binding_not_mapped(graph: &Graph, diagnostics: &mut Diagnostics) {
    for binding in graph.deployment.bindings.iter().filter(|binding| !binding.is_mapped) {
        let text = format!("nothing creates what the binding `{}` links", binding.name.text);
        let warning = diagnostics.report(Rule::binding_not_mapped, binding.name.pos, text);
        warning.help(format!("remove it, or add {}", create(binding)));
    }
}

/// What a query uses of what it defines.
struct Used {
    /// Constants, by their index in the pipeline.
    consts: BTreeSet<usize>,
    /// Modules of which something is used, and what these stand in.
    modules: Vec<bool>,
    /// What `use` makes short: in which scope, and what it is called there.
    short: BTreeSet<(usize, String)>,
    /// Constants that were just found to be used: what they use is used too.
    next: Vec<usize>,
}

impl Used {
    fn of(pipeline: &Pipeline) -> Used {
        let modules = vec![false; pipeline.scopes.0.len()];
        let mut used = Used { consts: BTreeSet::new(), modules, short: BTreeSet::new(), next: Vec::new() };
        for node in &pipeline.nodes {
            match &node.kind {
                NodeKind::Select(select) => {
                    let conditions = select.condition.iter().chain(&select.having);
                    conditions
                        .chain([&select.target])
                        .for_each(|expr| used.note(expr, ScopeId::ROOT, pipeline));
                }
                NodeKind::Operator { config, scopes, .. } => {
                    for (entry, scope) in config.entries.iter().zip(scopes) {
                        used.modules[scope.0] = true;
                        used.note(&entry.value, *scope, pipeline);
                    }
                }
                _ => {}
            }
        }
        for definition in &pipeline.unused {
            let Config { entries, .. } = &definition.config;
            entries.iter().for_each(|entry| used.note(&entry.value, definition.scope, pipeline));
        }
        // (those of a module may be there for whoever needs them; of the others, what has no use uses nothing)
        for constant in pipeline.consts.iter().filter(|constant| constant.scope != ScopeId::ROOT) {
            used.note(&constant.value, constant.scope, pipeline);
        }
        while let Some(at) = used.next.pop() {
            used.note(&pipeline.consts[at].value, pipeline.consts[at].scope, pipeline);
        }
        pipeline.origins.iter().for_each(|path| used.note_path(path, ScopeId::ROOT, pipeline));
        for (at, scope) in pipeline.scopes.0.iter().enumerate() {
            scope.uses.iter().for_each(|it| used.note_path(&it.path, ScopeId(at), pipeline));
        }
        used.note_modules(pipeline);
        used
    }

    fn note(&mut self, expr: &Expr, scope: ScopeId, pipeline: &Pipeline) {
        expr.visit(&mut |part| {
            if let ExprKind::Name(path) = &part.kind {
                let constant = pipeline.scopes.constant(scope, path).ok();
                self.next.extend(constant.filter(|at| self.consts.insert(*at)));
            }
            if let ExprKind::Name(path) | ExprKind::Call(path, _) = &part.kind {
                self.note_path(path, scope, pipeline);
            }
        });
    }

    /// What a path begins with: the scope's own name, or else that of the query.
    fn note_path(&mut self, path: &NamePath, scope: ScopeId, pipeline: &Pipeline) {
        let [first, _, ..] = path.segments.as_slice() else { return };
        let knows =
            |at: &ScopeId| pipeline.scopes.get(*at).uses.iter().any(|it| it.path.last().text == first.text);
        let known = [scope, ScopeId::ROOT].into_iter().find(knows);
        self.short.extend(known.map(|at| (at.0, first.text.clone())));
    }

    fn note_modules(&mut self, pipeline: &Pipeline) {
        for at in &self.consts {
            self.modules[pipeline.consts[*at].scope.0] = true;
        }
        // what stands in a module comes behind it
        for (at, scope) in pipeline.scopes.0.iter().enumerate().rev() {
            self.modules[at] |= scope.modules.iter().any(|(_, inner)| self.modules[inner.0]);
        }
    }
}

/// The definition of an operator has a `create`. (Where a whole module has no use, that is said once.)
fn unused_operator(pipeline: &Pipeline, used: &Used, diagnostics: &mut Diagnostics) {
    for definition in &pipeline.unused {
        let (name, module) = (&definition.name, pipeline.scopes.get(definition.scope));
        if module.name.is_some() && !used.modules[definition.scope.0] {
            continue;
        }
        let from = match module.path.as_str() {
            "" => String::new(),
            path => format!(" from {path}::{}", name.text),
        };
        let warning = unused(Rule::unused_operator, "operator", name, diagnostics);
        warning.help(format!("remove it, or add `create operator {}{from};`", name.text));
    }
}

/// A constant of the query itself is in an expression. (Those of a module may be there for whoever needs them.)
fn unused_constant(pipeline: &Pipeline, used: &Used, diagnostics: &mut Diagnostics) {
    for (at, constant) in pipeline.consts.iter().enumerate() {
        if constant.scope == ScopeId::ROOT && !used.consts.contains(&at) {
            unused(Rule::unused_constant, "constant", &constant.name, diagnostics).help("remove it");
        }
    }
}

/// Of a module something is used.
fn unused_module(pipeline: &Pipeline, used: &Used, diagnostics: &mut Diagnostics) {
    let inner = pipeline.scopes.0.iter().flat_map(|scope| &scope.modules);
    for (name, id) in inner {
        let is_told = pipeline.scopes.0.iter().enumerate().skip(1).any(|(around, scope)| {
            !used.modules[around] && scope.modules.iter().any(|(_, inner)| inner == id)
        });
        if let Some(place) =
            pipeline.scopes.get(*id).name.as_ref().filter(|_| !used.modules[id.0] && !is_told)
        {
            let warning = unused(Rule::unused_module, "module", place, diagnostics);
            warning.help(format!("remove it, or use what is in it: `{name}::…`"));
        }
    }
}

/// What `use` makes short is written so. (Where a whole module has no use, that is said once.)
fn unused_use(pipeline: &Pipeline, used: &Used, diagnostics: &mut Diagnostics) {
    for (at, scope) in pipeline.scopes.0.iter().enumerate() {
        let is_live = |at: usize| at == ScopeId::ROOT.0 || used.modules[at];
        for it in scope.uses.iter().filter(|_| is_live(at)) {
            let name = it.path.last().text.clone();
            if it.module.is_some_and(|module| !is_live(module.0)) || used.short.contains(&(at, name.clone()))
            {
                continue;
            }
            let text = format!("nothing uses what `use {}` names", it.path.text());
            let warning = diagnostics.report(Rule::unused_use, it.path.pos(), text);
            warning.help(format!("remove it, or use what is in it: `{name}::…`"));
        }
    }
}

fn unused<'a>(rule: Rule, kind: &str, name: &Name, diagnostics: &'a mut Diagnostics) -> &'a mut Diagnostic {
    diagnostics.report(rule, name.pos, format!("the {kind} `{}` is defined and never used", name.text))
}
