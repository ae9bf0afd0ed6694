//! Bindings: the ends of their links meet artefacts and ports. Each binding is looked at once, whether it is mapped or
//! not; instances come later, in `mappings`.

use std::collections::{BTreeMap, BTreeSet};

use foreshock_spec::nearest;

use super::artefacts;
use super::graph::{self, ArtefactRef, Graph, NodeKind, Wire};
use super::instances::{Given, instance_is_plain, instance_is_written, variable_has_braces};
use super::loose::Explained;
use super::names::{Table, advise, meant_port};
use super::reversed;
use crate::diagnostics::{Diagnostics, Rule};
use crate::syntax::Pos;
use crate::syntax::ast::{BindingDef, End, Instance, Link, Name};

/// The artefacts of a flow.
pub(super) struct Artefacts<'a> {
    pub(super) onramps: artefacts::Artefacts,
    pub(super) offramps: artefacts::Artefacts,
    pub(super) pipelines: Table<usize>,
    pub(super) graph: &'a Graph,
    pub(super) unparsed: &'a BTreeSet<String>,
}

/// A `define binding`.
pub(super) struct Binding {
    pub(super) links: Vec<BoundLink>,
    /// The variables, each with its uses.
    pub(super) variables: BTreeMap<String, Vec<Pos>>,
    /// Something of it could not be parsed, which may have more links and variables.
    pub(super) is_broken: bool,
}

/// A link of a binding.
pub(super) struct BoundLink {
    pub(super) from: BoundEnd,
    pub(super) to: BoundEnd,
}

/// An end of a link that has met its artefact.
#[derive(Clone)]
pub(super) struct BoundEnd {
    pub(super) artefact: ArtefactRef,
    /// `/kind/name`, which tells apart what is unknown. With a `?` before it for what cannot stand here, so that it is
    /// not taken for the artefact of that name elsewhere.
    pub(super) path: String,
    pub(super) instance: Instance,
    pub(super) port: String,
    pub(super) pos: Pos,
    /// Something of it was wrong and is reported.
    pub(super) is_guess: bool,
}

/// Which end of a link.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Side {
    Start,
    Goal,
}

/// Resolves all bindings.
pub(super) fn bindings(
    definitions: Vec<BindingDef>,
    given: &Given,
    artefacts: &Artefacts<'_>,
    diagnostics: &mut Diagnostics,
) -> Table<Binding> {
    let mut table = Table::new("binding");
    let (mut missing, mut explained) = (Missing::new(), Explained::default());
    for definition in definitions {
        let is_broken = !definition.broken.words.is_empty();
        let mut binding = Binding { links: Vec::new(), variables: BTreeMap::new(), is_broken };
        let links = instance_is_written(definition.links.clone(), diagnostics);
        let (links, bare) = variable_has_braces(links, given.of(&definition.name.text), diagnostics);
        let (links, turned) = reversed::turned_round(links, artefacts, diagnostics);
        let mut seen = Seen { taken: taken_ports(&links), missing: &mut missing, explained: &mut explained };
        for (at, link) in links.iter().enumerate() {
            let is_bare =
                |end: &End| matches!(&end.instance, Instance::Variable(name) if bare.contains(&name.text));
            let from = link.from.as_ref().map(|from| {
                binding.note_variable(from);
                let bound = bound(from, Side::Start, artefacts, &mut seen, diagnostics);
                let is_guess = bound.is_guess || turned.contains(&at) || is_bare(from);
                BoundEnd { is_guess, ..bound }
            });
            let mut goals = Vec::new();
            for to in &link.to {
                binding.note_variable(to);
                let bound = bound(to, Side::Goal, artefacts, &mut seen, diagnostics);
                goals.push(BoundEnd { is_guess: bound.is_guess || is_bare(to), ..bound });
            }
            binding.connect(from, goals, diagnostics);
        }
        table.define(&definition.name, binding, diagnostics);
    }
    artefact_is_defined(&missing, artefacts, diagnostics);
    table
}

/// The bindings without their links.
pub(super) fn all(bindings: Table<Binding>, mapped: &BTreeSet<String>) -> Vec<graph::Binding> {
    let binding = |(name, binding): (Name, Binding)| {
        let is_mapped = mapped.contains(&name.text);
        graph::Binding { name, variables: binding.variables.into_keys().collect(), is_mapped }
    };
    bindings.into_items().map(binding).collect()
}

/// What the bindings link, whatever the instances.
pub(super) fn wires(bindings: &Table<Binding>) -> Vec<Wire> {
    let wire = |BoundLink { from, to }: &BoundLink| Wire {
        from: from.artefact,
        from_port: from.port.clone(),
        to: to.artefact,
        to_port: to.port.clone(),
    };
    bindings.items().flat_map(|binding| &binding.links).map(wire).collect()
}

impl Binding {
    fn note_variable(&mut self, end: &End) {
        if let Instance::Variable(name) = &end.instance {
            self.variables.entry(name.text.clone()).or_default().push(name.pos);
        }
    }

    /// Adds the links from one end to others. An end that could not be parsed is an unknown one.
    fn connect(&mut self, from: Option<BoundEnd>, goals: Vec<BoundEnd>, diagnostics: &mut Diagnostics) {
        let unknown = |other: &BoundEnd| BoundEnd {
            artefact: ArtefactRef::Unknown,
            path: "?".to_string(),
            port: String::new(),
            is_guess: true,
            ..other.clone()
        };
        let goals = match &from {
            Some(from) if goals.is_empty() => vec![unknown(from)],
            _ => goals,
        };
        for to in goals {
            let from = from.clone().unwrap_or_else(|| unknown(&to));
            self.add(BoundLink { from, to }, diagnostics);
        }
    }

    /// Adds a link, unless it is there, which is wrong whether something maps it or not.
    fn add(&mut self, link: BoundLink, diagnostics: &mut Diagnostics) {
        match self.links.iter().find(|first| first.from.is_same(&link.from) && first.to.is_same(&link.to)) {
            Some(first) if !link.is_guess() && !first.is_guess() => {
                linked_twice(link.to.pos, first.to.pos, diagnostics)
            }
            Some(_) => {}
            None => self.links.push(link),
        }
    }
}

/// Two equal links would deliver every event twice.
pub(super) fn linked_twice(second: Pos, first: Pos, diagnostics: &mut Diagnostics) {
    let error = diagnostics.report(Rule::linked_twice, second, "these two ports are linked twice");
    error.help("remove one of the two links").note_at(first, "first linked");
}

impl BoundLink {
    /// Something of it was wrong and is reported.
    pub(super) fn is_guess(&self) -> bool {
        self.from.is_guess || self.to.is_guess
    }
}

impl BoundEnd {
    fn is_same(&self, other: &BoundEnd) -> bool {
        let is_same_instance = match (&self.instance, &other.instance) {
            (Instance::Literal(a), Instance::Literal(b)) | (Instance::Variable(a), Instance::Variable(b)) => {
                a.text == b.text
            }
            _ => false,
        };
        is_same_instance && self.path == other.path && self.port == other.port
    }
}

/// What the ends before have shown.
struct Seen<'a> {
    taken: Taken,
    missing: &'a mut Missing,
    explained: &'a mut Explained,
}

/// Artefacts that nobody defines, by kind and name, with the places of their names.
type Missing = BTreeMap<(String, String), Vec<Pos>>;

/// The ports from which links start, by artefact.
pub(super) type Taken = BTreeMap<String, BTreeSet<String>>;

pub(super) fn taken_ports(links: &[Link]) -> Taken {
    let mut taken = Taken::new();
    for from in links.iter().filter_map(|link| link.from.as_ref()) {
        taken.entry(path(&from.kind.text, &from.name.text)).or_default().insert(port(from, Side::Start));
    }
    taken
}

pub(super) fn path(kind: &str, name: &str) -> String {
    format!("/{kind}/{name}")
}

pub(super) fn port(end: &End, side: Side) -> String {
    match (&end.port, side) {
        (Some(port), _) => port.text.clone(),
        (None, Side::Start) => "out".to_string(),
        (None, Side::Goal) => "in".to_string(),
    }
}

/// An end and its artefact; what is wrong with it is reported.
fn bound(
    end: &End,
    side: Side,
    artefacts: &Artefacts<'_>,
    seen: &mut Seen<'_>,
    diagnostics: &mut Diagnostics,
) -> BoundEnd {
    let before = diagnostics.errors();
    if let Instance::Literal(name) = &end.instance {
        instance_is_plain(name, diagnostics);
    }
    let mut bound = BoundEnd {
        artefact: ArtefactRef::Unknown,
        path: format!("?{}", path(&end.kind.text, &end.name.text)),
        instance: end.instance.clone(),
        port: port(end, side),
        pos: end.pos,
        is_guess: false,
    };
    let end = &kind_is_known(end, diagnostics);
    if KINDS.contains(&end.kind.text.as_str())
        && kind_fits(end, side, diagnostics)
        && let Some((artefact, name)) = meant_artefact(end, artefacts, seen, diagnostics)
    {
        bound.artefact = artefact;
        bound.path = path(&end.kind.text, &name);
        bound.port = port_exists(end, side, artefact, artefacts, seen, diagnostics);
        bound.is_guess = name != end.name.text;
    }
    bound.is_guess |= diagnostics.errors() > before || bound.artefact == ArtefactRef::Unknown;
    bound
}

/// What a link can have at its ends.
pub(super) const KINDS: [&str; 3] = ["onramp", "pipeline", "offramp"];

/// The end, of a kind that there is, or that was probably meant.
fn kind_is_known(end: &End, diagnostics: &mut Diagnostics) -> End {
    let kind = end.kind.text.as_str();
    if KINDS.contains(&kind) {
        return end.clone();
    }
    if kind == "binding" {
        diagnostics
            .report(Rule::unknown_artefact_kind, end.kind.pos, "a binding is no end of a link")
            .help("link what the binding links");
    } else {
        let error = diagnostics.report(
            Rule::unknown_artefact_kind,
            end.kind.pos,
            format!("there is no kind of artefact called `{kind}`"),
        );
        advise(error, kind, "kinds", KINDS);
    }
    let mut meant = end.clone();
    meant.kind.text = nearest(kind, KINDS).unwrap_or(kind).to_string();
    meant
}

/// Links start where events come out, and lead to where they go in (language page, "Bindings and links").
fn kind_fits(end: &End, side: Side, diagnostics: &mut Diagnostics) -> bool {
    let kind = end.kind.text.as_str();
    match (side, kind) {
        (Side::Goal, "onramp") => {
            let error = diagnostics.report(Rule::wrong_end, end.pos, "a link cannot lead to an onramp");
            error.help("links lead to an input of a pipeline, or to the `in` of an offramp");
            false
        }
        (Side::Start, "offramp") if port(end, side) != "err" => {
            let error = diagnostics.report(
                Rule::wrong_end,
                end.pos,
                "a link cannot start here: only the `err` of an offramp gives events",
            );
            error.help("links start at the `out` or `err` of an onramp, an output of a pipeline, or the `err` of an offramp");
            false
        }
        _ => true,
    }
}

/// The artefact of an end: the one of its name, or else one that was probably meant, with its name.
fn meant_artefact(
    end: &End,
    artefacts: &Artefacts<'_>,
    seen: &mut Seen<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<(ArtefactRef, String)> {
    let (kind, name) = (end.kind.text.as_str(), end.name.text.as_str());
    if let Some(artefact) = artefacts.find(kind, name) {
        return Some((artefact, name.to_string()));
    }
    if artefacts.unparsed.contains(name) {
        return None;
    }
    if name.starts_with("system::") {
        system_artefact_is_known(kind, &end.name, diagnostics);
        return None;
    }
    let names = artefacts.names(kind);
    let meant = nearest(name, names.iter().copied());
    // a definition without a name may be that of this one
    if meant.is_none() && artefacts.find(kind, "").is_some() {
        return None;
    }
    seen.missing.entry((kind.to_string(), name.to_string())).or_default().push(end.name.pos);
    // where there is but one, it is hardly another
    let only = names.first().copied().filter(|_| names.len() == 1);
    let meant = meant.or(only)?;
    Some((artefacts.find(kind, meant)?, meant.to_string()))
}

/// What the system has without a definition is two offramps.
fn system_artefact_is_known(kind: &str, name: &Name, diagnostics: &mut Diagnostics) {
    let legal = || artefacts::SYSTEM_OFFRAMPS.iter().map(|(name, _)| *name);
    let is_misspelt = kind == "offramp" && nearest(&name.text, legal()).is_some();
    let text = match is_misspelt {
        true => format!("there is no offramp `{}`", name.text),
        false => format!("the {kind} `{}` is not supported yet", name.text),
    };
    let error = diagnostics.report(Rule::unknown_system_artefact, name.pos, text);
    if kind == "offramp" {
        advise(error, &name.text, "offramps of the system", legal());
    }
}

/// One error for each name, at its first use.
fn artefact_is_defined(missing: &Missing, artefacts: &Artefacts<'_>, diagnostics: &mut Diagnostics) {
    for ((kind, name), uses) in missing {
        let [first, others @ ..] = uses.as_slice() else { continue };
        let error =
            diagnostics.report(Rule::unknown_artefact, *first, format!("there is no {kind} `{name}`"));
        if let Some(other) = KINDS.iter().find(|other| artefacts.find(other, name).is_some()) {
            error.help(format!("`{name}` is the name of another kind: `/{other}/{name}/…`"));
        }
        let system = artefacts::SYSTEM_OFFRAMPS.iter().map(|(system, _)| *system);
        let meant = system.into_iter().find(|system| system.strip_prefix("system::") == Some(name.as_str()));
        if let Some(meant) = meant.filter(|_| kind == "offramp") {
            error.help(format!("that of the system is called `{meant}`"));
        }
        let names = artefacts.names(kind);
        if names.is_empty() && meant.is_none() {
            error.help(format!("add `define {kind} {name} …`"));
        }
        advise(error, name, &format!("{kind}s"), names);
        for other in others {
            error.note_at(*other, "also used");
        }
    }
}

impl Artefacts<'_> {
    /// `Unknown` for one whose definition is wrong, which is reported.
    pub(super) fn find(&self, kind: &str, name: &str) -> Option<ArtefactRef> {
        let known = match kind {
            "onramp" => self.onramps.get(name)?.map(ArtefactRef::Onramp),
            "offramp" => self.offramps.get(name)?.map(ArtefactRef::Offramp),
            _ => self.pipelines.get(name).copied().map(|index| Some(ArtefactRef::Pipeline(index)))?,
        };
        Some(known.unwrap_or(ArtefactRef::Unknown))
    }

    fn names(&self, kind: &str) -> Vec<&str> {
        match kind {
            "onramp" => self.onramps.names().collect(),
            "offramp" => self.offramps.names().collect(),
            _ => self.pipelines.names().collect(),
        }
    }

    /// The ports of an artefact; `None` where nobody knows.
    pub(super) fn ports(&self, artefact: ArtefactRef, side: Side) -> Option<Vec<String>> {
        let rows = |ports: &[&str]| ports.iter().map(|port| (*port).to_string()).collect();
        match (artefact, side) {
            (ArtefactRef::Onramp(index), _) => Some(rows(self.graph.onramps[index].row.ports)),
            (ArtefactRef::Offramp(index), Side::Start) => Some(rows(self.graph.offramps[index].row.ports)),
            (ArtefactRef::Offramp(_), Side::Goal) => Some(rows(&["in"])),
            (ArtefactRef::Pipeline(index), side) => Some(self.pipeline_ports(index, side)),
            (ArtefactRef::Unknown, _) => None,
        }
    }

    /// What fails in a query comes out of `err`, whether a select leads there or not.
    fn pipeline_ports(&self, index: usize, side: Side) -> Vec<String> {
        let mut ports: Vec<String> = Vec::new();
        for node in &self.graph.pipelines[index].nodes {
            match (&node.kind, side) {
                (NodeKind::Input { port }, Side::Goal) | (NodeKind::Output { port }, Side::Start) => {
                    ports.push(port.clone());
                }
                _ => {}
            }
        }
        if side == Side::Start && !ports.iter().any(|port| port == "err") {
            ports.push("err".to_string());
        }
        ports
    }
}

/// The port of an end, or the one that was probably meant.
fn port_exists(
    end: &End,
    side: Side,
    artefact: ArtefactRef,
    artefacts: &Artefacts<'_>,
    seen: &mut Seen<'_>,
    diagnostics: &mut Diagnostics,
) -> String {
    let written = port(end, side);
    let Some(legal) = artefacts.ports(artefact, side) else { return written };
    if legal.contains(&written) {
        return written;
    }
    let Seen { taken, explained, .. } = seen;
    let taken = taken.entry(path(&end.kind.text, &end.name.text)).or_default();
    if let ArtefactRef::Pipeline(index) = artefact {
        let is_named = side == Side::Start && written != "out" && taken.contains("out");
        let is_last = is_named && !legal.iter().any(|port| port == "out");
        let pipeline = &artefacts.graph.pipelines[index];
        if explained.explains((index, pipeline), side, &written, &legal, is_last) {
            return written;
        }
    }
    let (pos, shown) = match &end.port {
        Some(port) => (port.pos, format!("no port `{written}`")),
        None => (end.pos, format!("no port `{written}`, which is meant where none is written")),
    };
    let where_to = if side == Side::Goal { " for events to come in" } else { "" };
    let text = format!("the {} `{}` has {shown}{where_to}", end.kind.text, end.name.text);
    let error = diagnostics.report(Rule::unknown_artefact_port, pos, text);
    if matches!(artefact, ArtefactRef::Pipeline(index) if artefacts.graph.pipelines[index].is_empty()) {
        error.help("nothing stands in the pipeline: add `select event from in into out;`");
        return written;
    }
    advise(error, &written, "ports", legal.iter().map(String::as_str));
    if side == Side::Goal {
        return meant_port(&written, &legal, &BTreeSet::new()).unwrap_or(written);
    }
    let meant = meant_port(&written, &legal, taken).unwrap_or(written);
    taken.insert(meant.clone());
    meant
}
