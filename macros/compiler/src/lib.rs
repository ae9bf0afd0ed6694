//! The compiler behind `pipeline!`: tokens in, tokens or errors out. An ordinary library, so that tests, fuzzers and
//! benchmarks can use it.
//!
//! Five passes, each a pure function in a folder of its own; none calls a later one. One collector of errors goes
//! through the first three, and code is emitted only if it stays empty.

pub mod check;
pub mod diagnostics;
pub mod emit;
pub mod files;
pub mod lower;
pub mod resolve;
pub mod syntax;

use proc_macro2::TokenStream;

use foreshock_spec::{Family, Rule};

use crate::check::facts::Facts;
use crate::diagnostics::Diagnostics;
use crate::files::{Disk, Files};
use crate::resolve::graph::Graph;
use crate::syntax::ast::{Flow, Head};

/// Compiles one macro call, with the files of the crate that it stands in. With errors it gives one `compile_error!` for
/// each, and items of the right names, so that their uses cause no further errors.
pub fn compile(tokens: TokenStream) -> TokenStream {
    // Where the compiler knows no file of the call, as in an editor, the crate that cargo names must do.
    let source = tokens.clone().into_iter().next().and_then(|first| first.span().local_file());
    compile_with(tokens, &Disk::of_crate(source))
}

/// The same with included files from elsewhere.
pub fn compile_with(tokens: TokenStream, files: &dyn Files) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    diagnostics.sources_mut().set_call(files.of_call());
    let Some(flow) = syntax::parse(tokens, files, &mut diagnostics) else { return reported(diagnostics) };
    let stub = emit::stub(&lower::stub(&flow));
    let watched = emit::watched(&flow.files);
    let names = emit::editor(&lower::editor::names(&flow));
    let is_whole = flow.is_whole;
    let (graph, facts) = judged(flow, &mut diagnostics);
    if diagnostics.has_errors() || !is_whole {
        let errors = reported(diagnostics);
        return quote::quote!(#errors #stub #names #watched);
    }
    let warnings = reported(diagnostics);
    let code = emit::emit(&lower::lower(&graph, &facts));
    quote::quote!(#warnings #code #names #watched)
}

/// Resolves and checks a flow. Where a file of it could not be read, what may stand there is not missed elsewhere: only
/// errors are reported that would be some with any such file.
pub fn judged(flow: Flow, diagnostics: &mut Diagnostics) -> (Graph, Facts) {
    let (is_whole, head, before) = (flow.is_whole, flow.head, diagnostics.len());
    let graph = resolve::resolve(flow, diagnostics);
    let facts = check::check(&graph, diagnostics);
    if !is_whole {
        diagnostics.retain_from(before, |rule| head == Head::Flow && needs_no_file(rule));
    }
    (graph, facts)
}

/// Whether a rule is broken within one definition, whatever else is defined.
fn needs_no_file(rule: Rule) -> bool {
    use Rule::*;
    let in_a_query = [
        created_twice,
        function_without_module,
        module_name_in_use,
        module_not_in_use,
        nothing_comes_out,
        nothing_goes_in,
        operator_not_created,
        port_not_said,
        reserved_name,
        unknown_constant,
        unknown_definition,
        unknown_function,
        unknown_module,
        unknown_name,
        unknown_offramp_kind,
        unknown_onramp_kind,
        unknown_operator_kind,
        unknown_port,
        unknown_stream,
        cycle_in_pipeline,
        operator_not_fed,
        output_not_selected,
        stream_not_selected,
        constants_go_round,
        failing_constant,
        no_event_here,
        wrong_arity,
        zero_divisor,
        not_supported,
    ];
    rule.family() == Family::Config || in_a_query.contains(&rule)
}

fn reported(diagnostics: Diagnostics) -> TokenStream {
    diagnostics.into_sorted().iter().map(diagnostics::Report::to_tokens).collect()
}
