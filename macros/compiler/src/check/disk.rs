//! Rules on logs on disk: each has a directory of its own, and there is somebody who keeps files. What may be written in
//! their configs is in `config.rs`.

use std::path::{Component, Path, PathBuf};

use foreshock_spec::{DIR, Given, Value};

use crate::check::facts::{Facts, Settings};
use crate::diagnostics::{Diagnostics, Rule};
use crate::resolve::graph::{ArtefactRef, Graph, Node, NodeKind};
use crate::syntax::Pos;
use crate::syntax::ast::{Head, Name};

/// A log that the flow puts on disk.
struct DiskLog<'a> {
    /// Index of its pipeline.
    pipeline: usize,
    /// Its name at its `create`.
    name: &'a Name,
    /// What is given as its directory.
    dir: &'a Given,
    /// The `dir` in its config.
    key: Pos,
    /// The value there.
    value: Pos,
}

/// All rules of this family.
pub(super) fn check_disk(graph: &Graph, facts: &Facts, diagnostics: &mut Diagnostics) {
    let logs = logs(graph, facts);
    match graph.head {
        Head::Pipeline => no_files_without_a_flow(&logs, diagnostics),
        Head::Flow => {
            two_logs_in_one_directory(graph, &logs, diagnostics);
            instance_is_no_directory(graph, &logs, diagnostics);
        }
    }
}

fn logs<'a>(graph: &'a Graph, facts: &'a Facts) -> Vec<DiskLog<'a>> {
    let pipelines = graph.pipelines.iter().zip(&facts.pipelines).enumerate();
    let nodes = pipelines.flat_map(|(at, (pipeline, facts))| {
        pipeline.nodes.iter().zip(&facts.settings).map(move |(node, settings)| (at, node, settings))
    });
    nodes.filter_map(|(pipeline, node, settings)| log(pipeline, node, settings)).collect()
}

fn log<'a>(pipeline: usize, node: &'a Node, settings: &'a Settings) -> Option<DiskLog<'a>> {
    let NodeKind::Operator { name, row, config, .. } = &node.kind else { return None };
    let (_, dir) = settings.iter().find(|(key, _)| key == DIR).filter(|_| row.is_on_disk(settings))?;
    let entry = config.entries.iter().find(|entry| entry.key.text == DIR)?;
    Some(DiskLog { pipeline, name, dir, key: entry.key.pos, value: entry.value.pos })
}

/// A pipeline by itself does no I/O, and nobody does any for it.
fn no_files_without_a_flow(logs: &[DiskLog<'_>], diagnostics: &mut Diagnostics) {
    for log in logs {
        let error = diagnostics.report(
            Rule::directory_without_flow,
            log.key,
            "a pipeline without a flow keeps nothing on disk",
        );
        error.help(format!("remove `{DIR}`; only a `flow` has a program that keeps files"));
    }
}

/// What one writes, the other would take for its own. (Only literals are compared; the rest is found out by the lock on the
/// directory.)
fn two_logs_in_one_directory(graph: &Graph, logs: &[DiskLog<'_>], diagnostics: &mut Diagnostics) {
    let mut first_in: Vec<(PathBuf, &DiskLog<'_>)> = Vec::new();
    for log in logs {
        let Given::Value(Value::String(dir)) = log.dir else { continue };
        let path = normalised(dir);
        let Some((_, first)) = first_in.iter().find(|(other, _)| *other == path) else {
            first_in.push((path, log));
            continue;
        };
        // Two that have one definition differ where they are created.
        let (at, other) = if log.value.order() == first.value.order() {
            (log.name.pos, first.name.pos)
        } else {
            (log.value, first.value)
        };
        // Two of one name are told apart by their pipelines.
        let is_one_name = first.name.text == log.name.text;
        let [one, two] = [*first, log].map(|log| match is_one_name {
            true => format!("{}.{}", graph.pipelines[log.pipeline].name.text, log.name.text),
            false => log.name.text.clone(),
        });
        let text = format!("the logs `{one}` and `{two}` have the same `{DIR}`");
        let error = diagnostics.report(Rule::same_directory, at, text);
        let name = &log.name.text;
        error.help(format!("give each its own, as in `create operator {name} from … with {DIR} = … end`"));
        error.note_at(other, format!("`{one}` has it"));
    }
}

/// A path without what changes nothing in it. (`a/..` is taken for nothing, though `a` may be a link to elsewhere.)
fn normalised(dir: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for part in Path::new(dir).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(path.components().next_back(), Some(Component::Normal(_))) => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    path
}

/// The files of each instance of a log are in a directory with the name of the instance.
fn instance_is_no_directory(graph: &Graph, logs: &[DiskLog<'_>], diagnostics: &mut Diagnostics) {
    for (at, instance) in graph.deployment.instances.iter().enumerate() {
        let ArtefactRef::Pipeline(pipeline) = instance.artefact else { continue };
        let log = logs.iter().find(|log| log.pipeline == pipeline);
        let (Some(log), "." | "..") = (log, instance.name.as_str()) else { continue };
        let links = graph.deployment.links.iter();
        let mut places = links.filter_map(|link| match () {
            () if link.from.0 == at => Some(link.from_pos),
            () if link.to.0 == at => Some(link.to_pos),
            () => None,
        });
        let text =
            format!("the instance `{}` gives no directory to the log `{}`", instance.name, log.name.text);
        let error =
            diagnostics.report(Rule::instance_is_no_directory, places.next().unwrap_or(log.key), text);
        error.help(format!("the files of each instance are in `{DIR}/instance`: give it another name"));
    }
}
