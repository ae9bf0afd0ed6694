//! What a flow's program tells without running: `check`, the settings in force and what is promised of events.
//!
//! `check --format json` is one line, an object with, in this order:
//!
//! | key | value |
//! |---|---|
//! | `flow`, `version` | the flow's name and its package's version |
//! | `settings` | for each definition and key: `definition` (`offramp.ws0`), `row` (`ws`), `key`, `value` (`null`: not set; `{"env": "NAME"}`: what that variable holds; `"(secret)"`), `unit` (or `""`), `origin`: `default`, `written` (in the flow) or `overridden` |
//! | `instances` | for each instance: `path` (`offramp/ws0/01`), `row` (`null` for a pipeline) |
//! | `promises` | for each port that events come from and each sink that they reach: see below |
//! | `notes` | what else is to be known of delivery, such as of a source that reads its file from the start in each run: a list of texts |
//! | `memory` | what all buffers take at most: `bytes`, and of these `parts`, a list of `{"path", "bytes"}`: onramps and offramps (`offramp/ws0/01`), logs (`pipeline/p/01/log`) |
//!
//! | `plan` | in which forms events go, as the flow was compiled: see below |
//!
//! A plan has `ways`, a list of `{"part", "from", "to", "form", "shape", "why"}`, and `conversions`, a list of `{"part", "change",
//! "at", "often", "why"}`. `part` is a pipeline or the links of a machine; `form` is `typed` (with its `shape`, else `null`), `encoded`,
//! `tree` or `nothing`, and a way on which an event goes in two forms is there twice; `change` is `encode`, `decode`, `to_tree` or
//! `copy`; `often` tells for which events: each `event`, each `delivery` of a log, each `failure`, each `recovery` at the start, or
//! `if_limited`, each event of an onramp whose `max_event_bytes` is less than such an event can have.
//!
//! A promise has
//!
//! | key | value |
//! |---|---|
//! | `from`, `to` | `onramp/m/01/out`, `offramp/ws0/01` |
//! | `failed` | whether it is only of events that fail in a query on their way, and go on through its `err` |
//! | `promise` | `best_effort`, `at_least_once` or `durable`: the weakest of all ways between the two |
//! | `up_to` | where a confirmed event is |
//! | `required` | what the flow requires at least, by the same names; `null` if nothing |
//! | `kept_by` | who keeps the events until then, on the ways where somebody does: a list of `{"path", "instance"}` |
//! | `way` | the weakest way, behind `from`: a list of `{"path", "operators"}` |
//! | `weakness` | `null`, or `{"what", "help"}`: why it is no better, and what would mend it |

use std::fmt::Write;

use foreshock_spec::forms::Forms;
use foreshock_spec::picture::{Keeper, Level, Memory, Picture, Promise, shown_bytes, total};
use foreshock_spec::{DIR, Durability, InForce, Settings, Value, shown, shown_value};
use serde_json::json;

use crate::program::Program;

/// What is true of all events, whatever the promises.
const ENDS: &str = "An event that a `where` or `having` removes is done. One that is too large for its onramp, fails in a query or is \
                    rejected by a peer goes to the `err` of that onramp, pipeline or offramp; where that is not linked, it is \
                    counted, logged and done.";

/// The answer to `check` for people.
pub(super) fn text(program: &Program, settings: &Settings) -> String {
    let mut out = format!("{} {}\n\nSettings\n", program.name, program.version);
    let all: Vec<InForce<'_>> = settings.in_force().collect();
    let widest_key = all.iter().map(|setting| setting.key.name.len()).max().unwrap_or(0);
    let mut last = None;
    for setting in all {
        let InForce { definition, key, given, origin } = setting;
        if last != Some(definition.path) {
            let row = if definition.row == definition.path { "" } else { definition.row };
            let row = if row.is_empty() { String::new() } else { format!(" ({row})") };
            put(&mut out, format_args!("  {}{row}\n", definition.path));
            last = Some(definition.path);
        }
        let (value, origin) = (shown(key, given), origin.name());
        put(&mut out, format_args!("    {:widest_key$}  {origin:10}  {value}\n", key.name));
    }
    let picture = &program.picture;
    out.push_str("\nInstances\n");
    for instance in picture.instances {
        let row = instance.kind.row().map(|row| format!(" ({row})")).unwrap_or_default();
        put(&mut out, format_args!("  {}{row}\n", instance.path()));
    }
    out.push_str("\nDelivery\n");
    for promise in picture.promises(|log| settings.durability(log)) {
        put_promise(&mut out, picture, &promise, settings);
    }
    for note in picture.notes() {
        put(&mut out, format_args!("  {note}: all of it is sent again then\n"));
    }
    put(&mut out, format_args!("\n{ENDS}\n"));
    put_memory(&mut out, &memory(program, settings));
    out
}

/// What the buffers take at most, with the settings in force.
pub(super) fn memory(program: &Program, settings: &Settings) -> Vec<Memory> {
    program.picture.memory(|definition, key| settings.get(&format!("{definition}.{key}")).unwrap_or_default())
}

fn put_memory(out: &mut String, memory: &[Memory]) {
    out.push_str("\nMemory of all buffers, at most\n");
    let widest = memory.iter().map(|part| part.path.chars().count()).max().unwrap_or(0);
    for Memory { path, bytes } in memory {
        put(out, format_args!("  {path:widest$}  {}\n", shown_bytes(*bytes)));
    }
    put(out, format_args!("  {:widest$}  {}\n", "all", shown_bytes(total(memory))));
}

fn put_promise(out: &mut String, picture: &Picture<'_>, promise: &Promise, settings: &Settings) {
    let (from, to) = (picture.start(promise), picture.instances[promise.to].path());
    let only = if promise.failed { ", what fails in a query" } else { "" };
    put(out, format_args!("  {from} → {to}{only}\n"));
    let (level, up_to) = (promise.level().words(), up_to(picture, promise, settings));
    let required = picture.required_of(promise);
    let required = required.map(|level| format!("; required: {}", level.words())).unwrap_or_default();
    put(out, format_args!("    {level}, up to {up_to}{required}\n"));
    put(out, format_args!("    way: {from}"));
    for (path, operators) in picture.way(promise) {
        let operators =
            if operators.is_empty() { String::new() } else { format!(" ({})", operators.join(", ")) };
        put(out, format_args!(" → {path}{operators}"));
    }
    out.push('\n');
    for keeper in &promise.keepers {
        let Some((path, instance)) = picture.keeper(*keeper) else { continue };
        let limits = match keeper {
            Keeper::Log(_) => format!(", {}", limits(&path, settings)),
            _ => String::new(),
        };
        let kept = if promise.level() == Level::BestEffort { "kept on other ways" } else { "kept" };
        put(out, format_args!("    {kept} by {path} (instance {instance}) until confirmed{limits}\n"));
    }
    if let Some((what, help)) = picture.weakness(promise) {
        put(out, format_args!("    {what}: what is not confirmed can be lost\n    help: {help}\n"));
    }
}

/// How much a log keeps, and where.
fn limits(log: &str, settings: &Settings) -> String {
    let limit = |key: &str| settings.get(&format!("{log}.{key}")).ok().filter(|value| *value != Value::Null);
    let events = limit("max_elements").map(|most| format!("{most} events"));
    let bytes = limit("max_bytes").map(|most| format!("{most} bytes"));
    let limits: Vec<String> = events.into_iter().chain(bytes).collect();
    let most = format!("at most {}", limits.join(" and "));
    let place = settings.in_force().find(|setting| setting.definition.path == log && setting.key.name == DIR);
    let place = place.map(|setting| shown(setting.key, setting.given)).unwrap_or_default();
    match settings.durability(log) {
        Durability::Memory => format!("{most}, while the program runs"),
        Durability::Written => {
            format!("{most} on disk, in {place}; a loss of power may lose what was not synced")
        }
        Durability::Safe => format!("{most} on disk, in {place}"),
    }
}

fn up_to(picture: &Picture<'_>, promise: &Promise, settings: &Settings) -> &'static str {
    let sink = picture.instances[promise.to].definition();
    picture.up_to(promise, |key| settings.get(&format!("{sink}.{key}")).unwrap_or_default())
}

/// The answer to `check --plan`.
pub(super) fn plan(program: &Program) -> String {
    format!("{} {}\n\n{}", program.name, program.version, program.forms)
}

/// The plan for machines.
fn plan_json(forms: &Forms<'_>) -> serde_json::Value {
    let ways = forms.ways.iter().map(|way| {
        let shape = Some(way.shape).filter(|shape| !shape.is_empty());
        json!({
            "part": way.part, "from": way.from, "to": way.to, "form": way.form.name(), "shape": shape, "why": way.why,
        })
    });
    let conversions = forms.conversions.iter().map(|row| {
        json!({
            "part": row.part, "change": row.change.name(), "at": row.at, "often": row.often.name(), "why": row.why,
        })
    });
    json!({ "ways": ways.collect::<Vec<_>>(), "conversions": conversions.collect::<Vec<_>>() })
}

/// The answer to `check` for machines: one line of JSON, with its line feed; the format is this module's.
pub(super) fn json(program: &Program, settings: &Settings) -> String {
    let picture = &program.picture;
    let all = settings.in_force().map(|setting| {
        let InForce { definition, key, given, origin } = setting;
        let value = shown_value(key, given).to_string();
        let value: serde_json::Value = serde_json::from_str(&value).expect("a value is written as JSON");
        json!({
            "definition": definition.path,
            "row": definition.row,
            "key": key.name,
            "value": value,
            "unit": key.unit,
            "origin": origin.name(),
        })
    });
    let instances = picture.instances.iter();
    let instances = instances.map(|instance| json!({ "path": instance.path(), "row": instance.kind.row() }));
    let promises = picture.promises(|log| settings.durability(log));
    let promises = promises.iter().map(|promise| {
        let kept_by = promise.keepers.iter().filter_map(|keeper| picture.keeper(*keeper));
        let kept_by = kept_by.map(|(path, instance)| json!({ "path": path, "instance": instance }));
        let way = picture.way(promise).into_iter();
        let way = way.map(|(path, operators)| json!({ "path": path, "operators": operators }));
        let weakness = picture.weakness(promise).map(|(what, help)| json!({ "what": what, "help": help }));
        json!({
            "from": picture.start(promise),
            "to": picture.instances[promise.to].path(),
            "failed": promise.failed,
            "promise": promise.level().name(),
            "up_to": up_to(picture, promise, settings),
            "required": picture.required_of(promise).map(Level::name),
            "kept_by": kept_by.collect::<Vec<_>>(),
            "way": way.collect::<Vec<_>>(),
            "weakness": weakness,
        })
    });
    let memory = memory(program, settings);
    let parts = memory.iter().map(|part| json!({ "path": part.path, "bytes": part.bytes }));
    let answer = json!({
        "flow": program.name,
        "version": program.version,
        "settings": all.collect::<Vec<_>>(),
        "instances": instances.collect::<Vec<_>>(),
        "promises": promises.collect::<Vec<_>>(),
        "notes": picture.notes(),
        "memory": { "bytes": total(&memory), "parts": parts.collect::<Vec<_>>() },
        "plan": plan_json(&program.forms),
    });
    format!("{answer}\n")
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes everything");
}
