//! Whole files in the original's own format: comments with `#`, doc comments, directives, and everything else as tokens.

use std::ops::Range;

use super::super::ast::Name;
use super::super::token::{DIRECTIVE, Token, TokenKind};
use super::super::{Pos, allow};
use super::{Lexer, MOST_ERRORS, Problem, brackets};
use crate::diagnostics::{Diagnostics, Rule};

/// What may stand behind a doc comment.
const DOCUMENTED: [&str; 3] = ["const", "fn", "intrinsic"];

const ALLOWS_NOTHING: &str = "this comment silences nothing here";
const ALLOWS_BEFORE: &str = "write it on a line of its own, before the statement that it is about";

/// How many comments of another language one message names.
const NAMED_COMMENTS: usize = 8;

/// The tokens of a file, its brackets balanced. The last one is an `End` at the place of the last one before it.
pub(in super::super) fn lex(text: &str, pos: Pos, diagnostics: &mut Diagnostics) -> Vec<Token> {
    let mut reader =
        Reader { lexer: Lexer::new(text, pos), tokens: Vec::new(), cut: Vec::new(), foreign: Vec::new() };
    reader.run(diagnostics);
    let Reader { mut tokens, cut, foreign, .. } = reader;
    report_foreign(&foreign, diagnostics);
    brackets::balance(&mut tokens, &cut, diagnostics);
    let mut tokens = only_docs_in_place(tokens, diagnostics);
    let last = tokens.last().map_or(pos.before(), |token| token.pos);
    tokens.push(Token { kind: TokenKind::End, pos: last });
    tokens
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    tokens: Vec<Token>,
    /// The tokens that have no end, by their numbers: what follows in their lines is lost.
    cut: Vec<usize>,
    /// Comments that begin with `//`.
    foreign: Vec<Pos>,
}

impl Reader<'_> {
    fn run(&mut self, diagnostics: &mut Diagnostics) {
        let mut errors = 0;
        loop {
            self.lexer.skip_space();
            let Some(next) = self.lexer.peek() else { return };
            let start = self.lexer.at;
            let begins = |text: &str| self.lexer.rest().starts_with(text);
            let kind = if next == '#' {
                self.hash()
            } else if begins("//") && self.is_behind_scheme(start) {
                Err(self.url())
            } else if begins("//") || begins("/*") {
                self.foreign_comment();
                Ok(None)
            } else {
                self.lexer.token(next).map(Some)
            };
            let pos = self.lexer.parts.pos(start..self.lexer.at);
            match kind {
                Ok(kind) => self.tokens.extend(kind.map(|kind| Token { kind, pos })),
                Err(problem) => {
                    errors += 1;
                    if errors <= MOST_ERRORS {
                        self.report(problem, diagnostics);
                    }
                    if matches!(next, '"' | '`') && self.lexer.peek().is_none_or(|behind| behind == '\n') {
                        self.cut.push(self.tokens.len());
                    }
                    self.tokens.push(Token { kind: TokenKind::Wrong, pos });
                }
            }
        }
    }

    fn report(&mut self, problem: Problem, diagnostics: &mut Diagnostics) {
        let Problem { rule, text, mut help, bytes } = problem;
        if rule == Rule::foreign_token && help.is_none() {
            help = Some(String::from("remove it, or write it in a string: `\"…\"`"));
        }
        let error = diagnostics.report(rule, self.lexer.parts.pos(bytes), text);
        if let Some(help) = help {
            error.help(help);
        }
    }

    /// `# …` is a comment, `## …` and `### …` are docs, `#!config` is a directive.
    fn hash(&mut self) -> Result<Option<TokenKind>, Problem> {
        let start = self.lexer.at;
        let line = self.lexer.take_while(|next| next != '\n').trim_end();
        self.lexer.at = start + line.len();
        if let Some(directive) = line.strip_prefix("#!") {
            let word = directive.split(char::is_whitespace).next().unwrap_or("");
            if directive.starts_with("config") && word.len() == "config".len() {
                self.lexer.at = start + DIRECTIVE.len();
                return Ok(Some(TokenKind::Symbol(DIRECTIVE)));
            }
            let help = "the one directive is `#!config id = \"name\"`; a comment begins with `# `";
            let text = format!("there is no directive `#!{word}`");
            return Err(self.lexer.problem_with(Rule::unknown_setting, start, text, help));
        }
        let docs = line.trim_start_matches('#');
        match line.len() - docs.len() {
            1 => match self.allowed_rules(docs, start + 1) {
                Some(_) if !self.is_first_in_line(start) => Err(self.allows_nothing(start)),
                names => Ok(names.map(TokenKind::Allow)),
            },
            2 => Ok(Some(TokenKind::Doc(docs.to_string()))),
            _ if self.begins_module() => Ok(None),
            _ => {
                let text = "a `###` comment documents a module, at its beginning";
                let help = "begin a comment with one `#`";
                Err(self.lexer.problem_with(Rule::stray_doc_comment, start, text, help))
            }
        }
    }

    /// The names in a comment that allows something.
    fn allowed_rules(&mut self, comment: &str, start: usize) -> Option<Vec<Name>> {
        let name = |bytes: Range<usize>| {
            let pos = self.lexer.parts.pos(start + bytes.start..start + bytes.end);
            Name { text: comment[bytes].to_string(), pos }
        };
        Some(allow::names(comment)?.into_iter().map(name).collect())
    }

    fn is_first_in_line(&self, at: usize) -> bool {
        let before = &self.lexer.text[..at];
        before[before.rfind('\n').map_or(0, |end| end + 1)..].trim().is_empty()
    }

    /// One at the end of a line seems to hold for that line.
    fn allows_nothing(&mut self, start: usize) -> Problem {
        self.lexer.problem_with(Rule::unknown_attribute, start, ALLOWS_NOTHING, ALLOWS_BEFORE)
    }

    /// Whether this is the start of the file, or stands right behind `mod name with`.
    fn begins_module(&self) -> bool {
        match self.tokens.as_slice() {
            [] => true,
            [.., module, _, with] => module.is_word("mod") && with.is_word("with"),
            _ => false,
        }
    }

    /// Whether a place is that of the `//` of `ws://…`, without quotes.
    fn is_behind_scheme(&self, at: usize) -> bool {
        let [.., scheme, colon] = self.tokens.as_slice() else { return false };
        let before = self.lexer.text[..at].strip_suffix(':').filter(|_| colon.is_symbol(":"));
        scheme.word().is_some_and(|scheme| before.is_some_and(|before| before.ends_with(scheme)))
    }

    /// The rest of a URL; what is before it was taken for other tokens.
    fn url(&mut self) -> Problem {
        let scheme = self.tokens[self.tokens.len() - 2].word().map_or(0, str::len);
        self.tokens.truncate(self.tokens.len() - 2);
        let start = self.lexer.at - scheme - 1;
        let url = self.lexer.take_while(|next| !next.is_whitespace() && !",;)]}".contains(next));
        let help =
            format!("write it in double quotes: `\"{}{url}\"`", &self.lexer.text[start..start + scheme + 1]);
        self.lexer.problem_with(Rule::unquoted_url, start, "a URL is a string", help)
    }

    /// To the end of the line, or to `*/`.
    fn foreign_comment(&mut self) {
        let start = self.lexer.at;
        let rest = self.lexer.rest();
        let line = rest.find('\n').unwrap_or(rest.len());
        let len = match rest.strip_prefix("/*") {
            Some(behind) => behind.find("*/").map_or(rest.len(), |len| len + 4),
            None => rest[..line].trim_end().len(),
        };
        self.lexer.at += len;
        self.foreign.push(self.lexer.parts.pos(start..start + 2));
    }
}

fn report_foreign(comments: &[Pos], diagnostics: &mut Diagnostics) {
    let Some((first, others)) = comments.split_first() else { return };
    let error = diagnostics.report(Rule::foreign_comment, *first, "in a file this does not begin a comment");
    error.help("begin comments with `#`");
    for other in others.iter().take(NAMED_COMMENTS) {
        error.note_at(*other, "another one");
    }
    if let Some(more) = others.len().checked_sub(NAMED_COMMENTS).filter(|more| *more > 0) {
        error.note(format!("and {more} more"));
    }
}

/// Doc comments stand before what has docs in the original, and nowhere else; a comment that allows something is one before
/// a statement, and is told elsewhere.
fn only_docs_in_place(tokens: Vec<Token>, diagnostics: &mut Diagnostics) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut docs: Vec<Token> = Vec::new();
    let mut allowed: Vec<Token> = Vec::new();
    for token in tokens {
        match token.kind {
            TokenKind::Doc(_) => {
                docs.push(token);
                continue;
            }
            TokenKind::Allow(_) => {
                allowed.push(token);
                continue;
            }
            _ => {}
        }
        if !allowed.is_empty() {
            let directive = kept.iter().rposition(|before| before.is_symbol(DIRECTIVE));
            let is_of_directive =
                |last: &Token| directive.is_some_and(|at| kept[at].pos.start().0 == last.pos.start().0);
            let is_statement = kept
                .last()
                .is_none_or(|last| last.is_symbol(";") || last.is_word("with") || is_of_directive(last));
            if is_statement {
                kept.append(&mut allowed);
            }
            report_allowing_nothing(&mut allowed, diagnostics);
        }
        if token.word().is_some_and(|word| DOCUMENTED.contains(&word)) {
            kept.append(&mut docs);
        }
        report_stray(&mut docs, diagnostics);
        kept.push(token);
    }
    report_stray(&mut docs, diagnostics);
    report_allowing_nothing(&mut allowed, diagnostics);
    kept
}

fn report_allowing_nothing(comments: &mut Vec<Token>, diagnostics: &mut Diagnostics) {
    for comment in comments.drain(..) {
        diagnostics.report(Rule::unknown_attribute, comment.pos, ALLOWS_NOTHING).help(ALLOWS_BEFORE);
    }
}

fn report_stray(docs: &mut Vec<Token>, diagnostics: &mut Diagnostics) {
    if let Some(first) = docs.first() {
        let error = diagnostics.report(
            Rule::stray_doc_comment,
            first.pos,
            "a `##` comment documents a `const` or a `fn`",
        );
        error.help("begin a comment with one `#`");
    }
    docs.clear();
}
