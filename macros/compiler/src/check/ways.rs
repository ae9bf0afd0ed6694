//! The rule that the ways of one event have an end: streams and links can double them again and again, and later passes
//! count them one by one. How many places an event takes on them is lower's.

use foreshock_spec::OperatorRole;

use crate::check::order::Arrows;
use crate::diagnostics::{Diagnostics, Rule};
use crate::resolve::graph::{ArtefactRef, Graph, InstanceId, NodeKind, Pipeline};
use crate::syntax::Pos;

/// An event can go so many ways at most, until it comes to logs, or leaves the flow.
const MOST_WAYS: usize = 4096;

/// What one event makes has an end: in each pipeline, and over the links of the deployment.
pub(super) fn too_many_ways(graph: &Graph, diagnostics: &mut Diagnostics) {
    let alone = graph.pipelines.iter().find_map(|pipeline| {
        let mut ways = Ways::default();
        ways.add(pipeline, true);
        ways.first_excess()
    });
    let Some(pos) = alone.or_else(|| Ways::of_deployment(graph).first_excess()) else { return };
    let text = format!("an event can go more than {MOST_WAYS} ways from here on");
    diagnostics.report(Rule::too_many_ways, pos, text).help("let fewer ways part that come together again");
}

/// A way leads through so many pipelines at most, one behind the other: their code is one call in the other.
const MOST_PIPELINES: usize = 64;

/// A way from an onramp has an end that later passes, and the calls of the code that is made, can go down to.
pub(super) fn way_too_long(graph: &Graph, diagnostics: &mut Diagnostics) {
    let (instances, links) = (&graph.deployment.instances, &graph.deployment.links);
    let arrows = Arrows::new(instances.len(), links.iter().map(|link| (link.from.0, link.to.0)));
    if !arrows.cycles().is_empty() {
        return;
    }
    let mut leading: Vec<Vec<usize>> = vec![Vec::new(); instances.len()];
    for (at, link) in links.iter().enumerate() {
        leading[link.from.0].push(at);
    }
    // pipelines on the longest way up to an instance, itself too
    let own = |at: usize| usize::from(matches!(instances[at].artefact, ArtefactRef::Pipeline(_)));
    let mut passed: Vec<usize> = (0..instances.len()).map(own).collect();
    for from in arrows.order() {
        for link in leading[from].iter().map(|at| &links[*at]) {
            let here = passed[from] + own(link.to.0);
            if here > MOST_PIPELINES && own(link.to.0) > 0 {
                let text = format!("the way to here leads through more than {MOST_PIPELINES} pipelines");
                let error = diagnostics.report(Rule::way_too_long, link.to_pos, text);
                error.help("let one pipeline do the work of several: a pipeline has any number of selects");
                return;
            }
            passed[link.to.0] = passed[link.to.0].max(here);
        }
    }
}

/// Places that events come to, and where they go on from there.
#[derive(Default)]
struct Ways {
    places: Vec<Place>,
}

struct Place {
    /// Where it is told, if it is.
    pos: Option<Pos>,
    /// An event that comes here rests here.
    is_log: bool,
    to: Vec<usize>,
}

impl Ways {
    /// Adds the nodes of a pipeline, told if they are logs or all are; gives the place of the first one.
    fn add(&mut self, pipeline: &Pipeline, all_are_told: bool) -> usize {
        let first = self.places.len();
        let places = pipeline.nodes.iter().map(|node| {
            let is_log =
                matches!(&node.kind, NodeKind::Operator { row, .. } if row.role == OperatorRole::Log);
            Place { pos: (all_are_told || is_log).then_some(node.pos), is_log, to: Vec::new() }
        });
        self.places.extend(places);
        for edge in &pipeline.edges {
            self.places[first + edge.from.0].to.push(first + edge.to.0);
        }
        first
    }

    fn of_deployment(graph: &Graph) -> Ways {
        let mut ways = Ways::default();
        let instances = &graph.deployment.instances;
        let firsts = instances.iter().map(|instance| match instance.artefact {
            ArtefactRef::Pipeline(at) => ways.add(&graph.pipelines[at], false),
            _ => {
                ways.places.push(Place { pos: None, is_log: false, to: Vec::new() });
                ways.places.len() - 1
            }
        });
        let firsts: Vec<usize> = firsts.collect();
        for link in &graph.deployment.links {
            let pipeline = |id: InstanceId| match instances[id.0].artefact {
                ArtefactRef::Pipeline(at) => Some(&graph.pipelines[at]),
                _ => None,
            };
            let input = pipeline(link.to).and_then(|to| to.input(&link.to_port));
            let to = firsts[link.to.0] + input.map_or(0, |input| input.0);
            let Some(from) = pipeline(link.from) else {
                ways.leads(firsts[link.from.0], to, link.to_pos);
                continue;
            };
            let starts = from.nodes.iter().enumerate().filter(|(_, node)| match &node.kind {
                NodeKind::Output { port } => *port == link.from_port,
                // whatever comes in may fail
                NodeKind::Input { .. } => link.from_port == "err",
                _ => false,
            });
            starts.for_each(|(at, _)| ways.leads(firsts[link.from.0] + at, to, link.to_pos));
        }
        ways
    }

    /// A link.
    fn leads(&mut self, from: usize, to: usize, pos: Pos) {
        self.places[from].to.push(to);
        self.places[from].pos = Some(pos);
    }

    /// The place nearest to the end where the ways are too many. Nothing where events go round, which is reported.
    fn first_excess(&self) -> Option<Pos> {
        let steps = self.places.iter().enumerate();
        let steps = steps.flat_map(|(from, place)| place.to.iter().map(move |to| (from, *to)));
        let arrows = Arrows::new(self.places.len(), steps);
        if !arrows.cycles().is_empty() {
            return None;
        }
        let ways_of =
            |to: usize, behind: &[usize]| if self.places[to].is_log { 1 } else { behind[to].max(1) };
        let mut behind = vec![0_usize; self.places.len()];
        for at in arrows.order().into_iter().rev() {
            let ways = self.places[at].to.iter().map(|to| ways_of(*to, &behind));
            behind[at] = ways.fold(0, usize::saturating_add);
            if let Some(pos) = self.places[at].pos.filter(|_| behind[at] > MOST_WAYS) {
                return Some(pos);
            }
        }
        None
    }
}
