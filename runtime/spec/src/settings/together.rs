//! What is wrong with settings that are right one by one: found when all are known, for one override may mend another.

use super::{Node, SettingError, Settings};
use crate::check::{DEVICES, Problem, doubts, emptied, is_same_url, without_use, written_twice};
use crate::given::Given;
use crate::picture::{Picture, Said};
use crate::row::{FileUse, KeyRow, KeyType, MAX_ELEMENTS, WINDOW};
use crate::rule::Rule;
use crate::value::Value;

/// The same server behind two offramps. `other` is the first one (`offramp.ws0`, or its name).
pub fn same_server(key: &str, other: &str) -> Problem {
    Problem::new(
        Rule::same_url,
        format!("`{key}` is that of `{other}` too: one server gets the events of both"),
        "give each its own server, or use one offramp for both",
    )
}

impl Settings {
    /// What is hardly meant of what was overridden or came from the environment, to be told when the flow starts. (Of what the
    /// flow says itself, the compiler warns.)
    pub fn doubts(&self, picture: &Picture<'_>) -> Vec<SettingError> {
        let mut found = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            let is_overridden = |name: &str| {
                node.keys.iter().position(|key| key.name == name).is_some_and(|key| node.overridden[key])
            };
            for problem in doubts(node.keys, &node.known()) {
                let Some(key) = problem.key.map(|key| &node.keys[key]) else { continue };
                if is_overridden(key.name) || is_overridden(key.up_to) {
                    found.push(SettingError::new(&format!("{}.{}", node.definition.path, key.name), problem));
                }
            }
            let Some((key, url)) = node.url() else { continue };
            let first = self.nodes[..at].iter().find(|other| {
                other.url().is_some_and(|(other_key, other_url)| {
                    is_same_url(other_url, url) && (other.is_changed(other_key) || node.is_changed(key))
                })
            });
            if let Some(other) = first {
                let name = node.keys[key].name;
                let problem = same_server(name, other.definition.path);
                found.push(SettingError::new(&format!("{}.{name}", node.definition.path), problem));
            }
        }
        found.extend(self.small_logs(picture));
        found
    }

    /// Logs that are smaller than the windows behind them, where another than the flow says how large one of these is.
    fn small_logs(&self, picture: &Picture<'_>) -> Vec<SettingError> {
        let find = |definition: &str, key: &str| {
            let node = &self.nodes[self.node(definition)?];
            Some((node, node.keys.iter().position(|row| row.name == key)?))
        };
        let said = |definition: &str, key: &str| {
            let (node, at) = find(definition, key)?;
            let number = node.values[at].as_u64()?;
            Some(Said { number, is_written: node.is_changed(at) || node.definition.has(key) })
        };
        let is_changed =
            |definition: &str, key: &str| find(definition, key).is_some_and(|(node, at)| node.is_changed(at));
        let small = picture.small_logs(said).into_iter().filter(|small| {
            is_changed(&small.log, MAX_ELEMENTS) || small.sinks.iter().any(|sink| is_changed(sink, WINDOW))
        });
        small
            .map(|small| SettingError::new(&format!("{}.{MAX_ELEMENTS}", small.log), small.problem))
            .collect()
    }

    /// All settings that do not go with others, with what the environment holds if it was [looked up](Settings::look_up).
    /// `is_same_file` tells whether two paths lead to one file. Nothing may be started where there are any.
    pub fn misfits(&self, is_same_file: impl Fn(&str, &str) -> bool) -> Vec<SettingError> {
        let mut errors = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            for problem in without_use(node.keys, &node.known()) {
                let key = problem.key.map_or("", |key| node.keys[key].name);
                errors.push(SettingError::new(&format!("{}.{key}", node.definition.path), problem));
            }
            for (key, path) in node.files(FileUse::Emptied) {
                // What the flow itself says of both, the compiler has judged.
                let first = self.nodes[..at].iter().find(|other| {
                    let mut written = other.files(FileUse::Emptied);
                    written.any(|(row, there)| {
                        is_same_file(there, path) && (node.has_changed(key) || other.has_changed(row))
                    })
                });
                if let Some(first) = first.filter(|_| !path.starts_with(DEVICES)) {
                    let problem = written_twice(key.name, first.definition.path);
                    errors
                        .push(SettingError::new(&format!("{}.{}", node.definition.path, key.name), problem));
                }
                let mut sources = self
                    .nodes
                    .iter()
                    .filter(|other| other.files(FileUse::Read).any(|(_, source)| is_same_file(source, path)));
                if let Some(source) = sources.next() {
                    let problem = emptied(key.name, source.definition.path);
                    errors
                        .push(SettingError::new(&format!("{}.{}", node.definition.path, key.name), problem));
                }
            }
        }
        errors
    }
}

impl Node {
    /// What is known of each key, what the environment holds too.
    fn known(&self) -> Vec<(String, Given)> {
        let keys = self.keys.iter().map(|key| key.name.to_owned());
        keys.zip(self.values.iter().cloned().map(Given::from)).collect()
    }

    /// The key that is a URL, and what it is.
    fn url(&self) -> Option<(usize, &str)> {
        let key = self.keys.iter().position(|key| matches!(key.ty, KeyType::Url(_)))?;
        match &self.values[key] {
            Value::String(url) => Some((key, url.as_str())),
            _ => None,
        }
    }

    /// Whether another than the flow says what a key is.
    fn is_changed(&self, key: usize) -> bool {
        self.overridden[key] || self.given[key].to_value().is_none()
    }

    fn has_changed(&self, key: &KeyRow) -> bool {
        self.keys.iter().position(|row| row.name == key.name).is_some_and(|key| self.is_changed(key))
    }

    /// The keys that name a file for this use, with its path.
    fn files(&self, wanted: FileUse) -> impl Iterator<Item = (&'static KeyRow, &str)> {
        self.keys.iter().zip(&self.values).filter_map(move |(key, value)| match value {
            Value::String(path) if key.file == wanted => Some((key, path.as_str())),
            _ => None,
        })
    }
}
