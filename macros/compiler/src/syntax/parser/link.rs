//! Bindings and mappings: `/onramp/metronome/{instance}/out => /pipeline/roundrobin/{instance}/in`.

use super::super::Pos;
use super::super::ast::{BindingDef, End, Instance, Link, Mapping, Name};
use super::super::token::TokenKind;
use super::string::plain;
use super::{Parsed, Parser, Reported};

const SHAPE: &str = "`/kind/name/instance/port`";

impl Parser<'_> {
    /// Behind `define binding`.
    pub(super) fn binding(&mut self, docs: Vec<String>, start: Pos) -> Parsed<BindingDef> {
        let name = self.any_name("the binding's name")?;
        self.expect_word("links")?;
        let mut links = Vec::new();
        loop {
            links.push(self.link()?);
            let comma = self.eat_symbol(",");
            if self.eat_word("end") {
                break;
            }
            if !comma {
                return Err(self.unexpected_with("`,` or `end`", |error| {
                    error.help("a binding's links end with `end`").note_at(start, "the binding begins");
                }));
            }
        }
        Ok(BindingDef { docs, name, links, pos: self.since(start) })
    }

    /// Behind `create binding`.
    pub(super) fn mapping(&mut self, start: Pos) -> Parsed<Mapping> {
        let binding = self.end()?;
        let mut variables = Vec::new();
        let with = self.pos();
        if self.eat_word("with") {
            while !self.is_word("end") || self.ahead(1).is_symbol("=") {
                variables.push(self.variable()?);
                if !self.eat_symbol(",") {
                    break;
                }
            }
            self.config_end(with)?;
        } else if !self.is_symbol(";") && !self.is_end() && !self.begins_flow_statement(self.at) {
            return Err(self.unexpected("`with` or `;`"));
        }
        Ok(Mapping { binding, variables, pos: self.since(start) })
    }

    fn variable(&mut self) -> Parsed<(Name, Name)> {
        let variable = self.any_name("a variable or `end`")?;
        self.expect_symbol("=")?;
        let token = self.peek().clone();
        match token.kind {
            TokenKind::String(string) => {
                self.advance();
                let (parts, _) = self.string_parts(&string, token.pos)?;
                match plain(&parts) {
                    Some(text) => Ok((variable, Name { text, pos: token.pos })),
                    None => {
                        self.diagnostics
                            .error(token.pos, "a variable's value is a plain string, without `#{…}`");
                        Err(Reported)
                    }
                }
            }
            TokenKind::Number(text) | TokenKind::Word { text, .. } => {
                Err(self.unexpected_with("a string", |error| {
                    error.help(format!("write `\"{text}\"`"));
                }))
            }
            _ => Err(self.unexpected("a string")),
        }
    }

    fn link(&mut self) -> Parsed<Link> {
        let from = self.end()?;
        self.expect_symbol("=>")?;
        let mut to = Vec::new();
        if self.eat_symbol("[") {
            loop {
                to.push(self.end()?);
                let comma = self.eat_symbol(",");
                if self.eat_symbol("]") {
                    break;
                }
                if !comma {
                    return Err(self.unexpected("`,` or `]`"));
                }
            }
        } else {
            to.push(self.end()?);
        }
        Ok(Link { from, to })
    }

    /// One end of a link.
    fn end(&mut self) -> Parsed<End> {
        let token = self.peek().clone();
        let start = token.pos;
        if let TokenKind::String(string) = token.kind {
            self.advance();
            let (parts, _) = self.string_parts(&string, start)?;
            let end = plain(&parts).and_then(|text| end_of_text(&text, start));
            return end.ok_or_else(|| {
                let error =
                    self.diagnostics.error(start, format!("this is no end of a link: expected {SHAPE}"));
                error.help("for example `\"/onramp/metronome/01/out\"`");
                Reported
            });
        }
        if !self.is_symbol("/") {
            return Err(self.unexpected(&format!("an end of a link, {SHAPE}")));
        }
        self.advance();
        let kind = self.segment("`onramp`, `pipeline` or `offramp`")?;
        self.expect_segment("the artefact's name")?;
        let name = self.artefact_name()?;
        self.expect_segment("the instance")?;
        let instance = self.instance()?;
        let port = if self.eat_symbol("/") { Some(self.segment("a port")?) } else { None };
        if self.is_symbol("-") || self.is_symbol("/") || self.is_symbol("::") {
            return Err(self.odd_segment("`=>` or `,`"));
        }
        Ok(End { kind, name, instance, port, pos: self.since(start) })
    }

    fn segment(&mut self, what: &str) -> Parsed<Name> {
        if self.is_symbol("{") {
            let error = self.diagnostics.error(self.pos(), "a variable may stand for the instance only");
            error.help(format!("the parts are {SHAPE}"));
            return Err(Reported);
        }
        if matches!(self.peek().kind, TokenKind::Word { .. }) {
            return self.any_name(what);
        }
        Err(self.odd_segment(what))
    }

    fn expect_segment(&mut self, what: &str) -> Parsed<()> {
        if self.eat_symbol("/") { Ok(()) } else { Err(self.odd_segment(&format!("`/` and {what}"))) }
    }

    /// What is no Rust word or number can still be written in a string.
    fn odd_segment(&mut self, expected: &str) -> Reported {
        self.unexpected_with(expected, |error| {
            error.help(format!("an end is {SHAPE}"));
            error.help("a part with other characters needs a string: `\"/onramp/my-ramp/01/out\"`");
        })
    }

    /// `system::stdout` keeps its `::`.
    fn artefact_name(&mut self) -> Parsed<Name> {
        let mut name = self.segment("the artefact's name")?;
        while self.eat_symbol("::") {
            let next = self.segment("a name after `::`")?;
            name = Name { text: format!("{}::{}", name.text, next.text), pos: name.pos.to(next.pos) };
        }
        Ok(name)
    }

    fn instance(&mut self) -> Parsed<Instance> {
        if self.eat_symbol("{") {
            let variable = self.any_name("a variable")?;
            self.expect_symbol("}")?;
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
            _ => Ok(Instance::Literal(self.segment("the instance")?)),
        }
    }
}

/// The string form. All its parts have the place of the string.
fn end_of_text(text: &str, pos: Pos) -> Option<End> {
    let named = |text: &str| {
        let is_name =
            !text.is_empty() && !text.contains(|odd: char| odd.is_whitespace() || "{}".contains(odd));
        is_name.then(|| Name { text: text.to_string(), pos })
    };
    let mut segments = text.strip_prefix('/')?.split('/');
    let kind = named(segments.next()?)?;
    let name = named(segments.next()?)?;
    let instance = segments.next()?;
    let instance = match instance.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(variable) => Instance::Variable(named(variable)?),
        None => Instance::Literal(named(instance)?),
    };
    let port = match segments.next() {
        Some(port) => Some(named(port)?),
        None => None,
    };
    segments.next().is_none().then_some(End { kind, name, instance, port, pos })
}
