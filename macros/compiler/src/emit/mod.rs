//! The fifth pass: a plan becomes tokens. It cannot fail and decides nothing; one construct, one function.

mod contraflow;
mod disk;
mod editor;
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

pub use self::editor::editor;

use self::tokens::{ident, ident_at};
use crate::lower::plan::{Plan, Stub};
use crate::syntax::ast::Head;

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
    let without_lints = tokens::without_lints();
    quote! {
        #item

        #[doc = #docs]
        #without_lints
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

/// Tells rustc, and so cargo, that the code is made of these files as well.
pub fn watched(files: &[String]) -> TokenStream {
    quote! {
        #(
            #[allow(clippy::large_include_file)]
            const _: &[u8] = ::core::include_bytes!(#files);
        )*
    }
}

/// What stands in for the code where the flow has errors, so that its uses cause no further ones.
pub fn stub(stub: &Stub) -> TokenStream {
    let name = ident_at(&stub.name, stub.name_span);
    let (visibility, module) = (&stub.visibility, ident(&stub.module));
    let runtime = tokens::runtime();
    let item = match stub.head {
        Head::Pipeline => quote! {
            #[allow(dead_code)]
            #visibility type #name = #runtime::Embedded<#runtime::Unmade>;
        },
        Head::Flow => quote! {
            #[allow(dead_code)]
            #[derive(Clone, Copy, Debug)]
            #visibility struct #name;

            #[allow(dead_code, unreachable_code)]
            impl #name {
                #visibility fn main() -> ::std::process::ExitCode { ::core::unreachable!() }
                #visibility fn builder() -> #runtime::Builder { ::core::unreachable!() }
                #visibility const GRAPH: &'static ::core::primitive::str = "";
            }
        },
    };
    let pipelines = stub.pipelines.iter().map(|name| ident(name));
    quote! {
        #item

        #[allow(dead_code)]
        #visibility mod #module {
            #(pub type #pipelines = #runtime::Unmade;)*
        }
    }
}
