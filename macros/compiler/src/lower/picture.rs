//! The flow as it is drawn, and told by the program's `check` and `graph`: what the table of `check` has, but without bare ways, and
//! with what a reader wants to see. How it is drawn is in `foreshock_spec::picture`.

use foreshock_spec::picture::NodeKind;

use super::draft::{Draft, DraftNode, Role};
pub use crate::check::picture::{Instance, Link, Node, Picture, Pipeline};
use crate::resolve::graph::{self, Graph};
use crate::syntax::print;

/// More characters of a select's text are cut: the picture is to be read, and the text is in the flow.
const MOST_TEXT: usize = 56;

/// Makes the table of a graph.
pub(super) fn picture(graph: &Graph, drafts: &[Draft]) -> Picture {
    Picture::new(graph, graph.pipelines.iter().zip(drafts).map(|(of, draft)| pipeline(of, draft)).collect())
}

fn pipeline(pipeline: &graph::Pipeline, draft: &Draft) -> Pipeline {
    let shown: Vec<usize> = draft.order.iter().copied().filter(|at| !is_edge(&draft.nodes[*at])).collect();
    let mut places: Vec<usize> = vec![0; draft.nodes.len()];
    shown.iter().enumerate().for_each(|(place, at)| places[*at] = place);
    // Where a way leads in the end that goes through bare selects.
    let end = |mut to: usize| {
        while is_edge(&draft.nodes[to]) {
            to = draft.nodes[to].out[0].1;
        }
        places[to]
    };
    let ways = shown.iter().enumerate().flat_map(|(from, at)| {
        let out = draft.nodes[*at].out.iter();
        out.map(move |(port, to)| (from, port.clone(), end(*to)))
    });
    Pipeline { edges: ways.collect(), nodes: shown.iter().map(|at| node(pipeline, draft, *at)).collect() }
}

/// A `select event` without a condition is nothing but a way.
fn is_edge(node: &DraftNode) -> bool {
    let is_bare = matches!(&node.role, Role::Passthrough(conditions) if conditions.all().next().is_none());
    is_bare && node.sources.len() <= 1 && node.out.len() == 1
}

fn node(pipeline: &graph::Pipeline, draft: &Draft, at: usize) -> Node {
    let drafted = &draft.nodes[at];
    let kind = match drafted.role {
        Role::Input(_) => NodeKind::Input,
        Role::Output(_) => NodeKind::Output,
        Role::Log(_) => NodeKind::Log,
        Role::Distributor(_) => NodeKind::Distributor,
        Role::Stream | Role::Passthrough(_) | Role::Select(..) => NodeKind::Select,
    };
    // What lower has added has no node in the graph.
    let (name, detail) = match pipeline.nodes.get(at).map(|node| &node.kind) {
        Some(graph::NodeKind::Operator { row, .. }) => {
            let on_disk = if drafted.is_on_disk() { ", on disk" } else { "" };
            (drafted.name.clone(), format!("{}{on_disk}", row.name))
        }
        Some(graph::NodeKind::Select(select)) => {
            let clauses = [("where", &select.condition), ("having", &select.having)];
            let clauses = clauses.iter().filter_map(|(word, clause)| Some((word, clause.as_ref()?)));
            let clauses: Vec<String> =
                clauses.map(|(word, clause)| format!("{word} {}", cut(&print(clause)))).collect();
            (format!("select {}", cut(&print(&select.target))), clauses.join(" "))
        }
        Some(graph::NodeKind::Stream { name }) => (format!("stream {}", name.text), String::new()),
        _ => (drafted.name.clone(), String::new()),
    };
    Node { kind, name, detail, can_fail: drafted.can_fail() }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_TEXT) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}
