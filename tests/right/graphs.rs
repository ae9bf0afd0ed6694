//! Several pipelines in one flow: chains, splits, joins, and what goes to `err`.

use foreshock::core::Endpoint;

use crate::{Stage, play};

foreshock::pipeline! {
    /// A chain of pipelines, with a split and a join.
    pub(crate) flow Diamond;

    define onramp numbers from blaster with lines = ["1", "2", "3", "4"], iters = 1 end;
    define offramp out from stdout end;

    define pipeline split
        select event from in where event % 2 == 0 into out/even;
        select event from in where event % 2 == 1 into out/odd;
        select event from in into out;
    end;
    define pipeline even
        select { "even": event } from in into out;
    end;
    define pipeline odd
        select { "odd": event } from in into out;
    end;
    define pipeline join
        select event from in/even into out;
        select event from in/odd into out;
        select { "all": event } from in into out;
    end;

    define binding main links
        /onramp/numbers/1/out => /pipeline/split/1/in,
        /pipeline/split/1/even => /pipeline/even/1,
        /pipeline/split/1/odd => /pipeline/odd/1,
        /pipeline/split/1 => /pipeline/join/1,
        /pipeline/even/1 => /pipeline/join/1/even,
        /pipeline/odd/1 => /pipeline/join/1/odd,
        /pipeline/join/1 => /offramp/out/1
    end;
    create binding /binding/main/1;
}

#[test]
fn a_split_and_a_join() {
    play(async {
        let mut stage = Stage::new();
        stage.keep_stdout().run(Diamond::builder(), 1000).await;
        let mut seen = stage.seen("stdout");
        seen.sort();
        assert_eq!(
            seen,
            [
                r#"{"all":1}"#,
                r#"{"all":2}"#,
                r#"{"all":3}"#,
                r#"{"all":4}"#,
                r#"{"even":2}"#,
                r#"{"even":4}"#,
                r#"{"odd":1}"#,
                r#"{"odd":3}"#,
            ]
        );
    });
}

foreshock::pipeline! {
    /// Every `err` there is, linked, and gathered in one pipeline.
    pub(crate) flow Careful;

    define onramp lines from stdin with codec = "json", max_event_bytes = 100 end;
    define offramp good from stdout end;
    define offramp bad from stderr end;
    define offramp server from ws with url = "ws://server/", max_frame_bytes = 1024 end;

    define pipeline job
        define qos::wal operator log with read_count = 10, max_elements = 1000 end;
        create operator log;
        select event from in into log;
        select 10 / event.n from log into out;
        select { "n": event.n } from log into out/server;
    end;
    define pipeline trouble
        create stream rejected;
        select { "from": "job", "event": event.r#event } from in into out;
        select { "from": "stdin", "event": event.r#event } from in/stdin into out;
        select { "from": "server", "event": event.r#event } from rejected into out;
    end;

    define binding main links
        /onramp/lines/1/out => /pipeline/job/1/in,
        /onramp/lines/1/err => /pipeline/trouble/1/stdin,
        /pipeline/job/1/out => /offramp/good/1/in,
        /pipeline/job/1/server => /offramp/server/1/in,
        /pipeline/job/1/err => /pipeline/trouble/1/in,
        /offramp/server/1/err => /pipeline/trouble/1/rejected,
        /pipeline/trouble/1/out => /offramp/bad/1/in
    end;
    create binding /binding/main/1;
}

#[test]
fn all_that_can_go_wrong_is_linked() {
    play(async {
        let mut stage = Stage::new();
        stage.give(Endpoint::Stdin, "{\"n\":4}\n{\"m\":1}\n?\n{\"n\":5}\n");
        stage.keep_stdout().keep_stderr().serve("server", 80);
        stage.run(Careful::builder(), 10_000).await;
        assert_eq!(stage.seen("stdout"), ["2.5", "2.0"]);
        assert_eq!(stage.seen("server"), [r#"{"n":4}"#, r#"{"n":5}"#]);
        let mut bad = stage.seen("stderr");
        bad.sort();
        let job = r#"{"from":"job","event":{"m":1}}"#;
        assert_eq!(bad, [job, job, r#"{"from":"stdin","event":"?"}"#]);
    });
}

foreshock::pipeline! {
    /// Round robin with what overflows in a file, as one who must not lose anything has it.
    pub(crate) flow Overflowing;

    define onramp numbers from blaster with lines = ["1"], iters = 50 end;
    define offramp ws0 from ws with url = "ws://ws0/" end;
    define offramp ws1 from ws with url = "ws://ws1/" end;
    define offramp spill from file with file = "spill.json" end;

    define pipeline roundrobin
        define qos::wal operator log with read_count = 20, max_elements = 10_000 end;
        define qos::roundrobin operator rr with outputs = ["ws0", "ws1"] end;
        create operator log;
        create operator rr;
        select { "n": event } from in into log;
        select event from log into rr;
        select event from rr/ws0 into out/ws0;
        select event from rr/ws1 into out/ws1;
        select event from rr/overflow into out/overflow;
    end;

    define binding default links
        /onramp/numbers/01/out => /pipeline/roundrobin/01/in,
        /pipeline/roundrobin/01/ws0 => /offramp/ws0/01/in,
        /pipeline/roundrobin/01/ws1 => /offramp/ws1/01/in,
        /pipeline/roundrobin/01/overflow => /offramp/spill/01/in
    end;
    create binding /binding/default/01;
}

#[test]
fn what_overflows_goes_to_a_file() {
    play(async {
        let mut stage = Stage::new();
        stage.keep_file("spill.json");
        stage.run(Overflowing::builder(), 10_000).await;
        assert_eq!(stage.seen("spill.json"), [r#"{"n":1}"#; 50], "there are no servers");
    });
}
