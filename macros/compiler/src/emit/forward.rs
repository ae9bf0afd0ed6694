//! The way from one node to the next: a direct call for each target, the payload in the target's representation.

use proc_macro2::TokenStream;
use quote::quote;

use super::pipeline::Emitting;
use super::records;
use super::tokens::ident;
use crate::lower::code::Repr;
use crate::lower::plan::{Forward, Payload, TagType, Target, UsualField};

/// An event as it is at hand in generated code: variables `head`, `event`, `payload`.
pub(super) struct Current {
    /// The event, if it is at hand as a value: in the form of a parameter.
    pub event: Option<(TokenStream, Repr)>,
    /// Its encoding, if it is at hand.
    pub bytes: Option<TokenStream>,
    /// Who listens.
    pub tag: TagType,
    /// Whether it is at hand as a dynamic value too, in a variable `tree`.
    pub tree: bool,
}

impl Current {
    /// What came in as parameters.
    pub(super) fn of_params(payload: Payload, tag: TagType) -> Current {
        Current {
            event: payload.event.map(|repr| (quote!(event), repr)),
            bytes: payload.bytes.then(|| quote!(payload)),
            tag,
            tree: false,
        }
    }

    /// The same with a dynamic value, if one is to be made for all that want it.
    pub(super) fn with_tree(&self, tree: bool) -> Current {
        Current { event: self.event.clone(), bytes: self.bytes.clone(), tag: self.tag, tree }
    }

    /// What is done with the event, behind the making of that value.
    pub(super) fn made(&self, calls: TokenStream) -> TokenStream {
        let Some(tree) =
            self.event.as_ref().filter(|_| self.tree).map(|(event, repr)| value_of(event, *repr))
        else {
            return calls;
        };
        quote!({
            let tree = #tree;
            #calls
        })
    }

    /// The arguments behind `head` for somebody who takes `wanted`.
    pub(super) fn args(&self, wanted: Payload) -> TokenStream {
        let event = wanted.event.map(|repr| {
            let event = self.event_as(repr);
            quote!(#event,)
        });
        let bytes = wanted.bytes.then(|| {
            let bytes = self.bytes.as_ref().expect("lower encodes where bytes are wanted");
            quote!(#bytes,)
        });
        quote!(#event #bytes)
    }

    /// The event as a parameter of another representation.
    fn event_as(&self, wanted: Repr) -> TokenStream {
        let (event, repr) = self.event.as_ref().expect("lower keeps the event where it is wanted");
        if *repr == wanted {
            return event.clone();
        }
        if self.tree {
            return quote!(&tree);
        }
        let value = value_of(event, *repr);
        quote!(&#value)
    }

    /// The event as a new dynamic value, from what is at hand.
    pub(super) fn to_value(&self) -> TokenStream {
        match (&self.event, &self.bytes) {
            (Some((event, repr)), _) => value_of(event, *repr),
            (None, Some(bytes)) => quote!(rt::decoded(#bytes)),
            (None, None) => quote!(rt::Value::Null),
        }
    }

    /// Appends the encoding to `out`, on the way of all events through a pipeline: what is usual there is known, and what was
    /// written a moment ago.
    pub(super) fn encode_usual(
        &self,
        emitting: &Emitting<'_>,
        usual: &[UsualField],
        out: &TokenStream,
    ) -> TokenStream {
        match (&self.bytes, &self.event) {
            (None, Some((event, Repr::Record(id)))) => {
                records::encode_usual(emitting, *id, event, usual, out)
            }
            _ => self.encode(out),
        }
    }

    /// Appends the encoding to `out`.
    pub(super) fn encode(&self, out: &TokenStream) -> TokenStream {
        match (&self.bytes, &self.event) {
            (Some(bytes), _) => quote!(#out.extend_from_slice(#bytes);),
            (None, Some((event, Repr::Record(_) | Repr::Value | Repr::Str))) => {
                quote!(rt::Encode::encode(#event, #out);)
            }
            (None, Some((event, _))) => quote!(rt::Encode::encode(&#event, #out);),
            (None, None) => quote!(),
        }
    }
}

/// An event at hand as a new dynamic value. Scalars are at hand themselves, all else by reference.
fn value_of(event: &TokenStream, repr: Repr) -> TokenStream {
    match repr {
        Repr::Record(_) | Repr::Value | Repr::Str => quote!(rt::Encode::to_value(#event)),
        _ => quote!(rt::Encode::to_value(&#event)),
    }
}

impl Emitting<'_> {
    /// Hands the event at hand on to all targets; an expression of type `Handed`.
    pub(super) fn forward(&self, forward: &Forward, current: &Current) -> TokenStream {
        if !forward.encode {
            return self.calls(forward, current);
        }
        let encode = current.encode_usual(self, &forward.usual, &quote!(&mut payload));
        let encoded = Current { event: current.event.clone(), bytes: Some(quote!(&payload)), ..*current };
        let calls = self.calls(forward, &encoded);
        quote!({
            let mut payload = ::std::mem::take(&mut self.scratch);
            payload.clear();
            #encode
            let handed = #calls;
            self.scratch = payload;
            handed
        })
    }

    fn calls(&self, forward: &Forward, current: &Current) -> TokenStream {
        if forward.targets.is_empty() {
            return quote!(rt::Handed::DONE);
        }
        let current = current.with_tree(forward.tree);
        let calls = forward.targets.iter().map(|target| self.call(*target, &current));
        current.made(quote!(#(#calls)+*))
    }

    fn call(&self, target: Target, current: &Current) -> TokenStream {
        match target {
            Target::Node(at) => {
                let node = &self.pipeline.nodes[at];
                let method = ident(&node.method);
                let head = self.pipeline.head(current.tag, node.tag);
                let args = current.args(node.payload);
                quote!(self.#method(cx, #head, #args out))
            }
            Target::Output(at) => {
                let output = &self.pipeline.outputs[at];
                let method = ident(&output.method);
                let head = self.pipeline.head(current.tag, output.tag);
                let args = current.args(output.payload);
                let call = quote!({
                    self.query.emitted();
                    out.#method(cx, #head, #args)
                });
                if output.port != "err" {
                    return call;
                }
                quote!(if O::ERR_IS_LINKED #call else { self.query.sent_to_nobody(cx) })
            }
        }
    }
}
