//! What begins no statement of the flow level: what it was probably meant to be, and what to do about it.

use foreshock_spec::near::{advice, nearest};

use super::recovery::Level;
use super::{Parser, Reported};
use crate::diagnostics::Rule;

/// What can be defined in a flow.
const DEFINED: [&str; 4] = ["onramp", "offramp", "pipeline", "binding"];

/// Words that later versions of the original and other systems have, and what stands for them here.
const FOREIGN: &[(&str, &str)] = &[
    (
        "connector",
        "what gives events is an onramp, what takes them an offramp: `define onramp name from kind with … end`",
    ),
    ("source", "what gives events is an onramp: `define onramp name from kind with … end`"),
    ("sink", "what takes events is an offramp: `define offramp name from kind with … end`"),
    ("query", "a query is a pipeline: `define pipeline name … end`"),
    ("flow", "the macro call is the flow: its head is `pub flow Name;`"),
    ("pub", "a macro call has one head: what comes next belongs into a macro call of its own"),
    ("fn", "Rust stands outside of the macro call"),
    ("import", "what is in a file is included: `include \"etc/flow.trickle\";`"),
    ("connect", "links stand in a binding: `define binding name links /onramp/… => /pipeline/… end`"),
    ("deploy", "a flow runs what its mappings create: `create binding /binding/name/01;`"),
];

impl Parser<'_> {
    /// The two words with which a statement of a flow begins. One that is a slip is reported, and taken for the one that was
    /// meant.
    pub(super) fn meant_flow_stmt(&mut self) -> (&'static str, &'static str) {
        const FIRST: [&str; 4] = ["define", "create", "include", "require"];
        let (first, second) = (self.peek().word().unwrap_or(""), self.ahead(1).word().unwrap_or(""));
        let one_of = |word: &str, legal: &[&'static str]| legal.iter().copied().find(|legal| *legal == word);
        match (one_of(first, &FIRST), one_of(second, &DEFINED)) {
            (Some("define"), None) if self.ahead(2).word().is_some() => {
                let Some(meant) = nearest(second, DEFINED) else { return ("define", "") };
                self.advance();
                self.no_word("something to define", &DEFINED);
                self.at -= 1;
                ("define", meant)
            }
            (Some(first), second) => (first, second.unwrap_or("")),
            (None, Some(second)) => {
                let Some(meant) = nearest(first, ["define", "create"]) else { return ("", second) };
                self.no_word("a statement", &FIRST);
                (meant, second)
            }
            (None, None) => ("", ""),
        }
    }

    /// Whether `--` stands here, with which comments begin elsewhere.
    pub(super) fn is_foreign_comment(&self) -> bool {
        self.is_symbol("-") && self.ahead(1).is_symbol("-")
    }

    /// Reports `--`, and passes over its line.
    pub(super) fn foreign_comment(&mut self) -> Reported {
        let (start, own) = (self.pos(), if self.is_file { "#" } else { "//" });
        let pos = start.to(self.ahead(1).pos);
        let error = self.diagnostics.report(Rule::foreign_comment, pos, "this does not begin a comment");
        error.help(format!("begin comments with `{own}`"));
        while !self.is_end() && self.pos().start().0 == start.start().0 {
            self.advance();
        }
        self.at -= 1;
        Reported
    }

    /// Reports a word that stands where one of these should.
    fn no_word(&mut self, expected: &str, legal: &[&str]) -> Reported {
        let written = self.peek().word().unwrap_or("").to_string();
        let foreign = FOREIGN.iter().find(|(word, _)| *word == written);
        self.unexpected_as(Rule::unknown_statement, expected, |error| {
            match foreign {
                Some((_, help)) => error.help(*help),
                None => error.help(advice(&written, "words", legal.iter().copied())),
            };
        })
    }

    /// Whether a macro call without a head is a query, as far as its first statement tells.
    pub(super) fn begins_query(&self) -> bool {
        let at = self.behind_docs(self.at);
        let word = |by: usize| self.tokens.get(at + by).and_then(|token| token.word());
        match (word(0), word(1)) {
            (Some("select" | "use" | "const" | "mod"), _) => true,
            (Some("create"), Some("operator" | "stream")) => true,
            (Some("define"), _) => self.tokens.get(at + 2).is_some_and(|token| token.is_symbol("::")),
            _ => false,
        }
    }

    /// Reports what is no statement of the flow level, and tells how to go on.
    pub(super) fn no_flow_stmt(&mut self) -> Misread {
        let (first, second) = (self.peek().word().unwrap_or(""), self.ahead(1).word().unwrap_or(""));
        let is_query = match first {
            "select" | "use" | "const" | "mod" => true,
            "define" => self.ahead(2).is_symbol("::") || ["script", "tumbling", "sliding"].contains(&second),
            "create" => ["operator", "script", "stream"].contains(&second),
            _ => false,
        };
        let is_block = first == "mod";
        if is_query {
            let error = self.diagnostics.report(
                Rule::statement_of_a_query,
                self.pos(),
                format!("`{first}` belongs into a pipeline"),
            );
            error.help("write it between `define pipeline name` and its `end;`");
            return Misread { level: Level::Query, is_block };
        }
        let (expected, legal): (_, &[&str]) = match first {
            "define" if self.ahead(2).word().is_some_and(|third| DEFINED.contains(&third)) => {
                let what = self.ahead(2).word().unwrap_or("");
                let help = format!("the order is `define {what} name …`");
                self.advance();
                let reported = self.unexpected_as(Rule::unknown_statement, "something to define", |error| {
                    error.help(help);
                });
                return reported.into();
            }
            "define" => {
                self.advance();
                ("something to define", &DEFINED)
            }
            "create"
                if ["onramp", "offramp", "pipeline", "mapping", "connector", "flow"].contains(&second) =>
            {
                let (text, pos) = (format!("a statement creates no {second}"), self.ahead(1).pos);
                let error = self.diagnostics.report(Rule::unknown_statement, pos, text);
                error.help("a binding creates what its links name: write `create binding /binding/name/01;`");
                return Reported.into();
            }
            "create" => {
                self.advance();
                ("something to create", &["binding"])
            }
            "" if self.is_foreign_comment() => return self.foreign_comment().into(),
            "end" => {
                let error = self.diagnostics.report(Rule::stray_end, self.pos(), "this `end` closes nothing");
                error.help("each `define … end;` has one `end`, which a `;` follows");
                return Reported.into();
            }
            "onramp" | "offramp" | "pipeline" => {
                let (text, help) =
                    (format!("`{first}` alone defines nothing"), format!("write `define {first} …`"));
                self.diagnostics.report(Rule::unknown_statement, self.pos(), text).help(help);
                return Reported.into();
            }
            _ => ("a statement", &["define", "create", "include", "require"]),
        };
        self.no_word(expected, legal).into()
    }
}

/// An error in a statement, which ends as one of this level does.
pub(super) struct Misread {
    pub(super) level: Level,
    /// It may have `;` inside.
    pub(super) is_block: bool,
}

impl From<Reported> for Misread {
    fn from(_: Reported) -> Misread {
        Misread { level: Level::Flow, is_block: false }
    }
}
