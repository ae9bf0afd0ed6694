//! Flows of many shapes as whole programs in virtual time: what the summary says of each node after some time.

use std::time::Duration;

use foreshock::program::{Builder, Summary};
use foreshock::testing::sim::Sim;
use tokio::time::sleep;

use super::{Habits, Received, run, serve};

/// Runs a flow for `ms` of virtual time and drains it.
pub(crate) fn after(builder: &Builder, ms: u64) -> Summary {
    run(async {
        let flow = builder.start_in(&Sim::new(1)).expect("it starts");
        sleep(Duration::from_millis(ms)).await;
        flow.drain().await
    })
}

/// What a node took and had acknowledged.
fn check(summary: &Summary, instance: &str, expected: &[(&str, u64, u64)]) {
    for (path, taken, acked) in expected {
        let node = summary.node(instance, path).unwrap_or_else(|| panic!("no {path} in {summary}"));
        assert_eq!((node.counts.taken, node.counts.acked), (*taken, *acked), "{path}: {summary}");
    }
}

mod no_log {
    foreshock::pipeline! {
        pub(super) flow NoLog;
        define onramp m from metronome with interval = 10 end;
        define offramp sink from blackhole with delay = 3 end;
        define pipeline p select event from in into out; end;
        define binding b links
            /onramp/m/{i}/out => /pipeline/p/{i}/in,
            /pipeline/p/{i}/out => /offramp/sink/{i}/in
        end;
        create binding /binding/b/x with i = "x" end;
    }
}

#[test]
fn without_a_log_events_go_straight_through() {
    let summary = after(&no_log::NoLog::builder(), 105);
    assert!(summary.is_clean(), "{summary}");
    check(&summary, "x", &[("onramp.m", 10, 10), ("offramp.sink", 10, 10)]);
    let text = summary.to_string();
    for line in ["onramp.m      taken 10, emitted 10, acked 10", "pipeline.p    taken 10, emitted 10"] {
        assert!(text.contains(&format!("  {line}\n")), "no `{line}`: {text}");
    }
}

#[test]
fn without_a_log_what_fails_is_lost_and_said_so() {
    let mut builder = no_log::NoLog::builder();
    builder.set("offramp.sink.fail_every", 5_u64).expect("it is tunable");
    let summary = after(&builder, 105);
    assert_eq!((summary.lost, summary.is_clean()), (2, false), "{summary}");
    check(&summary, "x", &[("onramp.m", 10, 8)]);
}

#[test]
fn without_room_the_metronome_pauses_and_makes_up_nothing() {
    let mut builder = no_log::NoLog::builder();
    builder.set("offramp.sink.capacity", 2_u64).expect("it is tunable");
    builder.set("offramp.sink.delay", 50_u64).expect("it is tunable");
    let summary = after(&builder, 105);
    assert!(summary.is_clean(), "{summary}");
    let made = summary.node("x", "onramp.m").expect("it is there").counts.taken;
    assert!((4..=5).contains(&made), "two at a time in 50 ms each: {summary}");
}

mod fan {
    foreshock::pipeline! {
        pub(super) flow Fan;
        define onramp fast from metronome with interval = 10 end;
        define onramp slow from metronome with interval = 20 end;
        define offramp left from blackhole end;
        define offramp right from blackhole with fail_every = 7 end;
        define offramp errors from blackhole end;
        define pipeline first
            define qos::wal operator log with read_count = 3, max_elements = 5 end;
            create operator log;
            select event from in into log;
            select event from log where event.id != 2 into out;
            select { "bad": 9223372036854775807 * event.id } from in where event.id == 3 into out;
        end;
        define pipeline second
            define qos::wal operator log with read_count = 3, max_elements = 50 end;
            create operator log;
            select event from in into log;
            select event from log into out;
        end;
        define binding b links
            /onramp/fast/{i}/out => /pipeline/first/{i}/in,
            /onramp/slow/{i}/out => /pipeline/first/{i}/in,
            /pipeline/first/{i}/out => /pipeline/second/{i}/in,
            /pipeline/first/{i}/err => /offramp/errors/{i}/in,
            /pipeline/second/{i}/out => [/offramp/left/{i}/in, /offramp/right/{i}/in]
        end;
        create binding /binding/b/one with i = "one" end;
        create binding /binding/b/two with i = "two" end;
    }
}

#[test]
fn two_sources_two_pipelines_two_sinks_two_mappings() {
    let summary = after(&fan::Fan::builder(), 205);
    assert!(summary.is_clean(), "{summary}");
    for instance in ["one", "two"] {
        check(&summary, instance, &[("onramp.fast", 20, 20), ("onramp.slow", 10, 10)]);
        let node = |path| summary.node(instance, path).expect("it is there").counts;
        assert_eq!(node("pipeline.first.log").acked, 30, "{summary}");
        assert_eq!(node("pipeline.first").errors, 2, "an overflow, once for each metronome: {summary}");
        assert_eq!(node("offramp.errors").taken, 2, "{summary}");
        let second = node("pipeline.second.log");
        assert_eq!(second.acked, 28, "two are filtered: {summary}");
        assert!(second.replayed > 0, "the right sink fails every seventh: {summary}");
        assert_eq!(node("offramp.left").taken, 28 + second.replayed, "a fail replays to both: {summary}");
    }
}

mod slow_and_failing {
    foreshock::pipeline! {
        pub(super) flow SlowAndFailing;
        define onramp m from metronome with interval = 50 end;
        define offramp slow from blackhole with delay = 1000 end;
        define offramp failing from blackhole with fail_every = 1 end;
        define pipeline p
            define qos::wal operator log with read_count = 3, max_elements = 50 end;
            create operator log;
            select event from in into log;
            select event from log into out/slow;
            select event from in into out/failing;
        end;
        define binding b links
            /onramp/m/{i}/out => /pipeline/p/{i}/in,
            /pipeline/p/{i}/slow => /offramp/slow/{i}/in,
            /pipeline/p/{i}/failing => /offramp/failing/{i}/in
        end;
        create binding /binding/b/x with i = "x" end;
    }
}

#[test]
fn a_drain_waits_for_what_a_log_keeps_of_an_event_that_has_failed_elsewhere() {
    let mut builder = slow_and_failing::SlowAndFailing::builder();
    builder.set("flow.drain_timeout", 3000_u64).expect("it is tunable");
    let summary = after(&builder, 1525);
    let made = summary.node("x", "onramp.m").expect("it is there").counts;
    assert_eq!((made.taken, made.emitted, made.acked, made.pending), (30, 30, 0, 0), "{summary}");
    assert_eq!((summary.lost, summary.undelivered), (30, 0), "each is lost once: {summary}");
    check(&summary, "x", &[("pipeline.p.log", 30, 30), ("offramp.slow", 30, 30)]);
    let log = summary.node("x", "pipeline.p.log").expect("it is there").counts;
    assert_eq!(log.pending, 0, "{summary}");
}

#[test]
fn what_a_log_keeps_at_the_end_of_a_drain_is_undelivered_and_not_lost() {
    let mut builder = slow_and_failing::SlowAndFailing::builder();
    builder.set("flow.drain_timeout", 200_u64).expect("it is tunable");
    let summary = after(&builder, 1525);
    let log = summary.node("x", "pipeline.p.log").expect("it is there").counts;
    assert!(log.pending > 0, "{summary}");
    assert_eq!((summary.undelivered, summary.lost), (log.pending, 30 - log.pending), "{summary}");
}

mod dead_letter {
    foreshock::pipeline! {
        pub(super) flow DeadLetter;
        define onramp m from metronome with interval = 10 end;
        define offramp server from ws with url = "ws://ws0:80/" end;
        define offramp letters from blackhole end;
        define pipeline p
            define qos::wal operator log with read_count = 3, max_elements = 50 end;
            create operator log;
            select event from in into log;
            select event from log into out;
        end;
        define pipeline dead
            select { "why": event.error, "id": event["event"].id } from in into out;
        end;
        define binding b links
            /onramp/m/{i}/out => /pipeline/p/{i}/in,
            /pipeline/p/{i}/out => /offramp/server/{i}/in,
            /offramp/server/{i}/err => /pipeline/dead/{i}/in,
            /pipeline/dead/{i}/out => /offramp/letters/{i}/in
        end;
        create binding /binding/b/x with i = "x" end;
    }
}

#[test]
fn what_a_peer_cannot_bear_goes_to_the_offramps_err() {
    let summary = run(async {
        let sim = Sim::new(3);
        let habits = Habits { cannot_bear: Some(7), ..Habits::default() };
        let _server = serve(&sim, 0, &Received::default(), habits);
        let flow = dead_letter::DeadLetter::builder().start_in(&sim).expect("it starts");
        sleep(Duration::from_secs(3)).await;
        flow.drain().await
    });
    assert!(summary.is_clean(), "{summary}");
    check(&summary, "x", &[("offramp.letters", 1, 1)]);
    let made = summary.node("x", "onramp.m").expect("it is there").counts;
    assert_eq!(made.taken, made.acked, "{summary}");
}

mod twice {
    foreshock::pipeline! {
        pub(super) flow Twice;
        define onramp m from metronome with interval = 10 end;
        define offramp server from ws with url = "ws://ws0:80/", window_events = 1 end;
        define pipeline p
            define qos::wal operator log with read_count = 3, max_elements = 50 end;
            create operator log;
            select event from in into log;
            select { "id": event.id, "copy": 1 } from log into out;
            select { "id": event.id, "copy": 2 } from log into out;
        end;
        define binding b links
            /onramp/m/{i}/out => /pipeline/p/{i}/in,
            /pipeline/p/{i}/out => /offramp/server/{i}/in
        end;
        create binding /binding/b/x with i = "x" end;
    }
}

#[test]
fn both_results_of_a_poisonous_event_are_rejected_and_the_flow_goes_on() {
    let summary = run(async {
        let sim = Sim::new(4);
        let habits = Habits { cannot_bear: Some(7), ..Habits::default() };
        let _server = serve(&sim, 0, &Received::default(), habits);
        let flow = twice::Twice::builder().start_in(&sim).expect("it starts");
        sleep(Duration::from_secs(3)).await;
        flow.drain().await
    });
    assert!(summary.is_clean(), "{summary}");
    assert_eq!(summary.node("x", "offramp.server").expect("it is there").counts.rejected, 2, "{summary}");
    let made = summary.node("x", "onramp.m").expect("it is there").counts;
    assert!(made.taken > 100 && made.taken == made.acked, "{summary}");
}

mod small {
    foreshock::pipeline! {
        pub(super) flow Small;
        #[allow(value_in_another_unit)]
        define onramp m from metronome with interval = 10, max_event_bytes = 10 end;
        define offramp sink from blackhole end;
        define offramp letters from blackhole end;
        define pipeline p select event from in into out; end;
        define pipeline large select { "why": event.error, "id": event["event"].id } from in into out; end;
        define pipeline nowhere select event from in where event.id < 0 into err; end;
        define binding b links
            /onramp/m/{i}/out => [/pipeline/p/{i}/in, /pipeline/nowhere/{i}/in],
            /onramp/m/{i}/err => /pipeline/large/{i}/in,
            /pipeline/p/{i}/out => /offramp/sink/{i}/in,
            /pipeline/large/{i}/out => /offramp/letters/{i}/in
        end;
        create binding /binding/b/x with i = "x" end;
    }
}

#[test]
fn an_event_larger_than_its_onramp_allows_goes_to_err() {
    let summary = after(&small::Small::builder(), 105);
    assert!(summary.is_clean(), "{summary}");
    check(&summary, "x", &[("onramp.m", 10, 10), ("offramp.sink", 0, 0), ("offramp.letters", 10, 10)]);
    let mut builder = small::Small::builder();
    builder.set("onramp.m.max_event_bytes", 1000_u64).expect("it is tunable");
    let summary = after(&builder, 105);
    check(&summary, "x", &[("onramp.m", 10, 10), ("offramp.sink", 10, 10), ("offramp.letters", 0, 0)]);
}

mod sinkless {
    foreshock::pipeline! {
        pub(super) flow Sinkless;
        define onramp m from metronome with interval = 10 end;
        define pipeline p select event from in into err; end;
        define binding b links
            /onramp/m/{i}/out => /pipeline/p/{i}/in
        end;
        create binding /binding/b/x with i = "x" end;
    }
}

#[test]
fn a_flow_may_lead_nowhere_and_counts_what_comes_there() {
    let summary = after(&sinkless::Sinkless::builder(), 105);
    assert!(summary.is_clean(), "{summary}");
    let query = summary.node("x", "pipeline.p").expect("it is there").counts;
    assert_eq!((query.taken, query.errors), (10, 10), "{summary}");
}

mod straight {
    foreshock::pipeline! {
        pub(super) flow Straight;
        define onramp m from metronome with interval = 10 end;
        define offramp sink from blackhole end;
        define binding b links
            /onramp/m/{i}/out => /offramp/sink/{i}/in
        end;
        create binding /binding/b/x with i = "x" end;
    }
}

#[test]
fn an_onramp_may_lead_straight_to_an_offramp() {
    let summary = after(&straight::Straight::builder(), 105);
    assert!(summary.is_clean(), "{summary}");
    check(&summary, "x", &[("onramp.m", 10, 10), ("offramp.sink", 10, 10)]);
}

mod diamonds {
    foreshock::pipeline! {
        pub(super) flow TwoPorts;
        define onramp m from metronome with interval = 10 end;
        define offramp one from blackhole with capacity = 3, delay = 40 end;
        define pipeline p
            select event from in into out/a;
            select event from in into out/b;
        end;
        define binding b links
            /onramp/m/{i}/out => /pipeline/p/{i}/in,
            /pipeline/p/{i}/a => /offramp/one/{i}/in,
            /pipeline/p/{i}/b => /offramp/one/{i}/in
        end;
        create binding /binding/b/x with i = "x" end;
    }
    foreshock::pipeline! {
        pub(super) flow TwoPipelines;
        define onramp m from metronome with interval = 10 end;
        define offramp one from blackhole with capacity = 3, delay = 40 end;
        define pipeline first
            define qos::wal operator log with read_count = 3, max_elements = 50 end;
            define qos::roundrobin operator share with outputs = ["a"] end;
            create operator log;
            create operator share;
            select event from in into log;
            select event from log into share;
            select event from share/a into out;
        end;
        define pipeline left select { "left": event.id } from in into out; end;
        define pipeline right select { "right": event.id } from in into out; end;
        define binding b links
            /onramp/m/{i}/out => /pipeline/first/{i}/in,
            /pipeline/first/{i}/out => [/pipeline/left/{i}/in, /pipeline/right/{i}/in],
            /pipeline/left/{i}/out => /offramp/one/{i}/in,
            /pipeline/right/{i}/out => /offramp/one/{i}/in
        end;
        create binding /binding/b/x with i = "x" end;
    }
}

#[test]
fn an_event_that_reaches_a_sink_by_two_ways_waits_until_it_has_room_for_both() {
    for (capacity, builder) in [1, 2, 3, 4, 7]
        .iter()
        .flat_map(|n| [(*n, diamonds::TwoPorts::builder()), (*n, diamonds::TwoPipelines::builder())])
    {
        let mut builder: Builder = builder;
        builder.set("offramp.one.capacity", capacity as u64).expect("it is tunable");
        let summary = after(&builder, 1000);
        assert!(summary.is_clean(), "capacity {capacity}: {summary}");
        let made = summary.node("x", "onramp.m").expect("it is there").counts;
        assert!(made.acked == made.taken && made.taken > 20, "capacity {capacity}: {summary}");
        let sink = summary.node("x", "offramp.one").expect("it is there").counts;
        assert_eq!(sink.taken, 2 * made.taken, "capacity {capacity}, nothing twice: {summary}");
    }
}

mod greedy {
    foreshock::pipeline! {
        pub(super) flow Greedy;
        define onramp first from metronome with interval = 1 end;
        define onramp second from metronome with interval = 1 end;
        define onramp third from metronome with interval = 1 end;
        define offramp sink from blackhole with capacity = 1, delay = 50 end;
        define pipeline p
            define qos::wal operator log with read_count = 1, max_elements = 3 end;
            create operator log;
            select event from in into log;
            select event from log into out;
        end;
        define binding b links
            /onramp/first/{i}/out => /pipeline/p/{i}/in,
            /onramp/second/{i}/out => /pipeline/p/{i}/in,
            /onramp/third/{i}/out => /pipeline/p/{i}/in,
            /pipeline/p/{i}/out => /offramp/sink/{i}/in
        end;
        create binding /binding/b/x with i = "x" end;
    }
}

#[test]
fn sources_that_wait_for_one_log_take_turns() {
    let summary = after(&greedy::Greedy::builder(), 3000);
    assert!(summary.is_clean(), "{summary}");
    let made = ["first", "second", "third"]
        .map(|name| summary.node("x", &format!("onramp.{name}")).expect("it is there").counts.taken);
    let (least, most) = (made.iter().min().expect("three"), made.iter().max().expect("three"));
    assert!(*least > 10 && most - least <= 2, "{made:?}");
}

mod five {
    foreshock::pipeline! {
        pub(super) flow Five;
        define onramp m from metronome with interval = 1 end;
        define offramp a from blackhole end;
        define offramp b from blackhole end;
        define offramp c from blackhole with capacity = 0 end;
        define offramp d from blackhole end;
        define offramp e from blackhole end;
        define pipeline p
            define qos::roundrobin operator share with outputs = ["a", "b", "c", "d", "e"] end;
            define qos::wal operator tail with read_count = 1, max_elements = 10 end;
            create operator share;
            create operator tail;
            select event from in into share;
            select event from share/a into out/a;
            select event from share/b into out/b;
            select event from share/c into out/c;
            select event from share/d into out/d;
            select event.id from share/e into tail;
            select event from tail into out/e;
        end;
        define binding all links
            /onramp/m/{i}/out => /pipeline/p/{i}/in,
            /pipeline/p/{i}/a => /offramp/a/{i}/in,
            /pipeline/p/{i}/b => /offramp/b/{i}/in,
            /pipeline/p/{i}/c => /offramp/c/{i}/in,
            /pipeline/p/{i}/d => /offramp/d/{i}/in,
            /pipeline/p/{i}/e => /offramp/e/{i}/in
        end;
        create binding /binding/all/x with i = "x" end;
    }
}

#[test]
fn five_outputs_share_evenly_and_one_without_room_takes_nothing() {
    let summary = after(&five::Five::builder(), 101);
    assert!(summary.is_clean(), "{summary}");
    let made = summary.node("x", "onramp.m").expect("it is there").counts.taken;
    assert!(made >= 96, "{summary}");
    let taken = |sink: &str| summary.node("x", &format!("offramp.{sink}")).expect("it is there").counts.taken;
    assert_eq!(taken("c"), 0, "{summary}");
    for sink in ["a", "b", "d", "e"] {
        assert!(taken(sink).abs_diff(made / 4) <= 1, "{sink}: {summary}");
    }
}

mod fan_in {
    foreshock::pipeline! {
        pub(super) flow FanIn;
        define onramp m from metronome with interval = 1 end;
        define offramp sink from blackhole with capacity = 5, delay = 3 end;
        define offramp other from blackhole with capacity = 3, delay = 2 end;
        define pipeline p
            select { "a": event.id } from in into out/a;
            select { "b": event.id } from in into out/b;
        end;
        define pipeline q
            define qos::roundrobin operator share with outputs = ["x", "y"] end;
            create operator share;
            select event from in into share;
            select event from share/x into out/x;
            select event from share/y into out/y;
        end;
        define binding b links
            /onramp/m/{i}/out => /pipeline/p/{i}/in,
            /pipeline/p/{i}/a => [/offramp/sink/{i}/in, /pipeline/q/{i}/in],
            /pipeline/p/{i}/b => [/offramp/sink/{i}/in, /pipeline/q/{i}/in],
            /pipeline/q/{i}/x => /offramp/sink/{i}/in,
            /pipeline/q/{i}/y => /offramp/other/{i}/in
        end;
        create binding /binding/b/x with i = "x" end;
    }
}

#[test]
fn results_that_meet_again_in_one_sink_find_room_there_and_without_a_log_nothing_is_lost() {
    let summary = after(&fan_in::FanIn::builder(), 200);
    assert!(summary.is_clean(), "{summary}");
    let made = summary.node("x", "onramp.m").expect("it is there").counts;
    assert!(made.taken > 30 && made.acked == made.taken, "{summary}");
    let taken = |sink| summary.node("x", sink).expect("it is there").counts.taken;
    assert_eq!(taken("offramp.sink") + taken("offramp.other"), made.taken * 4, "{summary}");
}
