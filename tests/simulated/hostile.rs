//! The founding flow and its persistent twin under servers that misbehave in all ways at once, by seed. `--bin simulate` tries many more seeds.

use foreshock_tests::simulation::Flow;

#[test]
fn the_founding_flow_keeps_its_promises_whatever_servers_do() {
    Flow::Founding.simulation().seeds(0..200).run();
}

#[test]
fn its_persistent_twin_keeps_its_promises_over_crashes_on_a_disk_that_breaks() {
    Flow::Persistent.simulation().seeds(0..60).run();
}

#[test]
fn a_seed_gives_the_same_run_bit_for_bit() {
    for (flow, seed) in (0..10).flat_map(|seed| [(Flow::Founding, seed), (Flow::Persistent, seed)]) {
        let simulation = flow.simulation();
        let first = simulation.run_seed(seed).unwrap_or_else(|failure| panic!("{failure}"));
        let again = simulation.run_seed(seed).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!((first.trace, first.steps, &first.records), (again.trace, again.steps, &again.records));
        let other = simulation.run_seed(seed + 1).unwrap_or_else(|failure| panic!("{failure}"));
        assert_ne!(first.trace, other.trace);
    }
}
