//! What is told of a flow in numbers, against what the documentation says of it.

use super::families::{Family, Type, all};

/// The table in the documentation, as the families have it.
fn table() -> String {
    let row = |(Family { name, ty, help, .. }, labels): (&Family, &str)| {
        let ty = match ty {
            Type::Counter => "counter",
            Type::Gauge => "gauge",
        };
        format!("| `{name}` | {ty} | {labels} | {help} |\n")
    };
    all().map(row).collect()
}

#[test]
fn the_documentation_has_all_families_and_no_others() {
    let page = include_str!("../../../docs/operations.md");
    let told: String =
        page.lines().filter(|line| line.starts_with("| `foreshock_")).flat_map(|line| [line, "\n"]).collect();
    assert!(told == table(), "`docs/operations.md` must have this table:\n\n{}", table());
}

#[test]
fn names_follow_the_rules_of_prometheus() {
    let mut names: Vec<&str> = Vec::new();
    for (Family { name, ty, help, .. }, _) in all() {
        assert!(name.starts_with("foreshock_"), "{name}");
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{name}");
        assert_eq!(name.ends_with("_total"), *ty == Type::Counter, "{name}");
        assert!(!help.contains(['\n', '\\', '|']) && !help.ends_with('.'), "{name}: {help}");
        assert!(!names.contains(name), "{name} is there twice");
        names.push(name);
    }
}

#[test]
fn the_family_of_each_count_has_its_name() {
    let numbers = crate::program::summary::numbers(&crate::core::Counts::default());
    for ((name, _), family) in numbers.iter().zip(&super::families::COUNTS) {
        assert!(family.name.contains(name), "{name} is told as {}", family.name);
    }
}

#[cfg(feature = "prometheus")]
mod page {
    use std::time::Duration;

    use crate::core::{Counts, Measures, NodeKind, RoundTrip, Syncs};
    use crate::driver::{NodeState, Snapshot};
    use crate::program::metrics::Seen;
    use crate::program::metrics::page::page;
    use crate::program::tests::ONE_CLEAN;

    fn node(path: &str, kind: NodeKind, measures: Measures) -> NodeState {
        NodeState {
            path: path.to_owned(),
            instance: "0\"1\\".to_owned(),
            kind,
            counts: Counts { taken: u64::MAX, ..Counts::default() },
            measures,
            triggered: kind == NodeKind::Sink,
            times_triggered: 3,
        }
    }

    #[test]
    fn a_family_is_told_once_and_what_nobody_measures_not_at_all() {
        let syncs = Syncs { count: 2, total: Duration::from_micros(1_500_001), ..Syncs::default() };
        let trip = RoundTrip { last: Duration::from_micros(50), smoothed: Duration::ZERO };
        let log = Measures { room: Some(7), syncs: Some(syncs), ..Measures::default() };
        let sink = Measures { round_trip: Some(trip), ..Measures::default() };
        let nodes =
            vec![node("pipeline.p.log", NodeKind::Operator, log), node("offramp.o", NodeKind::Sink, sink)];
        let snapshot = Snapshot { nodes, pending: 5, kept: 2, failure: None };
        let seen = [
            Seen { instance: "0\"1\\", is_up: true, snapshot: Some(&snapshot) },
            Seen { instance: "02", is_up: false, snapshot: None },
        ];
        let page = page(&ONE_CLEAN, &seen);
        let of = |name: &str| -> Vec<&str> {
            let is_it = |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with('{'));
            page.lines().filter(is_it).map(|line| &line[name.len()..]).collect()
        };
        assert_eq!(of("foreshock_build_info"), ["{flow=\"Demo\",version=\"1.2.3\"} 1"]);
        let up = ["{flow=\"Demo\",instance=\"0\\\"1\\\\\"} 1", "{flow=\"Demo\",instance=\"02\"} 0"];
        assert_eq!(of("foreshock_instance_up"), up);
        assert_eq!(of("foreshock_instance_kept_events"), ["{flow=\"Demo\",instance=\"0\\\"1\\\\\"} 2"]);
        let labels = |node: &str, kind: &str| {
            format!("{{flow=\"Demo\",instance=\"0\\\"1\\\\\",node=\"{node}\",kind=\"{kind}\"}}")
        };
        let (log, sink) = (labels("pipeline.p.log", "operator"), labels("offramp.o", "sink"));
        let taken = [format!("{log} {}", u64::MAX), format!("{sink} {}", u64::MAX)];
        assert_eq!(of("foreshock_taken_events_total"), taken);
        assert_eq!(of("foreshock_breaker_triggered"), [format!("{log} 0"), format!("{sink} 1")]);
        assert_eq!(of("foreshock_room_events"), [format!("{log} 7")]);
        assert_eq!(of("foreshock_room_bytes"), [""; 0]);
        assert_eq!(of("foreshock_round_trip_seconds"), [format!("{sink} 0.000050000")]);
        assert_eq!(of("foreshock_sync_seconds_total"), [format!("{log} 1.500001000")]);
        let heads = page.matches("# TYPE foreshock_taken_events_total counter\n").count();
        assert_eq!(heads, 1);
        assert!(!page.contains("# TYPE foreshock_room_bytes"), "without a number there is no family");
    }
}

#[cfg(feature = "metrics")]
mod publish {
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use metrics::{
        Counter, CounterFn, Gauge, GaugeFn, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    };
    use tokio::time::sleep;

    use crate::program::Builder;
    use crate::program::tests::ONE_CLEAN;

    /// The numbers of each series, in the order in which they came.
    type Series = BTreeMap<String, Vec<f64>>;

    #[derive(Clone, Default)]
    struct Taken(Arc<Mutex<Series>>, Arc<Mutex<Vec<String>>>);

    struct Handle(Taken, String);

    impl Handle {
        fn add(&self, number: f64) {
            self.0.0.lock().unwrap().entry(self.1.clone()).or_default().push(number);
        }
    }

    impl CounterFn for Handle {
        fn increment(&self, _: u64) {
            panic!("the numbers are totals");
        }
        fn absolute(&self, value: u64) {
            self.add(value as f64);
        }
    }

    impl GaugeFn for Handle {
        fn increment(&self, _: f64) {
            panic!("the numbers are levels");
        }
        fn decrement(&self, _: f64) {
            panic!("the numbers are levels");
        }
        fn set(&self, value: f64) {
            self.add(value);
        }
    }

    impl Taken {
        fn handle(&self, key: &Key) -> Arc<Handle> {
            let labels = key.labels().map(|label| format!(" {}={}", label.key(), label.value()));
            Arc::new(Handle(self.clone(), labels.fold(key.name().to_owned(), |all, label| all + &label)))
        }

        fn of(&self, series: &str) -> Vec<f64> {
            self.0.lock().unwrap().get(series).cloned().unwrap_or_default()
        }

        fn described(&self, key: &KeyName, unit: Option<Unit>) {
            self.1.lock().unwrap().push(format!("{} {unit:?}", key.as_str()));
        }
    }

    impl Recorder for Taken {
        fn describe_counter(&self, key: KeyName, unit: Option<Unit>, _: SharedString) {
            self.described(&key, unit);
        }
        fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, _: SharedString) {
            self.described(&key, unit);
        }
        fn describe_histogram(&self, key: KeyName, _: Option<Unit>, _: SharedString) {
            panic!("{key:?}");
        }
        fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
            Counter::from_arc(self.handle(key))
        }
        fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
            Gauge::from_arc(self.handle(key))
        }
        fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
            panic!("{key:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_flow_publishes_once_a_second_and_at_its_end() {
        let taken = Taken::default();
        let _guard = metrics::set_default_local_recorder(&taken);
        let flow = Builder::new(&ONE_CLEAN).start().expect("it starts");
        sleep(Duration::from_millis(2500)).await;
        let up = || taken.of("foreshock_instance_up flow=Demo instance=clean");
        assert_eq!(up(), [1.0, 1.0, 1.0]);
        assert!(flow.drain().await.is_clean());
        assert_eq!(up(), [1.0, 1.0, 1.0, 0.0]);
        assert_eq!(taken.of("foreshock_build_info flow=Demo version=1.2.3").len(), 4);
        let series: Vec<String> = taken.0.lock().unwrap().keys().cloned().collect();
        let is_count = |series: &&String| series.starts_with("foreshock_taken_events_total flow=Demo");
        assert_eq!(series.iter().filter(is_count).count(), 1, "{series:?}");
        let described = taken.1.lock().unwrap().clone();
        assert_eq!(described.len(), super::all().count());
        assert!(
            described.contains(&"foreshock_sync_seconds_total Some(Seconds)".to_owned()),
            "{described:?}"
        );
        sleep(Duration::from_secs(10)).await;
        assert_eq!(up().len(), 4, "the flow has ended");
    }

    #[tokio::test(start_paused = true)]
    async fn a_flow_that_is_dropped_publishes_no_more() {
        let taken = Taken::default();
        let _guard = metrics::set_default_local_recorder(&taken);
        let flow = Builder::new(&ONE_CLEAN).start().expect("it starts");
        sleep(Duration::from_millis(500)).await;
        drop(flow);
        sleep(Duration::from_secs(10)).await;
        assert_eq!(taken.of("foreshock_instance_up flow=Demo instance=clean"), [1.0]);
    }
}
