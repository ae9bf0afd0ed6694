//! The settings of a flow as they are written, with the rows' defaults: what the program's settings are that nobody overrides.

use std::collections::BTreeMap;

use foreshock_spec::{Durability, Given, KeyRow, Literal, OperatorRow, Value};

use crate::check::facts::{Facts, Settings};
use crate::resolve::graph::{Graph, NodeKind};

/// All definitions with settings, by how settings name them: `offramp.ws0`, `pipeline.p.log`.
pub(crate) struct InForce<'a>(BTreeMap<String, Definition<'a>>);

struct Definition<'a> {
    keys: &'static [KeyRow],
    /// Of an operator.
    operator: Option<&'static OperatorRow>,
    settings: &'a Settings,
}

impl Facts {
    /// What the settings of a flow are; found once, and asked often.
    pub(crate) fn in_force<'a>(&'a self, graph: &'a Graph) -> InForce<'a> {
        let mut all = BTreeMap::new();
        // of several with one name the first counts
        let mut add = |name: String, definition| {
            all.entry(name).or_insert(definition);
        };
        for (onramp, settings) in graph.onramps.iter().zip(&self.onramps) {
            let definition = Definition { keys: onramp.row.keys, operator: None, settings };
            add(format!("onramp.{}", onramp.name.text), definition);
        }
        for (offramp, settings) in graph.offramps.iter().zip(&self.offramps) {
            let definition = Definition { keys: offramp.row.keys, operator: None, settings };
            add(format!("offramp.{}", offramp.name.text), definition);
        }
        for (pipeline, facts) in graph.pipelines.iter().zip(&self.pipelines) {
            for (node, settings) in pipeline.nodes.iter().zip(&facts.settings) {
                let NodeKind::Operator { name, row, .. } = &node.kind else { continue };
                let definition = Definition { keys: row.keys, operator: Some(row), settings };
                add(format!("pipeline.{}.{}", pipeline.name.text, name.text), definition);
            }
        }
        InForce(all)
    }
}

impl InForce<'_> {
    /// What the events survive of the log that settings name so: `pipeline.p.log`.
    pub(crate) fn durability(&self, log: &str) -> Durability {
        let found = self.0.get(log).and_then(|it| Some((it, it.operator?)));
        found.map_or(Durability::Memory, |(it, row)| row.durability(|key| given(it.keys, it.settings, key)))
    }

    /// The value of a key of an onramp, operator or offramp, which settings name so: `offramp.ws0`. `null` where it is not set, and where
    /// only the environment knows it.
    pub(crate) fn setting(&self, definition: &str, key: &str) -> Value {
        let found = self.0.get(definition);
        found.and_then(|it| given(it.keys, it.settings, key).to_value()).unwrap_or_default()
    }
}

/// What is given for a key, or its default.
fn given(keys: &[KeyRow], settings: &Settings, key: &str) -> Given {
    let written = |key: &str| settings.iter().find(|(name, _)| name == key).map(|(_, given)| given.clone());
    let row = keys.iter().find(|row| row.name == key);
    let default = row.map(|row| row.among(|other| written(other).is_some()).default);
    written(key).unwrap_or_else(|| default.unwrap_or(Literal::None).to_given())
}
