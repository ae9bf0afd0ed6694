//! Strings that are the same in all events of a flow: a source's constants, constants of expressions, the host's name.
//! They are written in a faster way than others, and it must not show, whoever brings the events.

use foreshock::testing::Harness;

mod kept {
    foreshock::pipeline! {
        pub(crate) flow Kept;
        define onramp metronome from metronome with interval = 10 end;
        define offramp sink from blackhole end;
        define pipeline keeps
            use tremor::system;
            define qos::wal operator ticks with read_count = 9, max_elements = 9 end;
            define qos::wal operator nested with read_count = 9, max_elements = 9 end;
            create operator ticks;
            create operator nested;
            define qos::wal operator others with read_count = 9, max_elements = 9 end;
            create operator others;
            create stream fed;
            select event from in into ticks;
            select event from ticks into out;
            select { "n": 1, "in": { "kind": "a \"b\"", "id": event.id, "host": system::hostname() }, "of": event.onramp }
                from in into nested;
            select { "n": 1, "in": { "kind": "other", "id": event.id, "host": event.onramp }, "of": "nobody" }
                from fed into others;
            select event from nested into out/nested;
            select event from others into out/nested;
        end;
        define binding default links
            /onramp/metronome/{i}/out => [/pipeline/keeps/{i}/in, /pipeline/keeps/{i}/fed],
            /pipeline/keeps/{i}/out => /offramp/sink/{i}/in,
            /pipeline/keeps/{i}/nested => /offramp/sink/{i}/in
        end;
        create binding /binding/default/01 with i = "01" end;
    }
}

/// Pushes the event of a metronome with `onramp` in the place of its constant.
fn check(port: &str, onramp: &str, expected: &[&str]) {
    let mut harness = Harness::<kept::kept::Keeps>::new();
    harness.push(port, &format!(r#"{{"onramp":{onramp},"id":7,"ingest_ns":8}}"#));
    assert_eq!(harness.outputs(), expected, "{port} {onramp}");
}

#[test]
fn what_is_usual_is_written_as_what_is_not() {
    for onramp in [r#""metronome""#, r#""metronomf""#, r#""x\"y""#, r#""""#] {
        let tick = format!(r#"out {{"onramp":{onramp},"id":7,"ingest_ns":8}}"#);
        let nested =
            format!(r#"nested {{"n":1,"in":{{"kind":"a \"b\"","id":7,"host":"test"}},"of":{onramp}}}"#);
        check("in", onramp, &[&nested, &tick]);
        let fed = format!(r#"nested {{"n":1,"in":{{"kind":"other","id":7,"host":{onramp}}},"of":"nobody"}}"#);
        check("fed", onramp, &[&fed]);
    }
}
