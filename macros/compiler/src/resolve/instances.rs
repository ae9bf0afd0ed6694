//! The instances at the ends of a binding's links, as they are written: each is there, has a name that it can have, and is a
//! variable where one is meant. What their variables stand for is for `mappings`.

use std::collections::{BTreeMap, BTreeSet};

use super::ends::KINDS;
use crate::diagnostics::{Diagnostics, Rule};
use crate::syntax::Pos;
use crate::syntax::ast::{End, Instance, Link, Mapping, Name};

/// The variables to which mappings give values, by binding.
pub(super) struct Given(BTreeMap<String, BTreeSet<String>>);

impl Given {
    pub(super) fn new(mappings: &[Mapping]) -> Given {
        let mut given: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for mapping in mappings {
            let variables = given.entry(mapping.binding.name.text.clone()).or_default();
            variables.extend(mapping.variables.iter().map(|(name, _)| name.text.clone()));
        }
        Given(given)
    }

    /// The variables of one binding.
    pub(super) fn of(&self, binding: &str) -> impl Iterator<Item = &str> {
        self.0.get(binding).into_iter().flatten().map(String::as_str)
    }
}

/// `/onramp/metronome/i/out`, where `{i}` is a variable: one error for each variable, which is then read as one. The links,
/// and the names of these variables.
pub(super) fn variable_has_braces<'a>(
    mut links: Vec<Link>,
    given: impl Iterator<Item = &'a str>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Link>, BTreeSet<String>) {
    let mut variables: BTreeSet<String> = given.map(String::from).collect();
    for end in ends(&mut links) {
        if let Instance::Variable(name) = &end.instance {
            variables.insert(name.text.clone());
        }
    }
    let mut bare: BTreeMap<String, Vec<Pos>> = BTreeMap::new();
    for end in ends(&mut links) {
        let Instance::Literal(name) = &end.instance else { continue };
        if variables.contains(&name.text) {
            bare.entry(name.text.clone()).or_default().push(name.pos);
            end.instance = Instance::Variable(name.clone());
        }
    }
    for (name, places) in &bare {
        let [first, others @ ..] = places.as_slice() else { continue };
        let text = format!("the variable `{name}` stands here without its braces");
        let error = diagnostics.report(Rule::variable_without_braces, *first, text);
        error.help(format!("write `{{{name}}}`"));
        for other in others {
            error.note_at(*other, "also here");
        }
    }
    (links, bare.into_keys().collect())
}

fn ends(links: &mut [Link]) -> impl Iterator<Item = &mut End> {
    links.iter_mut().flat_map(|link| link.from.iter_mut().chain(&mut link.to))
}

/// `/offramp/ws0/in`: the port is there, the instance is not. It is taken for that of another end.
pub(super) fn instance_is_written(mut links: Vec<Link>, diagnostics: &mut Diagnostics) -> Vec<Link> {
    let is_port = |end: &End| match &end.instance {
        Instance::Literal(name) if ["in", "out", "err"].contains(&name.text.as_str()) => {
            end.port.is_none() && KINDS.contains(&end.kind.text.as_str())
        }
        _ => false,
    };
    let ends = links.iter().flat_map(|link| link.from.iter().chain(&link.to));
    let others: Vec<Instance> = ends.filter(|end| !is_port(end)).map(|end| end.instance.clone()).collect();
    let variable = others.iter().find(|other| matches!(other, Instance::Variable(_)));
    let other = variable.or(others.first()).cloned();
    for end in links.iter_mut().flat_map(|link| link.from.iter_mut().chain(&mut link.to)) {
        if !is_port(end) {
            continue;
        }
        let Instance::Literal(port) = end.instance.clone() else { continue };
        let (instance, shown) = match &other {
            Some(Instance::Variable(name)) => {
                let name = Name { text: name.text.clone(), pos: port.pos };
                (Instance::Variable(name.clone()), format!("{{{}}}", name.text))
            }
            Some(Instance::Literal(name)) => {
                let name = Name { text: name.text.clone(), pos: port.pos };
                (Instance::Literal(name.clone()), name.text)
            }
            None => {
                let name = Name { text: "01".to_string(), pos: port.pos };
                (Instance::Literal(name), "01".to_string())
            }
        };
        let (kind, name, port_text) = (&end.kind.text, &end.name.text, &port.text);
        let error = diagnostics.report(
            Rule::missing_instance,
            port.pos,
            format!("before the port `{port_text}` stands the instance"),
        );
        error.help(format!("write `/{kind}/{name}/{shown}/{port_text}`"));
        end.instance = instance;
        end.port = Some(port);
    }
    links
}

/// The characters of an instance's name: it stands in logs, settings and summaries.
pub(super) fn instance_is_plain(name: &Name, diagnostics: &mut Diagnostics) -> bool {
    let fits = |letter: char| letter.is_alphanumeric() || "_-.".contains(letter);
    let is_plain = !name.text.is_empty() && name.text.chars().all(fits);
    if !is_plain {
        let text = match name.text.as_str() {
            "" => "an instance has a name".to_string(),
            odd => format!("`{odd}` cannot be the name of an instance"),
        };
        diagnostics
            .report(Rule::odd_instance, name.pos, text)
            .help("it may have letters, digits, `_`, `-` and `.`");
    }
    is_plain
}
