//! `onramp:` and `offramp:`: each item is a `define onramp` or a `define offramp`.

use crate::diagnostics::Rule;
use foreshock_spec::{KeyRow, find_offramp, find_onramp};

use super::super::ast::{Artefact, Config, ConfigEntry, Name, Stmt};
use super::node::Node;
use super::{Reader, broken, with_article};

/// Keys that the original has beside `config`, and the registry among the others.
const BESIDE: [&str; 8] = [
    "codec",
    "codec_map",
    "description",
    "err_required",
    "linked",
    "metrics_interval_s",
    "postprocessors",
    "preprocessors",
];

impl Reader<'_> {
    pub(super) fn onramp(&mut self, item: &Node) -> Option<Stmt> {
        self.ramp(item, "onramp", |kind| find_onramp(kind).map(|row| row.keys), Stmt::Onramp)
    }

    pub(super) fn offramp(&mut self, item: &Node) -> Option<Stmt> {
        self.ramp(item, "offramp", |kind| find_offramp(kind).map(|row| row.keys), Stmt::Offramp)
    }

    fn ramp(
        &mut self,
        item: &Node,
        what: &str,
        find: impl Fn(&str) -> Option<&'static [KeyRow]>,
        stmt: impl Fn(Artefact) -> Stmt,
    ) -> Option<Stmt> {
        let article = with_article(what);
        let entries = self.map(item, &article, "`id`, `type` and `config`")?;
        let name = self.id(item, &entries, what)?;
        let Some(kind) = self.kind(item, &entries, &article) else { return Some(broken(&name)) };
        let rows = find(&kind.text).unwrap_or(&[]);
        let mut config = Config::default();
        for (key, value) in entries {
            match key.text.as_str() {
                "id" | "type" => {}
                "config" => self.config(value, rows, &kind, &mut config),
                beside if BESIDE.contains(&beside) => self.entry(key, value, rows, &mut config),
                other if rows.iter().any(|row| row.name == other) => {
                    let text = format!("`{other}` stands in `config`, not beside it");
                    self.diagnostics
                        .report(Rule::yaml_misplaced_key, key.pos, text)
                        .help("move it below `config:`, with more indentation");
                    config.is_broken = true;
                }
                _ => {
                    let built = rows.iter().filter(|row| row.is_built() && BESIDE.contains(&row.name));
                    let legal = ["id", "type", "config"].into_iter().chain(built.map(|row| row.name));
                    self.unknown_key(key, &article, legal);
                    config.is_broken = true;
                }
            }
        }
        Some(stmt(Artefact { docs: Vec::new(), name, kind, config, pos: item.pos }))
    }

    fn kind(&mut self, item: &Node, entries: &[(&Name, &Node)], article: &str) -> Option<Name> {
        let Some((_, value)) = entries.iter().find(|(key, _)| key.text == "type") else {
            let error =
                self.diagnostics.report(Rule::yaml_missing_key, item.pos, format!("{article} has a `type`"));
            error.help("add the line `type: …`, with the kind of thing that it is");
            return None;
        };
        let scalar = self.scalar(value, "a `type`")?;
        Some(Name { text: scalar.text.clone(), pos: value.pos })
    }

    fn config(&mut self, value: &Node, rows: &'static [KeyRow], kind: &Name, config: &mut Config) {
        if value.is_null() {
            return;
        }
        let built = rows.iter().filter(|row| row.is_built() && !BESIDE.contains(&row.name));
        let names: Vec<String> = built.map(|row| format!("`{}`", row.name)).collect();
        let Some(entries) = self.map(value, &format!("`config` of `{}`", kind.text), &names.join(", "))
        else {
            config.is_broken = true;
            return;
        };
        for (key, value) in entries {
            if BESIDE.contains(&key.text.as_str()) {
                let text = format!("`{}` stands beside `config`, not in it", key.text);
                self.diagnostics
                    .report(Rule::yaml_misplaced_key, key.pos, text)
                    .help("move it to where `type:` is, with less indentation");
                config.is_broken = true;
            } else {
                self.entry(key, value, rows, config);
            }
        }
    }

    fn entry(&mut self, key: &Name, value: &Node, rows: &'static [KeyRow], config: &mut Config) {
        let row = rows.iter().find(|row| row.name == key.text);
        match self.value(value, row.map(|row| row.ty)) {
            Some(value) => config.entries.push(ConfigEntry { key: key.clone(), value }),
            None => config.is_broken = true,
        }
    }
}
