//! Bindings and mappings: `/onramp/metronome/{instance}/out => /pipeline/roundrobin/{instance}/in`.

use crate::diagnostics::Rule;
use std::ops::Range;

use super::super::Pos;
use super::super::ast::{BindingDef, Broken, End, Instance, Link, Mapping, Name};
use super::super::token::TokenKind;
use super::recovery::Level;
use super::string::plain;
use super::{Parsed, Parser, Reported};

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

    pub(in super::super) fn example(self) -> &'static str {
        match self {
            Role::Start => "for example `\"/onramp/metronome/01/out\"`",
            Role::Goal => "for example `\"/pipeline/roundrobin/01/in\"`",
            Role::Binding => "for example `\"/binding/default/01\"`",
        }
    }

    /// What may stand behind it.
    fn next(self) -> &'static str {
        match self {
            Role::Start => "`=>`",
            Role::Goal => "`,` or `end`",
            Role::Binding => "`with` or `;`",
        }
    }
}

impl Parser<'_> {
    /// Behind `define binding`. What is wrong with one link is no reason not to look at the others.
    pub(super) fn binding(&mut self, docs: Vec<String>, start: Pos) -> Parsed<BindingDef> {
        let name = self.definition_name("binding", "links")?;
        let links = format!("write `define binding {} links …`", name.text);
        if let Err(reported) = self.expect_word_with("links", |error| {
            error.help(links);
        }) {
            // the links may be there all the same, behind another word or none
            if self.begins_end(self.at + 1) {
                self.advance();
            } else if !self.begins_end(self.at) {
                return Err(reported);
            }
        }
        let (mut links, mut broken) = (Vec::new(), Broken::default());
        loop {
            self.docs();
            let link = self.link(&mut broken);
            if self.is_symbol("=>") {
                // what its goal is linked to follows, and is lost
                broken.words.extend(link.to.iter().map(|goal| goal.name.text.clone()));
            }
            links.push(link);
            if !self.has_next_link(start, &mut broken) {
                return Ok(BindingDef { docs, name, links, broken, pos: self.since(start) });
            }
        }
    }

    /// Behind a link: whether there is another one.
    fn has_next_link(&mut self, start: Pos, broken: &mut Broken) -> bool {
        if self.eat_symbol(",") {
            return !self.eat_word("end");
        }
        if self.eat_word("end") {
            return false;
        }
        if self.begins_end(self.at) {
            let error = self.diagnostics.report(
                Rule::missing_comma,
                self.last_pos(),
                "this link has no `,` behind it",
            );
            error.help("`,` stands between links, `end` behind the last one");
            return true;
        }
        let at = self.at;
        let is_second = self.is_symbol("=>");
        let is_comma = self.is_symbol(";") && self.begins_end(self.at + 1);
        let rule = match () {
            () if is_second => Rule::unexpected_token,
            () if is_comma => Rule::missing_comma,
            () => Rule::missing_end,
        };
        self.unexpected_as(rule, "`,` or `end`", |error| {
            if is_second {
                error.help("begin another link behind a `,`: a link has one `=>`");
            } else if is_comma {
                error.help("`,` stands between links, `end` behind the last one");
            } else {
                error.help("a binding's links end with `end`").note_at(start, "the binding begins");
            }
        });
        if self.is_symbol(";") {
            let goes_on = self.ahead(1).is_word("end") || self.begins_end(self.at + 1);
            if goes_on {
                self.advance();
            }
            return goes_on && !self.eat_word("end");
        }
        broken.words.extend(self.skip_part(at, &[]).words);
        // the `,` that is found is that of the next link
        let comma = self.eat_symbol(",");
        !self.eat_word("end") && comma
    }

    /// Behind `create binding`.
    pub(super) fn mapping(&mut self, start: Pos) -> Parsed<Mapping> {
        let binding = self.end(Role::Binding)?;
        let mut variables = Vec::new();
        let with = self.pos();
        if self.eat_word("with") {
            self.docs();
            while !self.is_word("end") || self.ahead(1).is_symbol("=") {
                variables.push(self.variable()?);
                if !self.has_next_entry() {
                    break;
                }
                self.docs();
            }
            self.config_end(with, Level::Flow)?;
        } else if !self.is_symbol(";") && !self.is_end() && !self.begins_flow_statement(self.at) {
            return Err(self.unexpected(Role::Binding.next()));
        }
        Ok(Mapping { binding, variables, pos: self.since(start) })
    }

    fn variable(&mut self) -> Parsed<(Name, Name)> {
        if self.is_symbol("{") {
            return Err(self.unexpected_with("a variable or `end`", |error| {
                error.help("here a variable has no braces: `with instance = \"01\" end`");
            }));
        }
        if let TokenKind::String(string) = &self.peek().kind {
            let help = format!("write `{}`, without quotes", string.text);
            return Err(self.unexpected_with("a variable or `end`", |error| {
                error.help(help);
            }));
        }
        let variable = self.any_name("a variable or `end`")?;
        self.equals(&variable)?;
        let token = self.peek().clone();
        match token.kind {
            TokenKind::String(string) => {
                self.advance();
                let (parts, _) = self.string_parts(&string, token.pos)?;
                match plain(&parts) {
                    Some(text) => Ok((variable, Name { text, pos: token.pos })),
                    None => {
                        self.diagnostics.report(
                            Rule::computed_path,
                            token.pos,
                            "a variable's value is a plain string, without `#{…}`",
                        );
                        Err(Reported)
                    }
                }
            }
            TokenKind::Number(_) | TokenKind::Word { .. } => Ok((variable, self.unquoted_value())),
            _ => Err(self.unexpected("a string")),
        }
    }

    /// One link; of a wrong one its right half, the words of the other half go to `broken`.
    fn link(&mut self, broken: &mut Broken) -> Link {
        let start = self.at;
        let from = self.end(Role::Start).ok();
        let is_over = self.is_symbol(",") || self.is_word("end");
        if from.is_some() && !is_over {
            let is_backward = self.is_symbol("<=");
            let mut to = self.goals(broken);
            return match to.pop() {
                // reported; what was meant is known
                Some(goal) if is_backward && to.is_empty() => {
                    Link { from: Some(goal), to: from.into_iter().collect() }
                }
                last => Link { from, to: to.into_iter().chain(last).collect() },
            };
        }
        if from.is_some() {
            // perhaps it was no start, but meant as another goal of the link before
            self.unexpected_with("`=>`", |error| {
                error.help("several goals of a link stand in brackets: `start => [goal, goal]`");
            });
        }
        broken.words.extend(self.skip_part(start, &["=>"]).words);
        let to = if self.is_symbol("=>") { self.goals(broken) } else { Vec::new() };
        Link { from: None, to }
    }

    /// `=>` and where it leads; what can be read of it.
    fn goals(&mut self, broken: &mut Broken) -> Vec<End> {
        let start = self.at;
        let mut goals = Vec::new();
        let result = self.arrow().and_then(|()| {
            if self.eat_symbol("[") {
                return self.goal_list(&mut goals, broken);
            }
            goals.push(self.end(Role::Goal)?);
            Ok(())
        });
        if result.is_err() {
            broken.words.extend(self.skip_part(start, &[]).words);
        }
        goals
    }

    /// Behind the `[` of several goals.
    fn goal_list(&mut self, goals: &mut Vec<End>, broken: &mut Broken) -> Parsed<()> {
        loop {
            let start = self.at;
            match self.end(Role::Goal) {
                Ok(goal) => goals.push(goal),
                Err(Reported) => broken.words.extend(self.skip_part(start, &["]"]).words),
            }
            let comma = self.eat_symbol(",");
            if self.eat_symbol("]") {
                return Ok(());
            }
            if !comma {
                let is_next = self.begins_end(self.at);
                let reported = self.unexpected("`,` or `]`");
                if !is_next {
                    return Err(reported);
                }
            }
        }
    }

    /// `=>`. What stands in its place before another end is reported and taken for it.
    fn arrow(&mut self) -> Parsed<()> {
        if self.eat_symbol("=>") {
            return Ok(());
        }
        let (is_missing, is_list) = (self.begins_end(self.at), self.ahead(1).is_symbol("["));
        let is_other = is_list || self.begins_end(self.at + 1);
        let is_backward = self.is_symbol("<=");
        let reported = self.unexpected_with("`=>`", |error| {
            if is_backward {
                error.help("a link leads from left to right: `start => goal`");
            } else if is_other {
                error.help("write `=>`");
            }
        });
        if is_other {
            self.advance();
        }
        if is_missing || is_other { Ok(()) } else { Err(reported) }
    }

    /// Whether an end begins at a token: at the `/` of `/onramp/`, or at a string of this form.
    fn begins_end(&self, at: usize) -> bool {
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
    fn end(&mut self, role: Role) -> Parsed<End> {
        let token = self.peek().clone();
        let start = token.pos;
        if let TokenKind::String(string) = token.kind {
            self.advance();
            let (parts, _) = self.string_parts(&string, start)?;
            let end = plain(&parts).and_then(|text| end_of_text(&text, |_| start));
            return end.ok_or_else(|| {
                let error = self.diagnostics.report(Rule::wrong_path, start, role.wrong());
                error.help(role.example());
                Reported
            });
        }
        self.first_slash(role)?;
        let (kinds, name, instance) = match role {
            Role::Binding => ("`binding`", "the binding's name", "a name for what is created, such as `01`"),
            _ => ("`onramp`, `pipeline` or `offramp`", "the artefact's name", "the instance"),
        };
        let kind = self.segment(kinds, role)?;
        self.expect_segment(name, role)?;
        let name = self.artefact_name(name, role)?;
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
        let may_be_text = !is_over && !matches!(self.peek().kind, TokenKind::Word { .. });
        self.unexpected_with(expected, |error| {
            error.help(format!("{} is {}, {}", role.what(), role.shape(), role.example()));
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
        if self.is_symbol("$") {
            let dollar = self.pos();
            let is_braced = self.ahead(1).is_symbol("{");
            if is_braced || self.ahead(1).word().is_some() {
                let name = if is_braced { self.ahead(2) } else { self.ahead(1) };
                let help = format!("write `{{{}}}`", name.word().unwrap_or("variable"));
                self.diagnostics
                    .report(Rule::variable_with_dollar, dollar, "a variable has no `$`")
                    .help(help);
                self.advance();
                if !is_braced {
                    return Ok(Instance::Variable(self.any_name("a variable")?));
                }
            }
        }
        if self.is_symbol("{") || (self.is_symbol("<") && self.ahead(2).is_symbol(">")) {
            return self.instance_variable();
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
}

impl Parser<'_> {
    /// `{variable}`; `<variable>` and `{{variable}}`, as other languages have it, are reported and taken for it.
    fn instance_variable(&mut self) -> Parsed<Instance> {
        let start = self.pos();
        let (is_angled, is_double) = (self.is_symbol("<"), self.ahead(1).is_symbol("{"));
        self.advance();
        if is_double {
            self.advance();
        }
        let variable = self.any_name("a variable")?;
        if is_angled {
            self.expect_symbol(">")?;
        } else {
            self.expect_symbol("}")?;
        }
        if is_double {
            self.expect_symbol("}")?;
        }
        if is_angled || is_double {
            let text = "a variable stands in one pair of braces";
            let error = self.diagnostics.report(Rule::unexpected_token, self.since(start), text);
            error.help(format!("write `{{{}}}`", variable.text));
        }
        Ok(Instance::Variable(variable))
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
