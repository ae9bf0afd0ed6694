//! Calls of functions.

use foreshock_spec::near::{advice, listed};
use foreshock_spec::{
    Class, FunctionRow, FunctionSource, Misfit, Value, find_function, find_module, functions, functions_of,
    is_known_module, last_segment, meant_module, modules, nearest,
};

use super::{HOPELESS, Typer, broken, constant, strings};
use crate::check::config::ENV;
use crate::check::facts::{TypedExpr, TypedKind};
use crate::check::types::Type;
use crate::diagnostics::Rule;
use crate::syntax::Pos;
use crate::syntax::ast::{Expr, Name, NamePath};

impl Typer<'_> {
    pub(super) fn call(&mut self, path: &NamePath, arguments: &[Expr], pos: Pos) -> TypedExpr {
        let written = arguments;
        let arguments: Vec<TypedExpr> = written.iter().map(|argument| self.expr(argument)).collect();
        let Some(row) = self.function(path) else {
            return broken(pos);
        };
        if !self.arity_fits(row, path, &arguments) || !self.arguments_fit(row, path, &arguments, written) {
            return broken(pos);
        }
        if let FunctionSource::Pure { fold, .. } = &row.source
            && let Some(values) =
                arguments.iter().map(|argument| constant(argument).cloned()).collect::<Option<Vec<Value>>>()
        {
            return self.folded(fold(&values), pos);
        }
        if !self.constants_fit(row, &arguments) {
            return broken(pos);
        }
        let is_checked_later = arguments
            .iter()
            .zip(classes(row))
            .any(|(argument, class)| argument.ty == Type::Any && !matches!(class, Class::Any));
        let fallible = row.fallible || is_checked_later;
        TypedExpr {
            ty: result(row.result, &arguments),
            kind: TypedKind::Call(row, arguments),
            fallible,
            pos,
            text: String::new(),
        }
    }

    /// The function that a call names; reports it if there is none.
    fn function(&mut self, path: &NamePath) -> Option<&'static FunctionRow> {
        let (name, module) = split(path);
        let Some(module) = module else {
            self.function_without_module(name);
            return None;
        };
        let full = self.module(path, &module)?;
        let found = find_function(full, &name.text);
        if found.is_none() {
            self.unknown_function(full, name);
        }
        found
    }

    fn unknown_function(&mut self, module: &str, name: &Name) {
        let error = self.diagnostics.report(
            Rule::unknown_function,
            name.pos,
            format!("`{module}` has no function `{}`", name.text),
        );
        error.help(advice(&name.text, "functions", functions_of(module).iter().map(|row| row.name)));
    }

    fn function_without_module(&mut self, name: &Name) {
        if name.text == ENV {
            let text = "`env` is possible in a config only, as the whole value of a key or of a header";
            let error = self.diagnostics.report(Rule::function_without_module, name.pos, text);
            error
                .help("put the whole text into the variable, and write `env(\"NAME\")` alone behind `key =`");
            return;
        }
        // a `fn` of this name is reported where it stands
        if self.scope.names.is_unparsed_word(&name.text) && functions().all(|row| row.name != name.text) {
            return;
        }
        let error = self.diagnostics.report(
            Rule::function_without_module,
            name.pos,
            format!("there is no function `{}` without a module", name.text),
        );
        let mut written = Vec::new();
        for row in functions().filter(|row| row.name == name.text) {
            let (module, short) = (row.module, last_segment(row.module));
            written.push(format!("`{short}::{}`, with `use {module};` before it", name.text));
        }
        if !written.is_empty() {
            error.help(format!("call {}", written.join(", or ")));
        } else {
            error.help("a function is called with its module, as in `string::len(…)`");
        }
    }

    /// The full name of the module that a call names: `core::string` directly, `string` if it is `use`d.
    fn module(&mut self, path: &NamePath, module: &str) -> Option<&'static str> {
        if let Some((_, full)) = self.scope.names.functions().find(|(alias, _)| alias == module) {
            // one that resolve could not find is reported there
            return find_module(full);
        }
        if let Some(full) = find_module(module) {
            return Some(full);
        }
        if self.scope.names.has_module(path) {
            let text = format!("the module `{module}` has no function `{}`", path.last().text);
            let error = self.diagnostics.report(Rule::unknown_function, path.last().pos, text);
            error.note("functions of one's own (`fn`) are not supported yet");
            return None;
        }
        if self.is_reported_at_use(module) || self.scope.names.is_unparsed_word(&path.segments[0].text) {
            return None;
        }
        let pos = path.segments[0].pos.to(path.segments[path.segments.len() - 2].pos);
        if let Some(full) = modules().find(|full| last_segment(full) == module) {
            let error = self.diagnostics.report(
                Rule::module_not_in_use,
                pos,
                format!("the module `{module}` is not in use"),
            );
            error.help(format!("add `use {full};` at the head of the query, and call `{module}::…`"));
            return None;
        }
        if is_known_module(module) {
            let error = self.diagnostics.report(
                Rule::not_supported,
                pos,
                format!("the module `{module}` is not supported yet"),
            );
            if self.scope.event.is_none() && path.segments.iter().any(|segment| segment.text == ENV) {
                error.help("what the environment holds at start is written `env(\"NAME\")`");
            }
            return None;
        }
        let error =
            self.diagnostics.report(Rule::unknown_module, pos, format!("there is no module `{module}`"));
        if let Some(meant) = meant_module(module) {
            error.help(match module.contains("::") {
                true => format!("did you mean `{meant}`?"),
                false => format!("did you mean `{}` (`use {meant};`)?", last_segment(meant)),
            });
        }
        error.note(format!("legal modules: {}", listed(modules())));
        None
    }

    /// Whether a `use` of about this name is wrong, which resolve reports.
    pub(super) fn is_reported_at_use(&self, module: &str) -> bool {
        let mut wrong = self.scope.names.functions().filter(|(_, full)| modules().all(|known| known != full));
        wrong.any(|(alias, full)| nearest(module, [alias.as_str(), full.as_str()]).is_some())
    }

    fn arity_fits(&mut self, row: &FunctionRow, path: &NamePath, arguments: &[TypedExpr]) -> bool {
        let wanted = row.params.len();
        let is_open = row.rest.is_some();
        if arguments.len() == wanted || (is_open && arguments.len() > wanted) {
            return true;
        }
        // the first argument too many, or the name of the function that lacks some
        let pos = arguments.get(wanted).map_or(path.last().pos, |extra| extra.pos);
        let takes = match wanted {
            0 => "no arguments".to_owned(),
            1 => "1 argument".to_owned(),
            _ => format!("{wanted} arguments"),
        };
        let (least, given) = (if is_open { "at least " } else { "" }, arguments.len());
        let error = self.diagnostics.report(
            Rule::wrong_arity,
            pos,
            format!("`{}` takes {least}{takes}, not {given}", path.text()),
        );
        error.help(format!("`{}` gives {}", row.signature(), row.doc));
        false
    }

    fn arguments_fit(
        &mut self,
        row: &FunctionRow,
        path: &NamePath,
        arguments: &[TypedExpr],
        written: &[Expr],
    ) -> bool {
        let mut all_fit = true;
        for ((argument, written), class) in arguments.iter().zip(written).zip(classes(row)) {
            if !fits(class, &argument.ty) {
                let (wanted, given) = (class.describe(), argument.ty.describe());
                let text = format!("`{}` takes {wanted} here, not {given}", path.text());
                let error = self.diagnostics.report(Rule::wrong_argument, argument.pos, text);
                if let Some(help) = strings::mend_argument(class, argument, written) {
                    error.help(help);
                }
                all_fit = false;
            }
        }
        all_fit
    }

    /// Whether the call can succeed with those of its arguments that are constants.
    fn constants_fit(&mut self, row: &FunctionRow, arguments: &[TypedExpr]) -> bool {
        let Some(check) = row.check_constants else { return true };
        let constants: Vec<Option<&Value>> = arguments.iter().map(constant).collect();
        let Err(Misfit { argument, error }) = check(&constants) else { return true };
        self.diagnostics
            .report(Rule::failing_constant, arguments[argument].pos, error.to_string())
            .help(HOPELESS);
        false
    }
}

/// The class of each argument of a call.
fn classes(row: &FunctionRow) -> impl Iterator<Item = Class> {
    row.params.iter().copied().chain(row.rest.into_iter().cycle())
}

/// Whether a value of the type can be of the class.
fn fits(class: Class, ty: &Type) -> bool {
    ty.example().is_none_or(|example| class.holds(&example))
}

/// The type of a result. What gives a number gives an integer if all its arguments are. (There is no type for a number
/// of any kind, nor for a record of unknown fields.)
fn result(class: Class, arguments: &[TypedExpr]) -> Type {
    let all = |wanted: fn(&Type) -> bool| arguments.iter().all(|argument| wanted(&argument.ty));
    match class {
        Class::Number if all(is_integer) => Type::Integer,
        Class::Number if all(|ty| is_integer(ty) || *ty == Type::Float) => Type::Float,
        Class::Any | Class::Number | Class::Record => Type::Any,
        Class::Null => Type::Null,
        Class::Bool => Type::Bool,
        Class::Integer => Type::Integer,
        Class::Float => Type::Float,
        Class::String => Type::String,
        Class::Binary => Type::Binary,
        Class::List => Type::List,
    }
}

fn is_integer(ty: &Type) -> bool {
    matches!(ty, Type::Uint | Type::Integer)
}

/// The last segment of a path, and what is before it.
pub(super) fn split(path: &NamePath) -> (&Name, Option<String>) {
    let (name, module) = path.segments.split_last().expect("a path has at least one segment");
    let module: Vec<&str> = module.iter().map(|segment| segment.text.as_str()).collect();
    (name, (!module.is_empty()).then(|| module.join("::")))
}
