//! Mappings: a binding's links, with values for its variables → instances and links between them.

use std::collections::{BTreeMap, BTreeSet};

use foreshock_spec::near::{advice, nearest};

use super::ends::{Binding, BoundEnd, BoundLink, linked_twice};
use super::graph::{Deployment, InstanceId, Link};
use super::instances::instance_is_plain;
use super::names::{Table, advise};
use crate::diagnostics::{Diagnostics, Rule};
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
        let before = diagnostics.errors();
        let Some(binding) = binding_is_defined(&mapping.binding, bindings, unparsed, diagnostics) else {
            continue;
        };
        let is_new = mapping_is_named(&mapping.binding, &mut mapped, diagnostics);
        let values = values_fit(mapping, binding, &mappings, diagnostics);
        // what is wrong is created as it was probably meant, so that its links are checked too
        if let Some(values) = values.filter(|_| is_new) {
            let is_guess = diagnostics.errors() > before;
            yard.create(&Made { mapping, binding, values, is_guess }, diagnostics);
        }
    }
    yard.deployment
}

/// A mapping that has met its binding.
struct Made<'a> {
    mapping: &'a Mapping,
    binding: &'a Binding,
    values: BTreeMap<&'a str, &'a str>,
    /// Something of it was wrong and is reported.
    is_guess: bool,
}

fn binding_is_defined<'a>(
    end: &End,
    bindings: &'a Table<Binding>,
    unparsed: &BTreeSet<String>,
    diagnostics: &mut Diagnostics,
) -> Option<&'a Binding> {
    if end.kind.text != "binding" {
        let text = format!("`create binding` creates a binding, not `{}`", end.kind.text);
        diagnostics
            .report(Rule::unknown_binding, end.kind.pos, text)
            .help(format!("write `/binding/{}/01`", end.name.text));
        return bindings.get(&end.name.text);
    }
    let binding = bindings.get(&end.name.text);
    if binding.is_some() || unparsed.contains(&end.name.text) {
        return binding;
    }
    let meant = nearest(&end.name.text, bindings.names()).and_then(|meant| bindings.get(meant));
    // a definition without a name may be that of this one
    let nameless = bindings.get("").filter(|_| meant.is_none());
    if nameless.is_none() {
        let error = diagnostics.report(
            Rule::unknown_binding,
            end.name.pos,
            format!("there is no binding `{}`", end.name.text),
        );
        if bindings.names().next().is_none() {
            error.help(format!("add `define binding {} links … end;`", end.name.text));
        }
        advise(error, &end.name.text, "bindings", bindings.names());
    }
    meant.or(nameless)
}

/// A mapping has a name of its own, and that is all behind the binding's. Whether it does not repeat another one.
fn mapping_is_named(
    end: &End,
    mapped: &mut BTreeMap<(String, String), Pos>,
    diagnostics: &mut Diagnostics,
) -> bool {
    if let Some(port) = &end.port {
        let error = diagnostics.report(Rule::wrong_mapping_name, port.pos, "a binding has no ports");
        error.help(format!("write `/binding/{}/01`", end.name.text));
        return true;
    }
    let name = match &end.instance {
        Instance::Variable(name) => {
            let error = diagnostics.report(
                Rule::wrong_mapping_name,
                name.pos,
                "a mapping has a name, not a variable",
            );
            error.help(format!("write `/binding/{}/01`", end.name.text));
            return true;
        }
        Instance::Literal(name) => name,
    };
    let key = (end.name.text.clone(), name.text.clone());
    if let Some(first) = mapped.get(&key) {
        let text = format!("the binding `{}` is created twice as `{}`", end.name.text, name.text);
        diagnostics
            .report(Rule::mapped_twice, end.pos, text)
            .help("give the second one another name")
            .note_at(*first, "first created");
        return false;
    }
    mapped.insert(key, end.pos);
    instance_is_plain(name, diagnostics);
    true
}

/// Each variable has one value, and each value its variable. The value of each variable, where one is missing the one
/// that was probably meant; `None` if nobody can tell.
fn values_fit<'a>(
    mapping: &'a Mapping,
    binding: &'a Binding,
    all: &[Mapping],
    diagnostics: &mut Diagnostics,
) -> Option<BTreeMap<&'a str, &'a str>> {
    let mut values = BTreeMap::new();
    for (name, value) in &mapping.variables {
        if values.insert(name.text.as_str(), value.text.as_str()).is_some() {
            let first = mapping.variables.iter().find(|(other, _)| other.text == name.text);
            let error = diagnostics.report(
                Rule::value_given_twice,
                name.pos,
                format!("`{}` is given twice", name.text),
            );
            error.help("remove one of the two");
            error.note_at(first.map_or(name.pos, |(first, _)| first.pos), "first given");
        }
        instance_is_plain(value, diagnostics);
    }
    let mut unused: Vec<&Name> = Vec::new();
    for (name, _) in &mapping.variables {
        let is_seen = unused.iter().any(|other| other.text == name.text);
        if !binding.variables.contains_key(&name.text) && !is_seen {
            unused.push(name);
        }
    }
    let missing = binding.variables.iter().filter(|(variable, _)| !values.contains_key(variable.as_str()));
    let missing: Vec<_> = missing.map(|(variable, uses)| Lacking { variable, uses }).collect();
    let mut is_clear = true;
    for lacking in &missing {
        let meant = match meant_variable(lacking, mapping, &unused, missing.len()) {
            Some(meant) => {
                unused.retain(|name| name.text != meant.text);
                variable_is_meant(lacking, meant, binding, all, diagnostics);
                Some(meant.text.as_str())
            }
            None => {
                variable_has_value(lacking, mapping, diagnostics);
                mapping
                    .variables
                    .first()
                    .filter(|_| mapping.variables.len() == 1)
                    .map(|(name, _)| name.text.as_str())
            }
        };
        match meant.and_then(|meant| values.get(meant).copied()) {
            Some(value) => values.insert(lacking.variable, value),
            None if missing.len() == 1 && values.is_empty() => values.insert(lacking.variable, "01"),
            None => {
                is_clear = false;
                None
            }
        };
    }
    for name in unused.into_iter().filter(|_| !binding.is_broken) {
        variable_is_used(name, binding, diagnostics);
    }
    is_clear.then_some(values)
}

/// A variable of a binding to which a mapping gives no value.
struct Lacking<'a> {
    variable: &'a str,
    uses: &'a [Pos],
}

/// The name under which a mapping probably gives the value that is missing: a near one, best one that has no use, or
/// the only one that has none.
fn meant_variable<'a>(
    lacking: &Lacking<'_>,
    mapping: &'a Mapping,
    unused: &[&'a Name],
    missing: usize,
) -> Option<&'a Name> {
    let given = || mapping.variables.iter().map(|(name, _)| name);
    let find = |text: &str| given().find(|name| name.text == text);
    let near_unused = nearest(lacking.variable, unused.iter().map(|name| name.text.as_str())).and_then(find);
    let only_unused = || match unused {
        [only] if missing == 1 => Some(*only),
        _ => None,
    };
    let near = || nearest(lacking.variable, given().map(|name| name.text.as_str())).and_then(find);
    near_unused.or_else(near).or_else(only_unused)
}

/// One of two names is misspelt: the one in the links, unless they use it more often, or other mappings know it.
fn variable_is_meant(
    lacking: &Lacking<'_>,
    meant: &Name,
    binding: &Binding,
    all: &[Mapping],
    diagnostics: &mut Diagnostics,
) {
    let Lacking { variable, uses } = lacking;
    let is_given = all.iter().any(|other| other.variables.iter().any(|(name, _)| name.text == **variable));
    let [first, others @ ..] = uses else { return };
    if !binding.variables.contains_key(&meant.text) && (is_given || !others.is_empty()) {
        let error = diagnostics.report(
            Rule::value_in_vain,
            meant.pos,
            format!("the binding has no variable `{}`", meant.text),
        );
        error.help(format!("did you mean `{variable}`?")).note_at(*first, "it is used");
        return;
    }
    let error = diagnostics.report(
        Rule::variable_without_value,
        *first,
        format!("no mapping gives the variable `{variable}` a value"),
    );
    error.help(format!("did you mean `{{{}}}`?", meant.text)).note_at(meant.pos, "its value is given");
    for other in others {
        error.note_at(*other, "also used");
    }
}

fn variable_is_used(name: &Name, binding: &Binding, diagnostics: &mut Diagnostics) {
    let error = diagnostics.report(
        Rule::value_in_vain,
        name.pos,
        format!("the binding has no variable `{}`", name.text),
    );
    if binding.variables.is_empty() {
        error.help("remove it: all instances of the binding have fixed names");
    } else {
        error.help(advice(&name.text, "variables", binding.variables.keys().map(String::as_str)));
    }
}

fn variable_has_value(lacking: &Lacking<'_>, mapping: &Mapping, diagnostics: &mut Diagnostics) {
    let variable = lacking.variable;
    let error = diagnostics.report(
        Rule::variable_without_value,
        mapping.binding.pos,
        format!("the variable `{variable}` has no value"),
    );
    match mapping.binding.pos.file_id() {
        Some(_) => error.help(format!("add the line `{variable}: \"01\"` below it")),
        None => error.help(format!("write `with {variable} = \"01\" end`")),
    };
    if let Some(used) = lacking.uses.first() {
        error.note_at(*used, "it is used");
    }
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
    is_guess: bool,
}

impl<'a> Yard<'a> {
    fn create(&mut self, made: &Made<'a>, diagnostics: &mut Diagnostics) {
        let mut is_repeated = false;
        let (before, made_before) = (diagnostics.errors(), self.links.len());
        let (mut other, mut is_beside_guess) = (None, made.is_guess);
        for link in &made.binding.links {
            let from = self.instance(&link.from, &made.values);
            let to = self.instance(&link.to, &made.values);
            let is_guess = made.is_guess || link.is_guess();
            let key = (from, link.from.port.clone(), to, link.to.port.clone());
            if let Some(first) = self.links.get(&key) {
                // what was only guessed is meant otherwise, and repeats nothing
                is_beside_guess |= first.is_guess;
                other = other.or(Some(first.mapping));
                if !is_guess && !first.is_guess {
                    linked_once(link, made.mapping, *first, &mut is_repeated, diagnostics);
                }
                continue;
            }
            self.links.insert(key, First { mapping: made.mapping, to: link.to.pos, is_guess });
            self.deployment.links.push(Link {
                from,
                from_port: link.from.port.clone(),
                to,
                to_port: link.to.port.clone(),
                from_pos: link.from.pos,
                to_pos: link.to.pos,
                is_guess,
            });
        }
        let is_new = self.links.len() > made_before || diagnostics.errors() > before || is_beside_guess;
        if let Some(other) = other.filter(|_| !is_new) {
            let text = "this mapping makes nothing that another one has not made";
            let error = diagnostics.report(Rule::links_repeated, made.mapping.binding.pos, text);
            error.help("remove it, or write a variable, such as `{instance}`, into the links of its binding");
            error.note_at(other.pos, "the other one is created");
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

/// Two links that are equal once the variables have their values. A link without variables is the same in every mapping
/// of its binding, and is made once. A mapping that repeats another one is reported once.
fn linked_once(
    link: &BoundLink,
    mapping: &Mapping,
    first: First<'_>,
    is_repeated: &mut bool,
    diagnostics: &mut Diagnostics,
) {
    let is_one_binding = first.mapping.binding.name.text == mapping.binding.name.text;
    if std::ptr::eq(first.mapping, mapping) || !is_one_binding {
        return linked_twice(link.to.pos, first.to, diagnostics);
    }
    let has_variable = [&link.from, &link.to].iter().any(|end| matches!(end.instance, Instance::Variable(_)));
    if has_variable && !std::mem::replace(is_repeated, true) {
        let error = diagnostics.report(
            Rule::links_repeated,
            mapping.binding.pos,
            "this mapping repeats links that another one has made",
        );
        error.help("give its variables other values, or remove it");
        error.note_at(first.mapping.pos, "the other one is created");
    }
}
