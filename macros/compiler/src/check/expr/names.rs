//! What names an expression can see, and names that stand alone: constants, or mistakes.

use foreshock_spec::near::{advice, listed};
use foreshock_spec::{Value, find_function, nearest};

use super::call::split;
use super::{Typer, broken, fold};
use crate::check::config::ENV;
use crate::check::facts::TypedExpr;
use crate::check::types::Type;
use crate::diagnostics::Rule;
use crate::resolve::graph::{Pipeline, ScopeId};
use crate::resolve::scope::Missing;
use crate::syntax::ast::{Expr, ExprKind, NamePath};

/// Words with a meaning in the language that are not built yet.
const LATER: [&str; 4] = ["state", "args", "group", "window"];

/// What other languages call `null`, in small letters.
const NULLS: [&str; 4] = ["nil", "none", "undefined", "nothing"];

/// What other languages call the event.
const EVENTS: [&str; 9] = ["this", "self", "it", "data", "payload", "record", "message", "msg", "value"];

/// The names that an expression can see; by default none.
#[derive(Clone, Copy, Default)]
pub(in super::super) struct Names<'a> {
    pipeline: Option<&'a Pipeline>,
    /// The constants of the pipeline, as far as they are known.
    values: &'a [Option<Value>],
    at: ScopeId,
}

impl<'a> Names<'a> {
    /// What is seen from a scope of a pipeline.
    pub(in super::super) fn new(
        pipeline: &'a Pipeline,
        values: &'a [Option<Value>],
        at: ScopeId,
    ) -> Names<'a> {
        Names { pipeline: Some(pipeline), values, at }
    }

    /// The modules of the library in use: alias → full path.
    pub(super) fn functions(self) -> impl Iterator<Item = &'a (String, String)> {
        let scopes = self.pipeline.into_iter().flat_map(move |pipeline| pipeline.scopes.seen_from(self.at));
        scopes.flat_map(|scope| &scope.functions)
    }

    /// Whether a path leads to a module of the query.
    pub(super) fn has_module(self, path: &NamePath) -> bool {
        let module = &path.segments[..path.segments.len() - 1];
        self.pipeline.is_some_and(|pipeline| pipeline.scopes.module(self.at, module).is_ok())
    }

    fn constant(self, path: &NamePath) -> Result<usize, Missing> {
        let nowhere = Missing::Module { segment: 0, within: None };
        self.pipeline.map_or(Err(nowhere), |pipeline| pipeline.scopes.constant(self.at, path))
    }

    /// Whether an expression is made of a constant that is wrong itself, which is reported there.
    pub(in super::super) fn has_wrong(self, expr: &Expr) -> bool {
        let mut found = false;
        expr.visit(&mut |part: &Expr| {
            if let ExprKind::Name(path) = &part.kind {
                found |= self.constant(path).is_ok_and(|at| self.values[at].is_none());
            }
        });
        found
    }

    /// Whether what a path does not find may stand in a statement that could not be parsed, which is reported there.
    pub(super) fn is_unparsed(self, path: &NamePath, missing: Missing) -> bool {
        let name = match missing {
            Missing::Module { segment, .. } => &path.segments[segment].text,
            Missing::Name(_) => &path.last().text,
        };
        self.is_unparsed_word(name)
    }

    /// Whether a word stands in a statement that could not be parsed.
    pub(super) fn is_unparsed_word(self, word: &str) -> bool {
        self.pipeline.is_some_and(|pipeline| pipeline.unparsed.iter().any(|unparsed| unparsed == word))
    }

    /// The constants that need no path.
    pub(super) fn constants(self) -> impl Iterator<Item = &'a str> {
        let scopes = self.pipeline.into_iter().flat_map(move |pipeline| pipeline.scopes.seen_from(self.at));
        scopes.flat_map(|scope| scope.consts.iter().map(|(name, _)| name.as_str()))
    }

    /// The path of a constant that some module has.
    fn in_a_module(self, name: &str) -> Option<String> {
        let scopes = self.pipeline.into_iter().flat_map(|pipeline| pipeline.scopes.0.iter().skip(1));
        let has = |consts: &[(String, usize)]| consts.iter().any(|(known, _)| known == name);
        scopes.filter(|scope| has(&scope.consts)).map(|scope| format!("{}::{name}", scope.path)).next()
    }
}

impl Typer<'_> {
    /// A word alone, or a path: a constant, if it is anything.
    pub(super) fn name(&mut self, path: &NamePath) -> TypedExpr {
        let pos = path.pos();
        let missing = match self.scope.names.constant(path) {
            Ok(at) => {
                self.looks_like_subtraction(path);
                let value = self.scope.names.values.get(at).cloned().flatten();
                return value.map_or_else(|| broken(pos), |value| fold(value, pos));
            }
            Err(missing) => missing,
        };
        if self.scope.names.is_unparsed(path, missing) {
            return broken(pos);
        }
        if path.segments.len() > 1 {
            self.unknown_in_module(path, missing);
        } else {
            self.unknown_name(path);
        }
        broken(pos)
    }

    fn unknown_in_module(&mut self, path: &NamePath, missing: Missing) {
        let (names, text) = (self.scope.names, path.text());
        let (name, module) = split(path);
        let module = module.unwrap_or_default();
        if self.is_reported_at_use(&module) {
            return;
        }
        let library = names.functions().find(|(alias, _)| *alias == module);
        match (missing, names.pipeline) {
            (Missing::Name(scope), Some(pipeline)) => {
                let scope = pipeline.scopes.get(scope);
                let text = format!("the module `{}` has no constant `{}`", scope.path, name.text);
                let legal: Vec<&str> = scope.consts.iter().map(|(name, _)| name.as_str()).collect();
                let error = self.diagnostics.report(Rule::unknown_constant, name.pos, text);
                if !legal.is_empty() {
                    error.help(advice(&name.text, "constants", legal));
                }
            }
            (Missing::Module { segment, within }, Some(pipeline)) if library.is_none() => {
                let legal: Vec<&str> = match within {
                    None => pipeline.scopes.modules_seen_from(names.at).collect(),
                    Some(scope) => {
                        pipeline.scopes.get(scope).modules.iter().map(|(name, _)| name.as_str()).collect()
                    }
                };
                if segment == 0 && (legal.is_empty() || self.is_reported_at_use(&module)) {
                    self.diagnostics.report(
                        Rule::unknown_constant,
                        path.pos(),
                        format!("there is no constant `{text}`"),
                    );
                    return;
                }
                let written = &path.segments[segment];
                let error = self.diagnostics.report(
                    Rule::unknown_module,
                    written.pos,
                    format!("there is no module `{}`", written.text),
                );
                if !legal.is_empty() {
                    error.help(advice(&written.text, "modules", legal));
                }
            }
            _ => {
                let error = self.diagnostics.report(
                    Rule::unknown_constant,
                    path.pos(),
                    format!("there is no constant `{text}`"),
                );
                if library.is_some_and(|(_, full)| find_function(full, &name.text).is_some()) {
                    error.help(format!("a function is called with parentheses: `{text}()`"));
                } else if library.is_some() {
                    error.note("constants of the library are not supported yet");
                }
            }
        }
    }

    fn unknown_name(&mut self, path: &NamePath) {
        let (pos, text, names) = (path.pos(), path.text(), self.scope.names);
        if LATER.contains(&text.as_str()) {
            self.diagnostics.report(Rule::not_supported, pos, format!("`{text}` is not supported yet"));
            return;
        }
        if self.is_subtraction_of(&text, names.constants(), pos) {
            return;
        }
        let error = self.diagnostics.report(Rule::unknown_name, pos, format!("there is no name `{text}`"));
        if let Some(Type::Record(fields)) = self.scope.event
            && fields.iter().any(|(field, _)| *field == text)
        {
            error.help(format!("did you mean `event.{text}`?"));
            return;
        }
        if self.scope.event.is_none() && text == ENV {
            error.help("what the environment holds at start is written `env(\"NAME\")`");
            return;
        }
        if NULLS.contains(&text.to_lowercase().as_str()) {
            error.help("did you mean `null`?");
            return;
        }
        if EVENTS.contains(&text.as_str()) && names.constants().all(|constant| constant != text) {
            error.help("the event is called `event`: write `event.key`");
            return;
        }
        let words = ["event", "true", "false", "null"];
        let near = nearest(&text, names.constants().chain(words)).map(str::to_owned);
        let near = near.or_else(|| names.in_a_module(&text));
        if near.as_ref() == Some(&text) {
            error.help(format!("write `{text}` as it is: quoted, it is the name of something else"));
            return;
        }
        if let Some(near) = &near {
            error.help(format!("did you mean `{near}`?"));
        }
        let is_constant = near.as_ref().is_some_and(|near| !words.contains(&near.as_str()));
        // `True` is hardly meant as a string
        if !is_constant && near.is_none_or(|near| !near.eq_ignore_ascii_case(&text)) {
            error.help(format!("a string needs quotes: `\"{text}\"`"));
        }
        if names.constants().next().is_some() {
            error.note(format!("constants: {}", listed(names.constants())));
        }
    }
}
