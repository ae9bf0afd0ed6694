//! The settings of a flow as they are written, with the rows' defaults: what the program's settings are that nobody overrides.

use foreshock_spec::{Durability, Given, KeyRow, Literal, Value};

use crate::check::facts::{Facts, Settings};
use crate::resolve::graph::{Graph, NodeKind};

impl Facts {
    /// What the events survive of the log that settings name so: `pipeline.p.log`.
    pub(crate) fn durability(&self, graph: &Graph, log: &str) -> Durability {
        for (pipeline, facts) in graph.pipelines.iter().zip(&self.pipelines) {
            for (node, settings) in pipeline.nodes.iter().zip(&facts.settings) {
                let NodeKind::Operator { name, row, .. } = &node.kind else { continue };
                if format!("pipeline.{}.{}", pipeline.name.text, name.text) == log {
                    return row.durability(|key| given(row.keys, settings, key));
                }
            }
        }
        Durability::Memory
    }

    /// The value of a key of an onramp, operator or offramp, which settings name so: `offramp.ws0`. `null` where it is not set, and where
    /// only the environment knows it.
    pub(crate) fn setting(&self, graph: &Graph, definition: &str, key: &str) -> Value {
        let onramps = graph.onramps.iter().zip(&self.onramps);
        let mut onramps = onramps.filter(|(it, _)| format!("onramp.{}", it.name.text) == definition);
        if let Some((onramp, settings)) = onramps.next() {
            return given(onramp.row.keys, settings, key).to_value().unwrap_or_default();
        }
        let offramps = graph.offramps.iter().zip(&self.offramps);
        let mut offramps = offramps.filter(|(it, _)| format!("offramp.{}", it.name.text) == definition);
        if let Some((offramp, settings)) = offramps.next() {
            return given(offramp.row.keys, settings, key).to_value().unwrap_or_default();
        }
        for (pipeline, facts) in graph.pipelines.iter().zip(&self.pipelines) {
            for (node, settings) in pipeline.nodes.iter().zip(&facts.settings) {
                let NodeKind::Operator { name, row, .. } = &node.kind else { continue };
                if format!("pipeline.{}.{}", pipeline.name.text, name.text) == definition {
                    return given(row.keys, settings, key).to_value().unwrap_or_default();
                }
            }
        }
        Value::Null
    }
}

/// What is given for a key, or its default.
fn given(keys: &[KeyRow], settings: &Settings, key: &str) -> Given {
    let written = |key: &str| settings.iter().find(|(name, _)| name == key).map(|(_, given)| given.clone());
    let row = keys.iter().find(|row| row.name == key);
    let default = row.map(|row| row.among(|other| written(other).is_some()).default);
    written(key).unwrap_or_else(|| default.unwrap_or(Literal::None).to_given())
}
