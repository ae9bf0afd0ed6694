//! Rules on files of the running program: none is read and emptied by one flow, and none is written by two sinks.

use foreshock_spec::check::{DEVICES, emptied, written_twice};
use foreshock_spec::{FileUse, Given, KeyRow, Value, is_same_path};

use crate::check::facts::{Facts, Settings};
use crate::diagnostics::{Diagnostics, Rule};
use crate::resolve::graph::{ArtefactRef, Graph, Instance};
use crate::syntax::Pos;
use crate::syntax::ast::Config;

/// A sink empties its file at start, before a source has read it.
pub(super) fn file_is_read_and_emptied(graph: &Graph, facts: &Facts, diagnostics: &mut Diagnostics) {
    for (offramp, settings) in graph.offramps.iter().zip(&facts.offramps) {
        for (key, path, pos) in files(offramp.row.keys, FileUse::Emptied, settings, &offramp.config) {
            let source = graph.onramps.iter().zip(&facts.onramps).find_map(|(onramp, settings)| {
                let mut read = files(onramp.row.keys, FileUse::Read, settings, &onramp.config);
                read.find(|(_, source, _)| is_same_path(source, path)).map(|(_, _, pos)| (onramp, pos))
            });
            let Some((onramp, read_at)) = source.filter(|_| !path.starts_with(DEVICES)) else { continue };
            let problem = emptied(key, &format!("onramp.{}", onramp.name.text));
            let error = diagnostics.report(Rule::file_read_and_emptied, pos, problem.text);
            error.help(problem.help.unwrap_or_default()).note_at(read_at, "it is read");
        }
    }
}

/// Two that write one file overwrite and cut each other's lines: two offramps, or two instances of one.
pub(super) fn two_write_one_file(graph: &Graph, facts: &Facts, diagnostics: &mut Diagnostics) {
    let mut earlier: Vec<(&str, &str, Pos)> = Vec::new();
    for (at, (offramp, settings)) in graph.offramps.iter().zip(&facts.offramps).enumerate() {
        let is_here = |instance: &&Instance| instance.artefact == ArtefactRef::Offramp(at);
        let instances: Vec<&Instance> = graph.deployment.instances.iter().filter(is_here).collect();
        for (key, path, pos) in files(offramp.row.keys, FileUse::Emptied, settings, &offramp.config) {
            if path.starts_with(DEVICES) || instances.is_empty() {
                continue;
            }
            let name = offramp.name.text.as_str();
            if let [first, second, ..] = instances.as_slice() {
                let (first, second) = (&first.name, &second.name);
                let text = format!(
                    "`{key}` is written by the instances `{first}` and `{second}` of `{name}`, which overwrite each \
                     other's lines"
                );
                let error = diagnostics.report(Rule::same_file, pos, text);
                error.help(format!("link all to one instance, as in `/offramp/{name}/shared/in`"));
            }
            match earlier.iter().find(|(_, other, _)| is_same_path(other, path)) {
                Some((first, _, place)) => {
                    let problem = written_twice(key, &format!("offramp.{first}"));
                    let error = diagnostics.report(problem.rule, pos, problem.text);
                    error.help(problem.help.unwrap_or_default());
                    error.note_at(*place, format!("`{first}` has it"));
                }
                None => earlier.push((name, path, pos)),
            }
        }
    }
}

/// The keys that name a file for this use, with its path, and where that is written.
fn files<'a>(
    keys: &'static [KeyRow],
    wanted: FileUse,
    settings: &'a Settings,
    config: &'a Config,
) -> impl Iterator<Item = (&'static str, &'a str, Pos)> {
    keys.iter().filter(move |key| key.file == wanted).filter_map(|key| {
        let (_, given) = settings.iter().find(|(name, _)| name == key.name)?;
        let entry = config.entries.iter().find(|entry| entry.key.text == key.name)?;
        match given {
            Given::Value(Value::String(path)) => Some((key.name, path.as_str(), entry.value.pos)),
            _ => None,
        }
    })
}
