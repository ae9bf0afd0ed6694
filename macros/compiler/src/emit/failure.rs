//! What happens to an event that fails inside the pipeline: counted, logged, and sent to `err` if that is linked.

use proc_macro2::TokenStream;
use quote::quote;

use super::forward::Current;
use super::pipeline::Emitting;
use super::tokens::ident;
use crate::lower::code::Repr;
use crate::lower::plan::{Failure, Output, Pipeline, TagType};

/// The method `failed`, if something can fail.
pub(super) fn failed(emitting: &Emitting<'_>) -> TokenStream {
    let Some(output) = failing_output(emitting.pipeline) else { return quote!() };
    let ports = emitting.ports_bound();
    let tag = emitting.tag(output.tag);
    let method = ident(&output.method);
    let current =
        Current { event: Some((quote!(&event), Repr::Value)), bytes: None, tag: output.tag, tree: false };
    let encode = output.payload.bytes.then(|| {
        let encode = current.encode(&quote!(&mut payload));
        quote!(let mut payload = rt::Buffer::new(); #encode)
    });
    let with_bytes = Current { bytes: Some(quote!(&payload)), ..current };
    let args = with_bytes.args(output.payload);
    // Rare, and large: as a call it leaves its callers small enough to become part of theirs. It gets no reference to the event,
    // and no closure with one: else each event would have to be put together in memory, although none fails.
    quote! {
        #[cold]
        #[inline(never)]
        fn failed<O: #ports>(
            &mut self,
            cx: &rt::Context,
            head: rt::Head<#tag>,
            error: rt::EvalError,
            event: ::std::option::Option<rt::Value>,
            out: &mut O,
        ) -> rt::Handed {
            self.query.failed(cx, &error, O::ERR_IS_LINKED);
            let ::std::option::Option::Some(event) = event else { return rt::Handed::DONE };
            let event = rt::error_event(&error, event);
            #encode
            out.#method(cx, head, #args)
        }
    }
}

/// The `err` output that failures go to.
fn failing_output(pipeline: &Pipeline) -> Option<&Output> {
    use crate::lower::plan::NodeKind::{Distributor, Log, Select};
    pipeline.nodes.iter().find_map(|node| match &node.kind {
        Log(log) => Some(&pipeline.outputs[log.failure.output]),
        Select(select) => select.failure.as_ref().map(|failure| &pipeline.outputs[failure.output]),
        Distributor(_) => None,
    })
}

impl Emitting<'_> {
    /// Calls `failed` for the event at hand; an expression of type `Handed`.
    pub(super) fn fail(
        &self,
        tag: TagType,
        failure: &Failure,
        error: &TokenStream,
        current: &Current,
    ) -> TokenStream {
        let head = self.pipeline.head(tag, self.pipeline.outputs[failure.output].tag);
        let event = current.to_value();
        quote!(self.failed(cx, #head, #error, O::ERR_IS_LINKED.then(|| #event), out))
    }
}
