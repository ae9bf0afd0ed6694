//! The collector of errors and warnings that goes through parse, resolve and check. A message says what is wrong, then
//! (`help`) what to do; further places are notes. It must be drained: what it holds decides whether code is emitted.

mod report;
mod sources;

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

pub use foreshock_spec::{Level, Rule};
pub use sources::Sources;

use crate::syntax::{Order, Pos};

/// So many errors or warnings are shown; who has more has something else than a flow before them.
const MOST_REPORTED: usize = 200;

/// All errors and warnings of one macro call, and the texts of the files that they may stand in.
#[derive(Debug, Default)]
pub struct Diagnostics {
    reported: Vec<Diagnostic>,
    /// How many of these are errors.
    errors: usize,
    allowed: Vec<Allowed>,
    sources: Sources,
}

/// Where a rule may be broken.
#[derive(Debug)]
struct Allowed {
    rule: Rule,
    /// From here to there; everywhere, if nothing is said.
    within: Option<(Order, Order)>,
}

/// One error or warning while it is put together, at the smallest place that, if edited, mends it.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    rule: Rule,
    pos: Pos,
    text: String,
    lines: Vec<Line>,
}

/// Which error or warning it was, to add to it later.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference(usize);

/// What stands below the first line.
#[derive(Clone, Debug)]
enum Line {
    Help(String),
    Note(String),
    /// A note on another place.
    NoteAt(Pos, String),
}

/// A whole error or warning, as it is shown.
#[derive(Clone, Debug)]
pub struct Report {
    rule: Rule,
    pos: Pos,
    message: String,
}

impl Diagnostics {
    /// Reports that a rule is broken; the result takes its help and notes.
    pub fn report(&mut self, rule: Rule, pos: Pos, text: impl Into<String>) -> &mut Diagnostic {
        if rule.level() == Level::Error {
            self.errors += 1;
        }
        let at = self.reported.len();
        // Where the user's words have several lines, the message has one.
        let text = text.into().replace('\n', "\\n");
        self.reported.push(Diagnostic { rule, pos, text, lines: Vec::new() });
        &mut self.reported[at]
    }

    /// What was reported last.
    pub(crate) fn latest(&self) -> Option<Reference> {
        self.reported.len().checked_sub(1).map(Reference)
    }

    /// What was reported before, to add to it.
    pub(crate) fn reported(&mut self, reference: Reference) -> &mut Diagnostic {
        &mut self.reported[reference.0]
    }

    /// Reports the errors of a part that has no places of its own: all at `pos`, behind words that name the part.
    pub(crate) fn adopt(&mut self, pos: Pos, part: &str, found: Diagnostics) {
        for inner in found.reported {
            let text = format!("{part}: {}", inner.text);
            self.report(inner.rule, pos, text).lines = inner.lines;
        }
    }

    /// No warning of this rule is wanted from the start to the end of `within`.
    pub(crate) fn allow(&mut self, rule: Rule, within: Pos) {
        self.allowed.push(Allowed { rule, within: Some((within.order(), within.end_order())) });
    }

    /// No warning of this rule is wanted in the whole flow.
    pub(crate) fn allow_everywhere(&mut self, rule: Rule) {
        self.allowed.push(Allowed { rule, within: None });
    }

    fn is_allowed(&self, warning: &Diagnostic) -> bool {
        let at = warning.pos.order();
        let covers = |(first, last): (Order, Order)| first <= at && at <= last;
        let mut allowed = self.allowed.iter().filter(|allowed| allowed.rule == warning.rule);
        allowed.any(|allowed| allowed.within.is_none_or(covers))
    }

    /// How many errors and warnings there are.
    pub(crate) fn len(&self) -> usize {
        self.reported.len()
    }

    /// Of what was reported behind the first `before`, forgets all but these rules.
    pub(crate) fn retain_from(&mut self, before: usize, wanted: impl Fn(Rule) -> bool) {
        let kept: Vec<Diagnostic> = self.reported.drain(before..).filter(|one| wanted(one.rule)).collect();
        self.reported.extend(kept);
        self.errors = self.reported.iter().filter(|one| one.rule.level() == Level::Error).count();
    }

    /// Whether there are errors: then no code is emitted.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// The files that were read.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The files that were read, to add to them.
    pub(crate) fn sources_mut(&mut self) -> &mut Sources {
        &mut self.sources
    }

    /// The errors in source order, each once; if there are none, the warnings that nobody allowed. (What is unused where
    /// something is wrong may have its use in what is wrong.)
    pub fn into_sorted(mut self) -> Vec<Report> {
        let mut found = std::mem::take(&mut self.reported);
        let wanted = if self.has_errors() { Level::Error } else { Level::Warning };
        found.retain(|one| one.rule.level() == wanted && (wanted == Level::Error || !self.is_allowed(one)));
        without_doubted(&mut found);
        found.sort_by_key(|one| one.pos.order());
        found.dedup_by(|a, b| a.pos.order() == b.pos.order() && a.text == b.text);
        if let Some(more) = found.len().checked_sub(MOST_REPORTED).filter(|more| *more > 0) {
            found.truncate(MOST_REPORTED);
            let last = found.last_mut().expect("more than none are left");
            let what = if wanted == Level::Error { "errors" } else { "warnings" };
            last.note(format!("there are {more} more {what}"));
        }
        let report = |one: &Diagnostic| Report {
            rule: one.rule,
            pos: one.pos,
            message: report::message(one, &self.sources),
        };
        found.iter().map(report).collect()
    }
}

impl Diagnostic {
    /// Its place, and the further ones.
    fn places(&self) -> impl Iterator<Item = Pos> {
        let further = self.lines.iter().filter_map(|line| match line {
            Line::NoteAt(pos, _) => Some(*pos),
            Line::Help(_) | Line::Note(_) => None,
        });
        [self.pos].into_iter().chain(further)
    }

    /// Adds what to do.
    pub fn help(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.lines.push(Line::Help(text.as_ref().to_string()));
        self
    }

    /// Adds what helps to understand.
    pub fn note(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.lines.push(Line::Note(text.as_ref().to_string()));
        self
    }

    /// Adds a further place.
    pub fn note_at(&mut self, pos: Pos, text: impl AsRef<str>) -> &mut Self {
        self.lines.push(Line::NoteAt(pos, text.as_ref().to_string()));
        self
    }
}

impl Report {
    /// The rule that is broken.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// The place.
    pub fn pos(&self) -> Pos {
        self.pos
    }

    /// The whole message: help and notes on lines of their own; of what stands in a file, the excerpt with its place marked.
    pub fn message(&self) -> String {
        self.message.clone()
    }

    /// As items: what rustc shows under the first to the last token of an error, under the first one of a warning.
    pub fn to_tokens(&self) -> TokenStream {
        match self.rule.level() {
            Level::Error => self.as_error(),
            Level::Warning => self.as_warning(),
        }
    }

    fn as_error(&self) -> TokenStream {
        let message = &self.message;
        let (first, last) = (self.pos.first(), self.pos.last());
        let path = quote_spanned!(first=> ::core::compile_error!);
        let body = quote_spanned!(last=> { #message });
        quote!(#path #body)
    }

    /// Stable Rust has no warnings of macros. It has those of deprecated items, which appear where one is used, and which a
    /// crate can allow and deny.
    fn as_warning(&self) -> TokenStream {
        let message = &self.message;
        let (module, name) =
            (ident("foreshock", Span::mixed_site()), ident(self.rule.name(), Span::mixed_site()));
        let at = self.pos.first();
        let (used_module, used_name) = (ident("foreshock", at), ident(self.rule.name(), at));
        let rule = self.rule.name();
        let silence = match self.pos.file_id() {
            Some(_) => format!("`# allow({rule})` on the line before the statement"),
            None => format!("`#[allow({rule})]` before the statement"),
        };
        let silenced = format!("{message}\nnote: {silence} silences this");
        quote! {
            const _: () = {
                mod #module {
                    #[deprecated(note = #silenced)]
                    #[allow(non_upper_case_globals)]
                    pub(super) const #name: () = ();
                }
                let _ = #used_module::#used_name;
            };
        }
    }
}

/// Where a keyword stands as a name, this is what is wrong there: that there is no such name is no news.
fn without_doubted(found: &mut Vec<Diagnostic>) {
    let keywords = found.iter().filter(|one| one.rule == Rule::keyword_as_name);
    let doubted: BTreeSet<Order> = keywords.flat_map(Diagnostic::places).map(Pos::order).collect();
    found.retain(|one| one.rule == Rule::keyword_as_name || !doubted.contains(&one.pos.order()));
}

fn ident(text: &str, span: Span) -> Ident {
    Ident::new(text, span)
}
