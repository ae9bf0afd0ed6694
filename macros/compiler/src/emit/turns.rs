//! Several that share what room there is take turns, so that none is kept from it for ever.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::ident;

/// Runs each of `steps`, expressions of type `Progress`, once, beginning behind the one that got on last, which the field
/// `turn` tells; an expression of type `Progress`.
pub(super) fn in_turns(turn: &str, steps: &[TokenStream]) -> TokenStream {
    if let [step] = steps {
        return step.clone();
    }
    let (turn, count, numbers) = (ident(turn), steps.len(), 0..steps.len());
    quote!({
        let mut progress = rt::Progress::Idle;
        let first = self.#turn;
        for behind in 0..#count {
            let at = (first + behind) % #count;
            let step = match at {
                #(#numbers => #steps,)*
                _ => rt::Progress::Idle,
            };
            if step == rt::Progress::Again {
                self.#turn = at + 1;
                progress = step;
            }
        }
        progress
    })
}
