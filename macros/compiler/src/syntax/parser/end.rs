//! The ends of links, and what `create binding` names: `/onramp/metronome/{instance}/out`, in words and symbols or as a
//! string. Whether there is such a thing is for resolve to tell.

use std::ops::Range;

use super::super::Pos;
use super::super::ast::{End, Instance, Name};
use super::super::token::TokenKind;
use super::string::plain;
use super::{Parsed, Parser, Reported};
use crate::diagnostics::Rule;

/// What is linked; any other word is for resolve to judge.
const KINDS: [&str; 3] = ["onramp", "pipeline", "offramp"];

/// What an end stands in.
#[derive(Clone, Copy, PartialEq)]
pub(in super::super) enum Role {
    /// Before `=>`.
    Start,
    /// Behind `=>`.
    Goal,
    /// Behind `create binding`.
    Binding,
}

impl Role {
    fn shape(self) -> &'static str {
        match self {
            Role::Start | Role::Goal => "`/kind/name/instance/port`",
            Role::Binding => "`/binding/name/instance`",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Role::Start | Role::Goal => "an end of a link",
            Role::Binding => "a binding",
        }
    }

    /// What to say about a text that is none.
    pub(in super::super) fn wrong(self) -> String {
        let what = self.what().trim_start_matches("an ").trim_start_matches("a ");
        format!("this is no {what}: expected {}", self.shape())
    }

    /// What to do about a text that is none.
    pub(in super::super) fn advice(self, text: &str) -> String {
        let has_foreign_variable = ["${", "%{", "<", "{{"].iter().any(|foreign| text.contains(foreign));
        if text.starts_with("tremor://") {
            "leave out `tremor://` and the host: write the path alone".to_string()
        } else if text.contains("=>") {
            "quotes stand around one end: `\"/onramp/…\" => \"/pipeline/…\"`".to_string()
        } else if has_foreign_variable {
            "a variable is a name in braces: `{instance}`".to_string()
        } else if let Some(whole) = text.strip_suffix('/') {
            format!("write `{whole}`, without a `/` at its end")
        } else {
            self.example().to_string()
        }
    }

    fn example(self) -> &'static str {
        match self {
            Role::Start => "for example `\"/onramp/metronome/01/out\"`",
            Role::Goal => "for example `\"/pipeline/roundrobin/01/in\"`",
            Role::Binding => "for example `\"/binding/default/01\"`",
        }
    }

    /// What may stand behind it.
    pub(super) fn next(self) -> &'static str {
        match self {
            Role::Start => "`=>`",
            Role::Goal => "`,` or `end`",
            Role::Binding => "`with` or `;`",
        }
    }
}

impl Parser<'_> {
    /// Whether an end begins at a token: at the `/` of `/onramp/`, or at a string of this form.
    pub(super) fn begins_end(&self, at: usize) -> bool {
        let token = |by: usize| &self.tokens[(at + by).min(self.tokens.len() - 1)];
        match &token(0).kind {
            TokenKind::String(string) => string.text.starts_with('/'),
            TokenKind::Symbol("/") => {
                token(1).word().is_some_and(|word| KINDS.contains(&word)) && token(2).is_symbol("/")
            }
            _ => false,
        }
    }

    /// One end of a link.
    pub(super) fn end(&mut self, role: Role) -> Parsed<End> {
        let token = self.peek().clone();
        let start = token.pos;
        if let TokenKind::String(string) = token.kind {
            self.advance();
            let (parts, _) = self.string_parts(&string, start)?;
            let end = plain(&parts).and_then(|text| end_of_text(&text, |_| start));
            return end.ok_or_else(|| {
                let error = self.diagnostics.report(Rule::wrong_path, start, role.wrong());
                error.help(role.advice(plain(&parts).as_deref().unwrap_or("")));
                Reported
            });
        }
        self.first_slash(role)?;
        if role == Role::Binding && self.has_no_binding() {
            return Err(self.two_segments(start));
        }
        let (kinds, name, instance) = match role {
            Role::Binding => ("`binding`", "the binding's name", "a name for what is created, such as `01`"),
            _ => ("`onramp`, `pipeline` or `offramp`", "the artefact's name", "the instance"),
        };
        let kind = self.segment(kinds, role)?;
        self.expect_segment(name, role)?;
        let name = self.artefact_name(name, role)?;
        if role != Role::Binding && self.ends_end() {
            let path = format!("/{}/{}", kind.text, name.text);
            let text = format!("`{path}` has no instance");
            let error = self.diagnostics.report(Rule::missing_instance, self.since(start), text);
            let port = if role == Role::Start { "out" } else { "in" };
            error.help(format!("write `{path}/01/{port}`, where `01` is a name for it"));
            return Err(Reported);
        }
        self.expect_segment(instance, role)?;
        let instance = self.instance(instance, role)?;
        let has_port = self.is_symbol("/") && !self.begins_end(self.at);
        let port = if has_port {
            self.advance();
            Some(self.segment("a port", role)?)
        } else {
            None
        };
        let is_odd = self.is_symbol("-") || self.is_symbol("/") || self.is_symbol("::");
        if is_odd && !self.begins_end(self.at) {
            return Err(self.odd_segment(role.next(), role));
        }
        Ok(End { kind, name, instance, port, pos: self.since(start) })
    }

    /// Whether an end seems to be over.
    fn ends_end(&self) -> bool {
        let is_next = ["=>", ",", "]", ";"].iter().any(|symbol| self.is_symbol(symbol));
        is_next || self.is_word("end") || self.begins_end(self.at)
    }

    /// Whether a binding without the word `binding` stands here, behind a `/`: `main/01`.
    fn has_no_binding(&self) -> bool {
        let is_over = |at: usize| !self.ahead(at).is_symbol("/");
        self.peek().word().is_some_and(|word| word != "binding") && !is_over(1) && is_over(3)
    }

    fn two_segments(&mut self, start: Pos) -> Reported {
        let name = self.peek().word().unwrap_or("").to_string();
        let error =
            self.diagnostics.report(Rule::wrong_path, start.to(self.ahead(2).pos), Role::Binding.wrong());
        error.help(format!("write `/binding/{name}/…`"));
        Reported
    }

    /// The `/` with which an end begins. One that is missing before a kind is reported and taken for written.
    fn first_slash(&mut self, role: Role) -> Parsed<()> {
        if self.eat_symbol("/") {
            return Ok(());
        }
        let word = self.peek().word().unwrap_or("").to_string();
        let is_kind = (KINDS.contains(&word.as_str()) || word == "binding") && self.ahead(1).is_symbol("/");
        let is_list = role == Role::Start && self.is_symbol("[");
        let reported = self.unexpected_with(&format!("{}, {}", role.what(), role.shape()), |error| {
            if is_list {
                error.help("a link starts at one end: write a link for each");
            } else if is_kind {
                error.help(format!("write `/{word}/…`, with a `/` before it"));
            } else if role == Role::Binding && !word.is_empty() {
                error.help(format!("write `/binding/{word}/01`, where `01` is a name for what is created"));
            } else if role != Role::Binding && !word.is_empty() {
                error.help(role.example());
            }
        });
        if is_kind { Ok(()) } else { Err(reported) }
    }

    fn segment(&mut self, what: &str, role: Role) -> Parsed<Name> {
        if self.is_symbol("{") {
            let error = self.diagnostics.report(
                Rule::variable_out_of_place,
                self.pos(),
                "a variable may stand for the instance only",
            );
            error.help(format!("the parts are {}", role.shape()));
            return Err(Reported);
        }
        if matches!(self.peek().kind, TokenKind::Word { .. }) {
            return self.any_name(what);
        }
        Err(self.odd_segment(what, role))
    }

    fn expect_segment(&mut self, what: &str, role: Role) -> Parsed<()> {
        if self.eat_symbol("/") { Ok(()) } else { Err(self.odd_segment(&format!("`/` and {what}"), role)) }
    }

    /// What is no Rust word or number can still be written in a string.
    fn odd_segment(&mut self, expected: &str, role: Role) -> Reported {
        let is_over = ["/", "=>", "->", "=", ",", ";", "]"].iter().any(|symbol| self.is_symbol(symbol));
        let is_string = matches!(self.peek().kind, TokenKind::String(_));
        let may_be_text = !is_over && !is_string && !matches!(self.peek().kind, TokenKind::Word { .. });
        self.unexpected_with(expected, |error| {
            error.help(format!("{} is {}, {}", role.what(), role.shape(), role.example()));
            if is_string {
                error.help("a string is the whole end, and no part of it");
            }
            if may_be_text {
                error.help("a part with other characters needs a string: `\"/onramp/my-ramp/01/out\"`");
            }
        })
    }

    /// `system::stdout` keeps its `::`.
    fn artefact_name(&mut self, what: &str, role: Role) -> Parsed<Name> {
        let mut name = self.segment(what, role)?;
        while self.eat_symbol("::") {
            let next = self.segment("a name after `::`", role)?;
            name = Name { text: format!("{}::{}", name.text, next.text), pos: name.pos.to(next.pos) };
        }
        Ok(name)
    }

    fn instance(&mut self, what: &str, role: Role) -> Parsed<Instance> {
        let foreign = self.foreign_variable();
        if let Some((pos, symbol)) = foreign.filter(|_| !self.is_symbol("{")) {
            let name = self.any_name("a variable")?;
            self.eat_symbol(">");
            self.no_symbol(pos, symbol, &name);
            return Ok(Instance::Variable(name));
        }
        if self.eat_symbol("{") {
            let variable = self.any_name("a variable, such as `{instance}`")?;
            self.expect_symbol("}")?;
            if let Some((pos, symbol)) = foreign {
                self.no_symbol(pos, symbol, &variable);
                while self.eat_symbol("}") {}
            }
            return Ok(Instance::Variable(variable));
        }
        let token = self.peek().clone();
        match token.kind {
            TokenKind::Number(text)
                if text.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric()) =>
            {
                self.advance();
                Ok(Instance::Literal(Name { text, pos: token.pos }))
            }
            _ => Ok(Instance::Literal(self.segment(what, role)?)),
        }
    }

    /// What other systems write before a variable, which is passed over.
    fn foreign_variable(&mut self) -> Option<(Pos, &'static str)> {
        let brace =
            ["$", "%", "{"].into_iter().find(|symbol| self.is_symbol(symbol) && self.ahead(1).is_symbol("{"));
        let bare = ["$", "%", "<"]
            .into_iter()
            .find(|symbol| self.is_symbol(symbol) && self.ahead(1).word().is_some());
        let symbol = brace.or(bare)?;
        Some((self.advance().pos, symbol))
    }

    fn no_symbol(&mut self, pos: Pos, symbol: &str, variable: &Name) {
        let text = format!("a variable has no `{symbol}`");
        let text = if symbol == "{" { "a variable has one pair of braces".to_string() } else { text };
        let error = self.diagnostics.report(Rule::variable_with_dollar, pos, text);
        error.help(format!("write `{{{}}}`", variable.text));
    }
}

/// The string form; `place` knows where its bytes stand.
pub(in super::super) fn end_of_text(text: &str, mut place: impl FnMut(Range<usize>) -> Pos) -> Option<End> {
    let mut begins = 1;
    let mut segments = text.strip_prefix('/')?.split('/').map(|segment| {
        let start = begins;
        begins += segment.len() + 1;
        (segment, start..start + segment.len())
    });
    let mut named = |(text, bytes): (&str, Range<usize>)| {
        let is_name =
            !text.is_empty() && !text.contains(|odd: char| odd.is_whitespace() || "{}".contains(odd));
        is_name.then(|| Name { text: text.to_string(), pos: place(bytes) })
    };
    let kind = named(segments.next()?)?;
    let name = named(segments.next()?)?;
    let (instance, bytes) = segments.next()?;
    let instance = match instance.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(variable) => Instance::Variable(named((variable, bytes.start + 1..bytes.end - 1))?),
        None => Instance::Literal(named((instance, bytes))?),
    };
    let port = match segments.next() {
        Some(port) => Some(named(port)?),
        None => None,
    };
    let is_over = segments.next().is_none();
    is_over.then(|| End { kind, name, instance, port, pos: place(0..text.len()) })
}
