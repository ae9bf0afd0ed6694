//! Mappings: a binding's links, with values for its variables → instances and links between them.

use std::collections::{BTreeMap, BTreeSet};

use foreshock_spec::near::advice;

use super::ends::{Binding, BoundEnd, BoundLink, instance_is_plain};
use super::graph::{Deployment, InstanceId, Link};
use super::names::{Table, advise};
use crate::diagnostics::Diagnostics;
use crate::syntax::Pos;
use crate::syntax::ast::{End, Instance, Mapping, Name};

/// Creates what the mappings say.
pub(super) fn deploy(
    mappings: Vec<Mapping>,
    bindings: &Table<Binding>,
    unparsed: &BTreeSet<String>,
    diagnostics: &mut Diagnostics,
) -> Deployment {
    let mut yard = Yard::default();
    let mut mapped = BTreeMap::new();
    for mapping in &mappings {
        let Some(binding) = binding_is_defined(&mapping.binding, bindings, unparsed, diagnostics) else {
            continue;
        };
        let fits = mapping_is_named(&mapping.binding, &mut mapped, diagnostics)
            & values_fit(mapping, binding, diagnostics);
        if fits {
            let values =
                mapping.variables.iter().map(|(name, value)| (name.text.as_str(), value.text.as_str()));
            yard.create(mapping, binding, &values.collect(), diagnostics);
        }
    }
    yard.deployment
}

fn binding_is_defined<'a>(
    end: &End,
    bindings: &'a Table<Binding>,
    unparsed: &BTreeSet<String>,
    diagnostics: &mut Diagnostics,
) -> Option<&'a Binding> {
    if end.kind.text != "binding" {
        let text = format!("`create binding` creates a binding, not `{}`", end.kind.text);
        diagnostics.error(end.kind.pos, text).help(format!("write `/binding/{}/01`", end.name.text));
        return None;
    }
    let binding = bindings.get(&end.name.text);
    if binding.is_none() && !unparsed.contains(&end.name.text) {
        let error = diagnostics.error(end.name.pos, format!("there is no binding `{}`", end.name.text));
        advise(error, &end.name.text, "bindings", bindings.names());
    }
    binding
}

/// A mapping has a name of its own, and that is all behind the binding's.
fn mapping_is_named(
    end: &End,
    mapped: &mut BTreeMap<(String, String), Pos>,
    diagnostics: &mut Diagnostics,
) -> bool {
    if let Some(port) = &end.port {
        let error = diagnostics.error(port.pos, "a binding has no ports");
        error.help(format!("write `/binding/{}/01`", end.name.text));
        return false;
    }
    let name = match &end.instance {
        Instance::Variable(name) => {
            let error = diagnostics.error(name.pos, "a mapping has a name, not a variable");
            error.help(format!("write `/binding/{}/01`", end.name.text));
            return false;
        }
        Instance::Literal(name) => name,
    };
    let key = (end.name.text.clone(), name.text.clone());
    if let Some(first) = mapped.get(&key) {
        let text = format!("the binding `{}` is created twice as `{}`", end.name.text, name.text);
        diagnostics
            .error(end.pos, text)
            .help("give the second one another name")
            .note_at(*first, "first created");
        return false;
    }
    mapped.insert(key, end.pos);
    instance_is_plain(name, diagnostics)
}

/// Each variable has one value, and each value its variable.
fn values_fit(mapping: &Mapping, binding: &Binding, diagnostics: &mut Diagnostics) -> bool {
    let before = diagnostics.len();
    for (index, (name, value)) in mapping.variables.iter().enumerate() {
        let first = mapping.variables[..index].iter().find(|(other, _)| other.text == name.text);
        match first {
            Some((first, _)) => {
                let error = diagnostics.error(name.pos, format!("`{}` is given twice", name.text));
                error.note_at(first.pos, "first given");
            }
            None => variable_is_used(name, binding, diagnostics),
        }
        instance_is_plain(value, diagnostics);
    }
    for (variable, used) in &binding.variables {
        if !mapping.variables.iter().any(|(name, _)| name.text == *variable) {
            variable_has_value(variable, *used, mapping, diagnostics);
        }
    }
    diagnostics.len() == before
}

fn variable_is_used(name: &Name, binding: &Binding, diagnostics: &mut Diagnostics) {
    if binding.variables.contains_key(&name.text) {
        return;
    }
    let error = diagnostics.error(name.pos, format!("the binding has no variable `{}`", name.text));
    if binding.variables.is_empty() {
        error.help("remove it: all instances of the binding have fixed names");
    } else {
        error.help(advice(&name.text, "variables", binding.variables.keys().map(String::as_str)));
    }
}

fn variable_has_value(variable: &str, used: Pos, mapping: &Mapping, diagnostics: &mut Diagnostics) {
    let error = diagnostics.error(mapping.binding.pos, format!("the variable `{variable}` has no value"));
    error.help(format!("write `with {variable} = \"01\" end`")).note_at(used, "it is used");
}

/// The deployment while it grows.
#[derive(Default)]
struct Yard<'a> {
    deployment: Deployment,
    /// By `/kind/name` and instance: there may be several that are unknown.
    instances: BTreeMap<(&'a str, &'a str), InstanceId>,
    links: BTreeMap<LinkKey, First<'a>>,
}

type LinkKey = (InstanceId, String, InstanceId, String);

/// Who made a link first.
#[derive(Clone, Copy)]
struct First<'a> {
    mapping: &'a Mapping,
    to: Pos,
}

impl<'a> Yard<'a> {
    fn create(
        &mut self,
        mapping: &'a Mapping,
        binding: &'a Binding,
        values: &BTreeMap<&'a str, &'a str>,
        diagnostics: &mut Diagnostics,
    ) {
        let mut is_repeated = false;
        for link in &binding.links {
            let from = self.instance(&link.from, values);
            let to = self.instance(&link.to, values);
            let key = (from, link.from.port.clone(), to, link.to.port.clone());
            match self.links.get(&key).copied() {
                Some(first) => {
                    linked_once(link, mapping, first, &mut is_repeated, diagnostics);
                    continue;
                }
                None => self.links.insert(key, First { mapping, to: link.to.pos }),
            };
            self.deployment.links.push(Link {
                from,
                from_port: link.from.port.clone(),
                to,
                to_port: link.to.port.clone(),
                from_pos: link.from.pos,
                to_pos: link.to.pos,
            });
        }
    }

    fn instance(&mut self, end: &'a BoundEnd, values: &BTreeMap<&'a str, &'a str>) -> InstanceId {
        let name = match &end.instance {
            Instance::Literal(name) => name.text.as_str(),
            Instance::Variable(name) => {
                values.get(name.text.as_str()).copied().expect("each variable has a value")
            }
        };
        let instances = &mut self.deployment.instances;
        *self.instances.entry((&end.path, name)).or_insert_with(|| {
            instances.push(super::graph::Instance { artefact: end.artefact, name: name.to_string() });
            InstanceId(instances.len() - 1)
        })
    }
}

/// Two equal links would deliver every event twice. A link without variables is the same in every mapping of its
/// binding, and is made once. A mapping that repeats another one is reported once.
fn linked_once(
    link: &BoundLink,
    mapping: &Mapping,
    first: First<'_>,
    is_repeated: &mut bool,
    diagnostics: &mut Diagnostics,
) {
    if link.from.is_guess || link.to.is_guess {
        return;
    }
    let is_one_binding = first.mapping.binding.name.text == mapping.binding.name.text;
    if std::ptr::eq(first.mapping, mapping) || !is_one_binding {
        let error = diagnostics.error(link.to.pos, "these two ports are linked twice");
        error.help("remove one of the two links").note_at(first.to, "first linked");
        return;
    }
    let has_variable = [&link.from, &link.to].iter().any(|end| matches!(end.instance, Instance::Variable(_)));
    if has_variable && !std::mem::replace(is_repeated, true) {
        let error =
            diagnostics.error(mapping.binding.pos, "this mapping repeats links that another one has made");
        error.help("give its variables other values, or remove it");
        error.note_at(first.mapping.pos, "the other one is created");
    }
}
