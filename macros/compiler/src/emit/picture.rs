//! The picture: as a constant table for the program's `check` and `graph`, as a constant text for users, and in the
//! documentation of the type.

use foreshock_spec::forms::{Change, Form, Often};
use foreshock_spec::picture::{InstanceKind, Level, NodeKind};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::lower::forms::{Conversion, Forms, Way};
use crate::lower::picture::{Instance, Link, Node, Picture, Pipeline};
use crate::lower::plan::Plan;

/// What follows the user's docs of a type: the promises, then the picture.
pub(super) fn docs(plan: &Plan) -> TokenStream {
    let mut lines = Vec::new();
    if !plan.promises.is_empty() {
        lines.extend(block("Delivery, by the settings as they are written:", "text", plan.promises.iter()));
        lines.extend([
            String::new(),
            format!("Memory of all buffers, by the same settings: at most {}.", plan.memory),
        ]);
    }
    let graph: Vec<String> = plan.graph.lines().map(str::to_owned).collect();
    lines.extend(block("As a picture:", "mermaid", graph.iter()));
    if plan.docs.is_empty() {
        lines.remove(0);
    }
    // As rustdoc has it: a space in front, as behind the user's `///`. One attribute, since there may be many lines.
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    let docs = lines.collect::<Vec<_>>().join("\n");
    quote!(#[doc = #docs])
}

/// A paragraph with a block that rustdoc shows as it is, and takes for no example: it has a language that is not Rust.
fn block<'a>(title: &str, language: &str, lines: impl Iterator<Item = &'a String>) -> Vec<String> {
    let before = [String::new(), title.to_owned(), String::new(), format!("```{language}")];
    before.into_iter().chain(lines.cloned()).chain(["```".to_owned()]).collect()
}

/// The constant text: of a flow on its type, of a single pipeline in its module.
pub(super) fn constant(plan: &Plan, visibility: &TokenStream) -> TokenStream {
    let (docs, graph) = (format!(" A picture of `{}`, as a mermaid flowchart.", plan.name), &plan.graph);
    quote! {
        #[doc = #docs]
        #visibility const GRAPH: &'static ::core::primitive::str = #graph;
    }
}

/// The table.
pub(super) fn table(picture: &Picture) -> TokenStream {
    let name = &picture.name;
    let pipelines = picture.pipelines.iter().map(pipeline);
    let instances = picture.instances.iter().map(instance);
    let links = picture.links.iter().map(|Link { from, from_port, to, to_port }| {
        let (from, to) = (index(*from), index(*to));
        quote!(rt::picture::Link::new(#from, #from_port, #to, #to_port))
    });
    let required = match picture.required {
        None => quote!(::std::option::Option::None),
        Some(level) => {
            let level = match level {
                Level::BestEffort => quote!(BestEffort),
                Level::AtLeastOnce => quote!(AtLeastOnce),
                Level::Durable => quote!(Durable),
            };
            quote!(::std::option::Option::Some(rt::picture::Level::#level))
        }
    };
    quote! {
        rt::picture::Picture {
            name: #name,
            pipelines: &[#(#pipelines),*],
            instances: &[#(#instances),*],
            links: &[#(#links),*],
            required: #required,
        }
    }
}

/// The table of the forms of events.
pub(super) fn forms(forms: &Forms) -> TokenStream {
    let ways = forms.ways.iter().map(|Way { part, ends: [from, to], form, shape, why }| {
        let form = match form {
            Form::Typed => quote!(Typed),
            Form::Encoded => quote!(Encoded),
            Form::Tree => quote!(Tree),
            Form::Nothing => quote!(Nothing),
        };
        quote!(rt::forms::Way::new(#part, [#from, #to], rt::forms::Form::#form, #shape, #why))
    });
    let rows = forms.conversions.iter().map(|Conversion { part, change, at, often, why }| {
        let change = match change {
            Change::Encode => quote!(Encode),
            Change::Decode => quote!(Decode),
            Change::ToTree => quote!(ToTree),
            Change::Copy => quote!(Copy),
        };
        let often = match often {
            Often::Event => quote!(Event),
            Often::Delivery => quote!(Delivery),
            Often::Failure => quote!(Failure),
            Often::Recovery => quote!(Recovery),
            Often::IfLimited => quote!(IfLimited),
        };
        quote! {
            rt::forms::Conversion::new(#part, rt::forms::Change::#change, #at, rt::forms::Often::#often, #why)
        }
    });
    quote!(rt::forms::Forms { ways: &[#(#ways),*], conversions: &[#(#rows),*] })
}

fn pipeline(pipeline: &Pipeline) -> TokenStream {
    let nodes = pipeline.nodes.iter().map(|Node { kind, name, detail, can_fail }| {
        let kind = match kind {
            NodeKind::Input => quote!(Input),
            NodeKind::Output => quote!(Output),
            NodeKind::Select => quote!(Select),
            NodeKind::Log => quote!(Log),
            NodeKind::Distributor => quote!(Distributor),
        };
        quote!(rt::picture::Node::new(rt::picture::NodeKind::#kind, #name, #detail, #can_fail))
    });
    let edges = pipeline.edges.iter().map(|(from, port, to)| {
        let (from, to) = (index(*from), index(*to));
        quote!(rt::picture::Edge::new(#from, #port, #to))
    });
    quote!(rt::picture::Pipeline { nodes: &[#(#nodes),*], edges: &[#(#edges),*] })
}

fn instance(Instance { kind, name, instance }: &Instance) -> TokenStream {
    let kind = match kind {
        InstanceKind::Onramp { row, replays } => quote!(Onramp { row: #row, replays: #replays }),
        InstanceKind::Pipeline(at) => {
            let at = index(*at);
            quote!(Pipeline(#at))
        }
        InstanceKind::Offramp { row } => quote!(Offramp { row: #row }),
    };
    quote!(rt::picture::Instance::new(rt::picture::InstanceKind::#kind, #name, #instance))
}

fn index(at: usize) -> Literal {
    Literal::usize_unsuffixed(at)
}
