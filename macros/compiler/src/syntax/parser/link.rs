//! Bindings and mappings: `/onramp/metronome/{instance}/out => /pipeline/roundrobin/{instance}/in`.

use super::super::Pos;
use super::super::ast::{BindingDef, Broken, End, Link, Mapping, Name};
use super::super::token::TokenKind;
use super::end::Role;
use super::recovery::Level;
use super::string::plain;
use super::{Parsed, Parser, Reported};
use crate::diagnostics::Rule;

/// The word of an end that is not there: what it would have linked is unknown.
const ANYTHING: &str = "";

impl Parser<'_> {
    /// Behind `define binding`. What is wrong with one link is no reason not to look at the others.
    pub(super) fn binding(&mut self, docs: Vec<String>, start: Pos) -> Parsed<BindingDef> {
        let name = self.definition_name("binding", "links")?;
        let links = format!("write `define binding {} links …`", name.text);
        let is_braced = self.is_symbol("{");
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
            let is_over = is_braced && self.eat_symbol("}");
            // behind a `}` nobody writes a `;`
            self.in_doubt |= is_over;
            if is_over || !self.has_next_link(start, &mut broken) {
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
        let is_over = self.is_symbol(";") && self.ahead(1).is_word("end");
        let rule = match () {
            () if is_over => Rule::unexpected_token,
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
                error.help(match is_over {
                    true => "remove it: `end` stands right behind the last link",
                    false => "a binding's links end with `end`",
                });
                error.note_at(start, "the binding begins");
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
            let has_value = self.ahead(1).is_symbol("=");
            let word = self.peek().word().filter(|_| has_value).map(String::from);
            return Err(self.unexpected_with(Role::Binding.next(), |error| {
                if let Some(word) = word {
                    error.help(format!("write `with {word} = … end`"));
                }
            }));
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
                        self.diagnostics
                            .report(
                                Rule::computed_path,
                                token.pos,
                                "a variable's value is a plain string, without `#{…}`",
                            )
                            .help("write the value itself, as in `\"01\"`");
                        Err(Reported)
                    }
                }
            }
            TokenKind::Word { .. } if self.ahead(1).is_symbol("(") => {
                Err(self.unexpected_with("a string", |error| {
                    error.help("the value of a variable is known when the flow is compiled: `\"01\"`");
                }))
            }
            TokenKind::Number(_) | TokenKind::Word { .. } => Ok((variable, self.unquoted_value())),
            _ => {
                let is_list = self.is_symbol("[");
                Err(self.unexpected_with("a string", |error| {
                    if is_list {
                        error.help("a mapping gives one value; write a `create binding` for each");
                    }
                }))
            }
        }
    }

    /// One link; of a wrong one its right half, the words of the other half go to `broken`.
    fn link(&mut self, broken: &mut Broken) -> Link {
        let start = self.at;
        let from = self.end(Role::Start).ok();
        let is_over = self.is_symbol(",") || self.is_word("end");
        if let Some(from) = from.as_ref().filter(|_| !is_over) {
            let is_reversed = self.is_symbol("<=") || (self.is_symbol("<") && self.ahead(1).is_symbol("-"));
            if is_reversed {
                return self.leftward(from.clone(), broken);
            }
            return Link { from: Some(from.clone()), to: self.goals(broken) };
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

    /// `goal <= start`: reported, and read as the link that it was meant to be.
    fn leftward(&mut self, goal: End, broken: &mut Broken) -> Link {
        let start = self.at;
        let arrow = if self.is_symbol("<") { self.pos().to(self.ahead(1).pos) } else { self.pos() };
        let error = self.diagnostics.report(Rule::reversed_link, arrow, "links lead from left to right");
        error.help("write `start => goal`: what gives the events stands before `=>`");
        self.at += if self.is_symbol("<") { 2 } else { 1 };
        match self.end(Role::Start) {
            Ok(from) => Link { from: Some(from), to: vec![goal] },
            Err(Reported) => {
                broken.words.extend(self.skip_part(start, &[]).words);
                Link { from: None, to: vec![goal] }
            }
        }
    }

    /// `=>` and where it leads; what can be read of it.
    fn goals(&mut self, broken: &mut Broken) -> Vec<End> {
        let start = self.at;
        let mut goals = Vec::new();
        let result = self.arrow().and_then(|()| {
            if self.eat_symbol("[") {
                return self.goal_list(&mut goals, broken);
            }
            if self.is_symbol("(") {
                return Err(self.unexpected_with("an end of a link", |error| {
                    error.help("several goals of a link stand in square brackets: `start => [goal, goal]`");
                }));
            }
            goals.push(self.end(Role::Goal)?);
            Ok(())
        });
        if result.is_err() {
            let words = self.skip_part(start, &[]).words;
            if words.is_empty() {
                broken.words.push(ANYTHING.to_string());
            }
            broken.words.extend(words);
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
        let reported = self.unexpected_with("`=>`", |error| {
            if is_other {
                error.help("write `=>`");
            }
        });
        if is_other {
            self.advance();
        }
        if is_missing || is_other { Ok(()) } else { Err(reported) }
    }
}
