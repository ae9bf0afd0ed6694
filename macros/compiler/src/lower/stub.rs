//! What a flow with errors is replaced by, as far as its text tells: so that its uses cause no further errors.

use super::names::{self, Namer};
use super::plan::Stub;
use crate::syntax::ast::{Flow, Head, Stmt};

/// The names that the flow would have brought into the user's crate.
pub fn stub(flow: &Flow) -> Stub {
    let mut types = Namer::default();
    let mut seen = Vec::new();
    if flow.head == Head::Pipeline {
        seen.push(flow.name.text.clone());
    }
    for stmt in &flow.stmts {
        if let Stmt::Pipeline(pipeline) = stmt
            && !pipeline.name.text.is_empty()
            && !seen.contains(&pipeline.name.text)
        {
            seen.push(pipeline.name.text.clone());
        }
    }
    Stub {
        name: flow.name.text.clone(),
        name_span: flow.name.pos.first(),
        visibility: flow.visibility.clone(),
        head: flow.head,
        module: names::module(&flow.name.text),
        pipelines: seen.iter().map(|name| types.fresh_type(&names::camel(name))).collect(),
    }
}
