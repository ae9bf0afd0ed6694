//! Rules on files of the running program: none is read and emptied by one flow.

use foreshock_spec::check::emptied;
use foreshock_spec::{FileUse, Given, KeyRow, Value, is_same_path};

use crate::check::facts::{Facts, Settings};
use crate::diagnostics::{Diagnostics, Rule};
use crate::resolve::graph::Graph;
use crate::syntax::Pos;
use crate::syntax::ast::Config;

/// Where the system keeps devices: there is nothing in them that could be emptied.
const DEVICES: &str = "/dev/";

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
