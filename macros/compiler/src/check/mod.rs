//! The third pass: an ordered list of small rules, one function each, and the typing of expressions. It reads the graph,
//! reports what is wrong, and leaves its findings as `Facts`. It never changes the graph.
//!
//! A rule is quiet about what resolve has already reported.

pub mod facts;
pub mod picture;
pub mod types;

mod around;
mod config;
mod consts;
mod delivery;
mod disk;
mod doubts;
mod expr;
mod files;
mod in_force;
mod links;
mod nodes;
mod order;
mod typing;
mod unused;
mod ways;

use crate::diagnostics::Diagnostics;
use crate::resolve::graph::Graph;
use facts::Facts;

/// Checks a graph. The facts are of use only if nothing was reported.
pub fn check(graph: &Graph, diagnostics: &mut Diagnostics) -> Facts {
    let mut facts = Facts::default();
    config::check_ramps(graph, &mut facts, diagnostics);
    facts.events = typing::events(graph, &facts.onramps);
    let consts = consts::values(graph, diagnostics);
    facts.pipelines = typing::type_pipelines(graph, &facts.events, &consts, diagnostics);
    config::check_operators(graph, &consts, &mut facts, diagnostics);
    files::file_is_read_and_emptied(graph, &facts, diagnostics);
    files::two_write_one_file(graph, &facts, diagnostics);
    disk::check_disk(graph, &facts, diagnostics);
    nodes::check_nodes(graph, diagnostics);
    links::check_links(graph, diagnostics);
    ways::too_many_ways(graph, diagnostics);
    ways::way_too_long(graph, diagnostics);
    delivery::check_delivery(graph, &facts, diagnostics);
    unused::check_unused(graph, diagnostics);
    doubts::check_doubts(graph, &facts, diagnostics);
    facts
}
