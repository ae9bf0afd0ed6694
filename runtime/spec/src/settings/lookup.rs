//! `env("NAME")`: what a flow leaves to the environment is looked up once, when it starts.

use super::{Node, SettingError, Settings};
use crate::check::{Problem, check_header, check_looked_up};
use crate::given::{Given, env_text};
use crate::row::KeyRow;
use crate::value::Value;

/// What the environment says of a variable.
#[derive(Clone, PartialEq, Eq)]
pub enum Variable {
    /// It holds this text.
    Text(String),
    /// It holds something that is not UTF-8.
    NotUtf8,
    /// There is no such variable.
    Missing,
}

impl Settings {
    /// Looks up all that only the environment knows, and checks it by the rows. No text of the environment is in an error.
    ///
    /// # Errors
    /// All that is missing or wrong, in the order of the flow. Nothing may be started then.
    pub fn look_up(&mut self, environment: impl Fn(&str) -> Variable) -> Result<(), Vec<SettingError>> {
        let mut errors = Vec::new();
        for node in &mut self.nodes {
            for (key, row) in node.keys.iter().enumerate() {
                match value_of(row, &node.given[key], &environment) {
                    Ok(None) => {}
                    Ok(Some(value)) => node.values[key] = value,
                    Err(problems) => {
                        errors.extend(problems.into_iter().map(|problem| wrong(node, row, problem)))
                    }
                }
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

fn wrong(node: &Node, row: &KeyRow, problem: Problem) -> SettingError {
    SettingError::new(&format!("{}.{}", node.definition.path, row.name), problem)
}

/// The value, if some of it comes from the environment.
fn value_of(
    row: &KeyRow,
    given: &Given,
    environment: &impl Fn(&str) -> Variable,
) -> Result<Option<Value>, Vec<Problem>> {
    let one = |problem| vec![problem];
    match given {
        Given::Env(variable) => {
            let value = text(variable, environment).map(Value::from).map_err(one)?;
            let checked = check_looked_up(row, variable, &value);
            checked.map_err(|problem| one(named(variable, problem)))?;
            Ok(Some(value))
        }
        Given::Record(fields) if given.to_value().is_none() => {
            let (mut found, mut problems) = (Vec::new(), Vec::new());
            for (name, given) in fields {
                match field(name, given, environment) {
                    Ok(value) => found.push((name.clone(), value)),
                    Err(problem) => problems.push(problem),
                }
            }
            if problems.is_empty() {
                Ok(Some(Value::Record(found.into_iter().collect())))
            } else {
                Err(problems)
            }
        }
        Given::Record(_) | Given::Value(_) => Ok(None),
    }
}

/// A header's value.
fn field(name: &str, given: &Given, environment: &impl Fn(&str) -> Variable) -> Result<Value, Problem> {
    let Given::Env(variable) = given else { return Ok(given.to_value().unwrap_or_default()) };
    let text = text(variable, environment)?;
    check_header(name, &text).map_err(|problem| named(variable, problem))?;
    Ok(Value::from(text))
}

/// A problem with what a variable holds says which one it is.
fn named(variable: &str, mut problem: Problem) -> Problem {
    let env = env_text(variable);
    if !problem.text.contains(&env) {
        problem.text.push_str(&format!(", in the value of `{env}`"));
    }
    problem
}

fn text(variable: &str, environment: &impl Fn(&str) -> Variable) -> Result<String, Problem> {
    let problem = match environment(variable) {
        Variable::Text(text) => return Ok(text),
        Variable::NotUtf8 => "is not UTF-8",
        Variable::Missing => "is not set",
    };
    let text = format!("the environment variable `{variable}` {problem}");
    Err(super::problem(
        text,
        format!("set it where the program starts: the flow says `{}`", env_text(variable)),
    ))
}
