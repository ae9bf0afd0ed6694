//! Pipelines of flows with logs on disk, driven by hand: their files are in memory then, and what comes out is what comes out
//! of a log in memory. What such logs are on a disk is in `tests/simulated`.

use foreshock::testing::Harness;

mod kept {
    foreshock::pipeline! {
        pub(crate) flow Kept;
        define onramp m from metronome with interval = 1 end;
        define onramp lines from stdin with codec = "json" end;
        define offramp hole from blackhole end;
        define pipeline plain
            define qos::wal operator log with read_count = 3, max_elements = 3, dir = "./plain" end;
            create operator log;
            select event from in into log;
            select event from log into out;
        end;
        define pipeline reads
            use tremor::system;
            define qos::wal operator log with read_count = 10, dir = env("READS"), sync = "always" end;
            define qos::roundrobin operator share with outputs = ["a", "b"] end;
            create operator log;
            create operator share;
            select {"id": event.id, "at": {"ns": event.ingest_ns, "by": event.onramp}} from in into log;
            select merge event of {"at": {"host": system::hostname()}} end from log where event.id > 1 into share;
            select event from share/a into out/a;
            select event from share/b into out/b;
        end;
        define pipeline row
            define qos::wal operator first with read_count = 10, dir = "./first", sync = "interval", sync_interval = 5 end;
            define qos::wal operator second with read_count = 2, max_elements = 2 end;
            define qos::wal operator third with read_count = 1, dir = "./third", max_bytes = 16384 end;
            create operator first;
            create operator second;
            create operator third;
            select event from in into first;
            select event.n from first into second;
            select event + 1 from second into third;
            select [event] from third into out;
        end;
        define binding b links
            /onramp/m/{i}/out => [/pipeline/plain/{i}/in, /pipeline/reads/{i}/in],
            /onramp/lines/01/out => /pipeline/row/{i}/in,
            /onramp/lines/01/err => /pipeline/plain/{i}/in,
            /pipeline/plain/{i}/out => /offramp/hole/{i}/in,
            /pipeline/plain/{i}/err => /offramp/hole/{i}/in,
            /pipeline/reads/{i}/a => /offramp/hole/{i}/in,
            /pipeline/reads/{i}/b => /offramp/hole/{i}/in,
            /pipeline/reads/{i}/err => /offramp/hole/{i}/in,
            /pipeline/row/{i}/out => /offramp/hole/{i}/in,
            /pipeline/row/{i}/err => /pipeline/plain/{i}/in
        end;
        create binding /binding/b/01 with i = "01" end;
        create binding /binding/b/02 with i = "02" end;
    }
}

fn tick(id: u64) -> String {
    format!(r#"{{"onramp":"metronome","id":{id},"ingest_ns":7}}"#)
}

#[test]
fn a_log_on_disk_acknowledges_what_it_has_stored_and_keeps_what_is_not_confirmed() {
    let mut plain = Harness::<kept::kept::Plain>::new();
    for n in 1..=3 {
        plain.push("in", &n.to_string());
    }
    assert_eq!(plain.answers(), [(0, true), (1, true), (2, true)]);
    assert_eq!(plain.room("in"), 0, "three events are not confirmed yet");
    let sent = plain.take();
    let events: Vec<String> = sent.iter().map(|output| output.event.to_string()).collect();
    assert_eq!(events, ["1", "2", "3"]);
    plain.fail(sent[1].delivery);
    plain.ack(sent[0].delivery);
    assert!(plain.room("in") > 0);
    assert_eq!(plain.outputs(), ["out 2"]);
    plain.ack(sent[2].delivery);
    let counts = plain.counts("pipeline.plain.log").expect("there is such a log");
    assert_eq!((counts.taken, counts.acked, counts.pending), (3, 3, 0));
}

#[test]
fn a_log_on_disk_keeps_what_is_read_behind_it() {
    let mut reads = Harness::<kept::kept::Reads>::new();
    for id in 0..4 {
        reads.push("in", &tick(id));
    }
    assert_eq!(
        reads.outputs(),
        [
            r#"a {"id":2,"at":{"ns":7,"by":"metronome","host":"test"}}"#,
            r#"b {"id":3,"at":{"ns":7,"by":"metronome","host":"test"}}"#
        ]
    );
    assert_eq!(reads.answers().len(), 4);
}

#[test]
fn logs_on_disk_and_in_memory_stand_in_a_row() {
    let mut row = Harness::<kept::kept::Row>::new();
    for n in 1..=3 {
        row.push("in", &format!(r#"{{"n":{n}}}"#));
    }
    row.push("in", r#"{"m":1}"#);
    assert_eq!(row.answers(), [(0, true), (1, true), (2, true), (3, true)], "the first one has stored them");
    let failed = r#"err {"error":"#;
    let outputs = row.outputs();
    assert_eq!(outputs.iter().filter(|output| output.starts_with(failed)).count(), 1, "{outputs:?}");
    let outputs: Vec<_> =
        outputs.into_iter().chain(row.outputs()).filter(|output| !output.starts_with(failed)).collect();
    assert_eq!(outputs, ["out [2]", "out [3]", "out [4]"]);
    for log in ["first", "second", "third"] {
        let counts = row.counts(&format!("pipeline.row.{log}")).expect("there is such a log");
        assert_eq!(counts.pending, 0, "{log}");
    }
}

#[test]
fn what_is_larger_than_a_segment_goes_to_err() {
    let mut row = Harness::<kept::kept::Row>::with(&[("pipeline.row.first.max_bytes", "16384")]);
    row.push("in", &format!(r#"{{"n":"{}"}}"#, "x".repeat(20_000)));
    let outputs = row.outputs();
    assert_eq!(outputs.len(), 1, "{outputs:?}");
    assert!(outputs[0].starts_with(r#"err {"error":"the event has "#), "{outputs:?}");
}
