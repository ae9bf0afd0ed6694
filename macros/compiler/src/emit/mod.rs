//! The fifth pass: a plan becomes tokens. It cannot fail and decides nothing; one construct, one function.

mod contraflow;
mod expr;
mod failure;
mod forward;
mod glue;
mod harness;
mod machine;
mod nodes;
mod picture;
mod pipeline;
mod program;
mod records;
mod room;
mod source;
mod tokens;
mod turns;

use proc_macro2::TokenStream;
use quote::quote;

use self::tokens::{ident, ident_at};
use crate::lower::plan::Plan;

/// The code of a macro call: the user's type, and a module named after it with everything else.
pub fn emit(plan: &Plan) -> TokenStream {
    let module = ident(&plan.module);
    let visibility = &plan.visibility;
    let docs = format!(" What `pipeline!` made of [`{}`].", plan.name);
    let runtime = tokens::import_runtime();
    let definitions = program::definitions(plan);
    let records = records::records(plan);
    let pipelines = plan.pipelines.iter().map(|one| pipeline::pipeline(plan, one));
    let machines = plan.program.iter().flat_map(|program| &program.machines);
    let machines = machines.map(|one| machine::machine(plan, one));
    let program = program::program(plan);
    let item = program::item(plan);
    quote! {
        #item

        #[doc = #docs]
        #[allow(warnings, missing_docs, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        #visibility mod #module {
            #runtime
            use rt::{Encode as _, Sink as _, Source as _};

            #definitions
            #records
            #(#pipelines)*
            #(#machines)*
            #program
        }
    }
}

/// What stands in for the code where the flow has errors, so that its uses cause no further ones.
pub fn stub(
    name: &crate::syntax::ast::Name,
    visibility: &TokenStream,
    head: crate::syntax::ast::Head,
) -> TokenStream {
    let type_name = ident_at(&name.text, name.pos.first());
    let runtime = tokens::runtime();
    let _ = head;
    quote! {
        #[allow(dead_code)]
        #visibility struct #type_name;

        #[allow(dead_code, unreachable_code)]
        impl #type_name {
            #visibility fn main() -> ::std::process::ExitCode { ::core::unreachable!() }
            #visibility fn builder() -> #runtime::Builder { ::core::unreachable!() }
            #visibility const GRAPH: &'static str = "";
        }
    }
}
