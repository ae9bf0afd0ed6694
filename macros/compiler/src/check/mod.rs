//! The third pass: an ordered list of small rules, one function each, and the typing of expressions. It reads the graph,
//! reports what is wrong, and leaves its findings as `Facts`. It never changes the graph.
//!
//! A rule is quiet about what resolve has already reported.

pub mod facts;
pub mod types;

mod config;
mod consts;
mod disk;
mod expr;
mod links;
mod nodes;
mod order;
mod typing;
mod ways;

use crate::diagnostics::Diagnostics;
use crate::resolve::graph::Graph;
use facts::Facts;

/// Checks a graph. The facts are of use only if nothing was reported.
pub fn check(graph: &Graph, diagnostics: &mut Diagnostics) -> Facts {
    let consts = consts::values(graph, diagnostics);
    let pipelines = typing::type_pipelines(graph, &consts, diagnostics);
    let mut facts = Facts { pipelines, ..Facts::default() };
    config::check_configs(graph, &consts, &mut facts, diagnostics);
    disk::check_disk(graph, &facts, diagnostics);
    nodes::check_nodes(graph, diagnostics);
    links::check_links(graph, diagnostics);
    ways::too_many_ways(graph, diagnostics);
    facts
}
