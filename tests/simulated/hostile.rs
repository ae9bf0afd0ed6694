//! The founding flow under servers that misbehave in all ways at once, by seed. `--bin simulate` tries many more seeds.

use foreshock_tests::simulation::founding;

#[test]
fn the_founding_flow_keeps_its_promises_whatever_servers_do() {
    founding().seeds(0..200).run();
}

#[test]
fn a_seed_gives_the_same_run_bit_for_bit() {
    let simulation = founding();
    for seed in 0..10 {
        let first = simulation.run_seed(seed).unwrap_or_else(|failure| panic!("{failure}"));
        let again = simulation.run_seed(seed).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!((first.trace, first.steps, &first.records), (again.trace, again.steps, &again.records));
        let other = simulation.run_seed(seed + 1).unwrap_or_else(|failure| panic!("{failure}"));
        assert_ne!(first.trace, other.trace);
    }
}
