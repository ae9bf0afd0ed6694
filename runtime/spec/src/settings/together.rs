//! What is wrong with settings that are right one by one: found when all are known, for one override may mend another.

use super::{Node, SettingError, Settings};
use crate::check::{emptied, without_use};
use crate::given::Given;
use crate::row::{FileUse, KeyRow};
use crate::value::Value;

impl Settings {
    /// All settings that do not go with others, with what the environment holds if it was [looked up](Settings::look_up).
    /// `is_same_file` tells whether two paths lead to one file. Nothing may be started where there are any.
    pub fn misfits(&self, is_same_file: impl Fn(&str, &str) -> bool) -> Vec<SettingError> {
        let mut errors = Vec::new();
        for node in &self.nodes {
            let keys = node.keys.iter().map(|key| key.name.to_owned());
            let entries: Vec<(String, Given)> =
                keys.zip(node.values.iter().cloned().map(Given::from)).collect();
            for problem in without_use(node.keys, &entries) {
                let key = problem.key.map_or("", |key| node.keys[key].name);
                errors.push(SettingError::new(&format!("{}.{key}", node.definition.path), problem));
            }
            for (key, path) in node.files(FileUse::Emptied) {
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
    /// The keys that name a file for this use, with its path.
    fn files(&self, wanted: FileUse) -> impl Iterator<Item = (&'static KeyRow, &str)> {
        self.keys.iter().zip(&self.values).filter_map(move |(key, value)| match value {
            Value::String(path) if key.file == wanted => Some((key, path.as_str())),
            _ => None,
        })
    }
}
