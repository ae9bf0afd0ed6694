//! The settings of a program when it starts: what its flow says, over what the rows say, under what a command line or
//! a builder says.

mod lookup;
mod node;
mod required;
mod shown;
mod together;

pub use lookup::Variable;
pub use node::NodeSettings;
pub use shown::{shown, shown_value};
pub use together::same_server;

use std::fmt;

use crate::check::{
    Problem, check_given_among, check_needs, find_key, headers_set_twice, legal_names, wanted,
};
use crate::given::Given;
use crate::near::{advice, listed};
use crate::row::{
    Durability, FLOW, KeyRow, KeyType, Kind, Literal, find_offramp, find_onramp, find_operator,
};
use crate::rule::Rule;
use crate::value::{JsonError, Value};

/// Something of a flow that has settings. Generated code holds a constant table of them.
pub struct Definition {
    /// How overrides name it: `offramp.ws0`, `pipeline.roundrobin.in_memory_wal`.
    pub path: &'static str,
    /// What it is.
    pub kind: Kind,
    /// The name of its row: `ws`, `qos::wal`.
    pub row: &'static str,
    /// What the flow says, checked when it was compiled.
    pub config: &'static [(&'static str, Literal)],
}

impl Definition {
    /// Whether the flow gives a key.
    pub fn has(&self, key: &str) -> bool {
        self.config.iter().any(|(name, _)| *name == key)
    }

    /// The rows of its keys.
    ///
    /// # Panics
    /// The registry has no such row: a definition names a row of the kind it has.
    pub fn keys(&self) -> &'static [KeyRow] {
        let keys = match self.kind {
            Kind::Onramp => find_onramp(self.row).map(|row| row.keys),
            Kind::Offramp => find_offramp(self.row).map(|row| row.keys),
            Kind::Operator => find_operator(self.row).map(|row| row.keys),
            Kind::Flow => Some(FLOW.keys),
        };
        keys.expect("a definition names a row of the kind it has")
    }
}

/// The flow's own definition, which is in every program.
static FLOW_DEFINITION: Definition =
    Definition { path: FLOW.path, kind: Kind::Flow, row: FLOW.path, config: &[] };

/// All settings of a program.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Those of the flow's definitions in their order, then the flow's own.
    nodes: Vec<Node>,
}

/// A setting with the value that holds.
#[derive(Clone, Copy, Debug)]
pub struct InForce<'a> {
    /// Whose it is.
    pub definition: &'static Definition,
    /// Its row.
    pub key: &'static KeyRow,
    /// What is given for it; [`shown`] shows it.
    pub given: &'a Given,
    /// Who says so.
    pub origin: Origin,
}

/// Where the value of a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Its row.
    Default,
    /// The flow.
    Written,
    /// A command line or a builder.
    Overridden,
}

impl Origin {
    /// As `check` writes it: `default`, `written`, `overridden`.
    pub fn name(self) -> &'static str {
        match self {
            Origin::Default => "default",
            Origin::Written => "written",
            Origin::Overridden => "overridden",
        }
    }
}

#[derive(Clone)]
struct Node {
    definition: &'static Definition,
    keys: &'static [KeyRow],
    /// For each key what the flow, an override or the row gives.
    given: Vec<Given>,
    /// For each key its value; `null` where it is not set, and while only the environment knows it.
    values: Vec<Value>,
    /// For each key whether an override set it, to whatever value.
    overridden: Vec<bool>,
}

impl Node {
    fn new(definition: &'static Definition) -> Node {
        let keys = definition.keys();
        let written = |key: &KeyRow| definition.config.iter().find(|(name, _)| *name == key.name);
        let default = |key: &KeyRow| key.among(|other| definition.has(other)).default;
        let given = |key: &KeyRow| written(key).map_or_else(|| default(key), |(_, value)| *value).to_given();
        let given: Vec<Given> = keys.iter().map(given).collect();
        let values = given.iter().map(|given| given.to_value().unwrap_or_default()).collect();
        Node { definition, keys, given, values, overridden: vec![false; keys.len()] }
    }

    fn give(&mut self, key: usize, given: Given) {
        self.values[key] = given.to_value().unwrap_or_default();
        self.given[key] = given;
    }

    /// An override of a key that sets a header takes the place of what the flow has for the same header. (Two overrides
    /// do not: one of them is a mistake.)
    fn make_way_for(&mut self, key: usize) {
        let header = self.keys[key].header;
        for other in 0..self.keys.len() {
            let is_same = !header.is_empty() && self.keys[other].header == header && other != key;
            if is_same && !self.overridden[other] {
                self.give(other, Given::Value(Value::Null));
            }
        }
    }

    /// Whether a key has a meaning here, and a start can change it.
    fn is_tunable(&self, key: &KeyRow) -> bool {
        let is_there = !key.structural || self.definition.has(key.name);
        key.tunable && is_there && key.applies(|other| self.definition.has(other))
    }

    /// What is set, as a config has it.
    fn entries(&self) -> Vec<(String, Given)> {
        let keys = self.keys.iter().map(|key| key.name.to_owned());
        keys.zip(self.given.iter().cloned()).collect()
    }
}

impl Settings {
    /// What the flow and the rows say. The flow's own settings (`flow.…`) need no definition.
    pub fn new(definitions: &'static [Definition]) -> Settings {
        Settings { nodes: definitions.iter().chain([&FLOW_DEFINITION]).map(Node::new).collect() }
    }

    /// Overrides one setting: `set("offramp.ws0.ack_timeout", 500_u64)`.
    ///
    /// # Errors
    /// There is no such definition or key, it is not tunable, or the value is not legal. Nothing is changed then.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) -> Result<(), SettingError> {
        let (node, key) = self.find_tunable(path)?;
        self.replace(path, node, key, value.into())
    }

    /// Overrides one setting by a text, which the key's row says how to read: `set_text("offramp.ws0.ack_timeout", "500")`.
    ///
    /// # Errors
    /// As [`Settings::set`].
    pub fn set_text(&mut self, path: &str, text: &str) -> Result<(), SettingError> {
        let (node, key) = self.find_tunable(path)?;
        let value =
            read(&self.nodes[node].keys[key], text).map_err(|problem| SettingError::new(path, problem))?;
        self.replace(path, node, key, value)
    }

    fn replace(&mut self, path: &str, node: usize, key: usize, value: Value) -> Result<(), SettingError> {
        let wrap = |problem| SettingError::new(path, problem);
        let given = Given::from(value);
        let mut changed = self.nodes[node].clone();
        let row = &changed.keys[key];
        check_given_among(row, |other| changed.definition.has(other), &given).map_err(wrap)?;
        changed.give(key, given);
        changed.overridden[key] = true;
        changed.make_way_for(key);
        check_needs(changed.keys, row, &changed.entries()).map_err(wrap)?;
        if let Some(problem) = headers_set_twice(changed.keys, &changed.entries()).into_iter().next() {
            return Err(wrap(problem));
        }
        self.nodes[node] = changed;
        Ok(())
    }

    /// The value that holds, `null` where none is set: `get("flow.drain_timeout")`. It may be a secret, which
    /// [`shown`] would not show.
    ///
    /// # Errors
    /// There is no such definition or key, or only the environment knows the value.
    pub fn get(&self, path: &str) -> Result<Value, SettingError> {
        let (node, key) = self.find(path).map_err(|problem| SettingError::new(path, problem))?;
        let Node { given, keys, .. } = &self.nodes[node];
        given[key].to_value().ok_or_else(|| {
            let text = format!("its value is {}", shown(&keys[key], &given[key]));
            let help = String::from("what the environment holds is read when the flow starts");
            SettingError::new(path, problem(text, help))
        })
    }

    /// Whether a setting was overridden, be it by the very value that it had.
    ///
    /// # Errors
    /// As [`Settings::get`].
    pub fn is_overridden(&self, path: &str) -> Result<bool, SettingError> {
        let (node, key) = self.find(path).map_err(|problem| SettingError::new(path, problem))?;
        Ok(self.nodes[node].overridden[key])
    }

    /// What the events survive that the log with this path keeps: nothing where there is no such log.
    pub fn durability(&self, path: &str) -> Durability {
        let node = self.node(path).map(|node| &self.nodes[node]);
        let Some((node, row)) = node.and_then(|node| Some((node, find_operator(node.definition.row)?)))
        else {
            return Durability::Memory;
        };
        row.durability(|name| {
            let key = node.keys.iter().position(|key| key.name == name);
            key.map_or(Given::Value(Value::Null), |key| node.given[key].clone())
        })
    }

    /// The settings of the definition at this place of the program's table.
    pub fn of(&self, index: usize) -> NodeSettings<'_> {
        NodeSettings::new(&self.nodes[index])
    }

    /// The flow's own settings.
    pub fn flow(&self) -> NodeSettings<'_> {
        self.of(self.nodes.len() - 1)
    }

    /// All settings that can be overridden: path, row, and what is given for it ([`shown`] shows it).
    pub fn tunable(&self) -> impl Iterator<Item = (String, &'static KeyRow, &Given)> {
        self.nodes.iter().flat_map(|node| {
            let keys = node.keys.iter().zip(&node.given).filter(|(key, _)| node.is_tunable(key));
            keys.map(|(key, given)| (format!("{}.{}", node.definition.path, key.name), key, given))
        })
    }

    /// All settings that are URLs, and set: path and URL, with what the environment holds if it was looked up.
    pub fn urls(&self) -> impl Iterator<Item = (String, &str)> {
        self.nodes.iter().flat_map(|node| {
            let keys = node.keys.iter().zip(&node.values);
            keys.filter_map(|(key, value)| match (key.ty, value) {
                (KeyType::Url(_), Value::String(url)) => {
                    Some((format!("{}.{}", node.definition.path, key.name), url.as_str()))
                }
                _ => None,
            })
        })
    }

    /// All settings, those too that only the flow can change: each key of each definition, in their order, but for those that
    /// mean nothing there.
    pub fn in_force(&self) -> impl Iterator<Item = InForce<'_>> {
        self.nodes.iter().flat_map(|node| {
            let has_meaning =
                |key: &KeyRow| key.is_built() && key.applies(|other| node.definition.has(other));
            let keys = node.keys.iter().enumerate().filter(move |(_, key)| has_meaning(key));
            keys.map(|(at, key)| {
                let is_written = node.definition.config.iter().any(|(name, _)| *name == key.name);
                let origin = match (node.overridden[at], is_written) {
                    (true, _) => Origin::Overridden,
                    (false, true) => Origin::Written,
                    (false, false) => Origin::Default,
                };
                InForce { definition: node.definition, key, given: &node.given[at], origin }
            })
        })
    }

    fn find_tunable(&self, path: &str) -> Result<(usize, usize), SettingError> {
        let wrap = |problem| SettingError::new(path, problem);
        let (node, key) = self.find(path).map_err(wrap)?;
        let Node { definition, keys, .. } = &self.nodes[node];
        let row = &keys[key];
        if self.nodes[node].is_tunable(row) {
            return Ok((node, key));
        }
        let missing = row.needs.iter().find(|(needed, value)| value.is_empty() && !definition.has(needed));
        let text = match missing {
            _ if !row.tunable => {
                format!("`{}` is part of the flow's structure and cannot be changed when it starts", row.name)
            }
            Some((needed, _)) => {
                format!("`{}` needs `{needed}`, which the flow does not have here", row.name)
            }
            None => format!(
                "the flow has no `{}` here, which is part of its structure and cannot be added when it starts",
                row.name
            ),
        };
        let tunable = listed(keys.iter().filter(|key| self.nodes[node].is_tunable(key)).map(|key| key.name));
        let help = if tunable.is_empty() {
            String::from("change it in the flow")
        } else {
            format!("change it in the flow; what can be changed: {tunable}")
        };
        Err(wrap(problem(text, help)))
    }

    /// The node and the key that a path names.
    fn find(&self, path: &str) -> Result<(usize, usize), Problem> {
        if let Some(node) = self.node(path) {
            let keys = listed(legal_names(self.nodes[node].keys));
            return Err(problem(
                format!("`{path}` is no setting by itself"),
                format!("write `{path}.key`; legal keys: {keys}"),
            ));
        }
        let Some((definition, key)) = path.rsplit_once('.') else {
            let text = format!("`{path}` is no path of a setting");
            let paths = advice(path, "definitions", self.paths());
            return Err(problem(
                text,
                format!("write `definition.key`, such as `flow.drain_timeout`; {paths}"),
            ));
        };
        let Some(node) = self.node(definition) else {
            return Err(self.unknown_definition(definition));
        };
        let keys = self.nodes[node].keys;
        let found = find_key(keys, key)?;
        let index = keys.iter().position(|row| row.name == found.name).expect("the row is one of these");
        Ok((node, index))
    }

    fn node(&self, path: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.definition.path == path)
    }

    fn paths(&self) -> impl Iterator<Item = &'static str> {
        self.nodes.iter().map(|node| node.definition.path)
    }

    fn unknown_definition(&self, written: &str) -> Problem {
        // Who leaves out the first words means the definition with that end.
        let end = format!(".{written}");
        let meant = self.paths().find(|path| path.ends_with(&end)).unwrap_or(written);
        problem(format!("the flow has no definition `{written}`"), advice(meant, "definitions", self.paths()))
    }
}

fn problem(text: String, help: String) -> Problem {
    Problem::new(Rule::unknown_key, text, help)
}

/// The value that a text stands for; where it is no number or boolean the text itself, which the check then refuses.
///
/// # Errors
/// A value of several parts is written as JSON, and it is none.
fn read(key: &KeyRow, text: &str) -> Result<Value, Problem> {
    let read = match key.ty {
        KeyType::Uint => text.parse().ok().and_then(Value::integer),
        KeyType::Bool => text.parse().ok().map(Value::Bool),
        KeyType::Strings(_) | KeyType::Headers | KeyType::Lines => {
            let no_json = |error: JsonError| {
                let text = format!("what is given for `{}` is no JSON: {}", key.name, error.why());
                Problem::new(Rule::wrong_type, text, format!("give {}", wanted(key)))
            };
            return Value::parse(text.as_bytes()).map_err(no_json);
        }
        KeyType::String
        | KeyType::Directory
        | KeyType::Choice(_)
        | KeyType::Url(_)
        | KeyType::Codec(_)
        | KeyType::Token
        | KeyType::Credentials
        | KeyType::Instead(_)
        | KeyType::NotYet => None,
    };
    Ok(read.unwrap_or_else(|| Value::from(text)))
}

/// Why a setting cannot be overridden or told: what is wrong, then what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    path: String,
    text: String,
    help: Option<String>,
}

impl SettingError {
    fn new(path: &str, problem: Problem) -> SettingError {
        let Problem { text, help, .. } = problem;
        SettingError { path: path.to_owned(), text, help }
    }

    /// The path as it was written.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "setting `{}`: {}", self.path, self.text)?;
        self.help.iter().try_for_each(|help| write!(f, "; {help}"))
    }
}

impl std::error::Error for SettingError {}
