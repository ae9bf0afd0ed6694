//! Every onramp and offramp, with every codec and every key that it takes.

use foreshock::core::Endpoint;

use crate::{Stage, play};

foreshock::pipeline! {
    /// All keys of a metronome and of a websocket.
    pub(crate) flow AllKeysOfWs;

    define onramp ticks from metronome with
        interval = 100,
        max_event_bytes = 4096,
        codec = "json",
        description = "ten times a second",
    end;

    define offramp hub from ws with
        /// Where the hub listens.
        url = "ws://hub.example.org:9000/events?from=here",
        ack = "received",
        connect_timeout = 2 * 1000,
        backoff_min = 50,
        backoff_max = 5_000,
        ack_timeout = 3000,
        keepalive = 10000,
        window_events = 64,
        window_bytes = 64 * 1024,
        max_frame_bytes = 0x1_0000,
        binary = false,
        ca_file = "",
        headers = { "X-Tenant": "acme", "X-Version": "1" },
        codec = "json",
        description = "the hub" + " of " + "all",
    end;
    define offramp other from ws with url = "ws://other:80", ack = "written", bearer = env("OTHER_TOKEN") end;
    define offramp third from ws with url = "wss://third/", basic = env("THIRD_LOGIN"), headers = { "X-Key": env("THIRD_KEY") } end;
    define offramp fourth from ws with url = env("FOURTH_URL") end;

    define pipeline all select event from in into out; end;

    define binding main links
        /onramp/ticks/01/out => /pipeline/all/01/in,
        /pipeline/all/01/out => [/offramp/hub/01/in, /offramp/other/01/in, /offramp/third/01/in, /offramp/fourth/01/in],
    end;
    create binding /binding/main/01;
}

#[test]
fn a_metronome_and_websockets_with_all_their_keys() {
    play(async {
        let mut stage = Stage::new();
        stage.serve("hub.example.org", 9000).serve("other", 80).serve("third", 443).serve("fourth", 1234);
        stage
            .variable("OTHER_TOKEN", "t0ken")
            .variable("THIRD_LOGIN", "me:secret")
            .variable("THIRD_KEY", "key");
        stage.variable("FOURTH_URL", "ws://fourth:1234/x");
        stage.run(AllKeysOfWs::builder(), 1050).await;
        for host in ["hub.example.org", "other", "third", "fourth"] {
            let seen = stage.seen(host);
            assert!(seen.len() >= 9, "{host}: {seen:?}");
            for (id, event) in seen.iter().enumerate() {
                let start = format!(r#"{{"onramp":"metronome","id":{id},"ingest_ns":16"#);
                assert!(event.starts_with(&start), "{host}: {event}");
            }
        }
    });
}

foreshock::pipeline! {
    /// Blasters of lists and files, and files that are written.
    pub(crate) flow Blasted;

    define onramp listed from blaster with
        lines = ["{\"n\": 1}", r#"{"n": 2}"#, "{ \"n\" : 3 }"],
        iters = 2,
        rate = 1000,
        max_event_bytes = 100,
        codec = "json",
        description = "a list",
    end;
    define onramp texts from blaster with lines = ["one", "two"], iters = 1, codec = "string" end;
    define onramp stored from blaster with source = "data/in.json", iters = 1 end;

    define offramp numbers from file with
        file = "out/numbers.json",
        backoff_min = 10,
        backoff_max = 100,
        window_events = 8,
        window_bytes = 1024,
        codec = "json",
        description = "numbers",
    end;
    define offramp words from file with file = "out/words.txt", codec = "string" end;

    define pipeline numbers
        select { "n": event.n, "square": event.n * event.n } from in into out;
    end;
    define pipeline words
        use std::string;
        select string::uppercase(event) from in into out;
    end;

    define binding main links
        /onramp/listed/01/out => /pipeline/numbers/01/in,
        /onramp/stored/01/out => /pipeline/numbers/01/in,
        /onramp/texts/01/out => /pipeline/words/01/in,
        /pipeline/numbers/01/out => /offramp/numbers/01/in,
        /pipeline/words/01/out => /offramp/words/01/in
    end;
    create binding /binding/main/01;
}

#[test]
fn blasters_and_files() {
    play(async {
        let mut stage = Stage::new();
        stage.give(Endpoint::ReadFile("data/in.json".to_owned()), "{\"n\":10}\r\n\n{\"n\":20}");
        stage.keep_file("out/numbers.json").keep_file("out/words.txt");
        stage.run(Blasted::builder(), 10_000).await;
        let mut numbers = stage.seen("out/numbers.json");
        numbers.sort();
        assert_eq!(
            numbers,
            [
                r#"{"n":1,"square":1}"#,
                r#"{"n":1,"square":1}"#,
                r#"{"n":10,"square":100}"#,
                r#"{"n":2,"square":4}"#,
                r#"{"n":2,"square":4}"#,
                r#"{"n":20,"square":400}"#,
                r#"{"n":3,"square":9}"#,
                r#"{"n":3,"square":9}"#,
            ]
        );
        assert_eq!(stage.seen("out/words.txt"), ["ONE", "TWO"]);
    });
}

foreshock::pipeline! {
    /// From stdin to stdout and stderr, as a filter in a shell.
    pub(crate) flow Shell;

    define onramp lines from stdin with codec = "json", max_event_bytes = 65_536, description = "what is piped in" end;
    define offramp good from stdout with
        prefix = "> ", window_events = 16, window_bytes = 4096, codec = "json", description = "what is right"
    end;
    define offramp bad from stderr with
        prefix = "! ", window_events = 16, window_bytes = 4096, codec = "string", description = "what is not"
    end;

    define pipeline filter
        select event from in where present event.level and event.level == "error" into out;
        select "no level: #{event}" from in where absent event.level into out/rest;
    end;
    define pipeline refused
        select "#{event.error}" from in into out;
    end;

    define binding default links
        /onramp/lines/1/out => /pipeline/filter/1/in,
        /onramp/lines/1/err => /pipeline/refused/1/in,
        /pipeline/filter/1/out => /offramp/good/1/in,
        /pipeline/filter/1/rest => /offramp/bad/1/in,
        /pipeline/refused/1/out => /offramp/bad/1/in,
    end;
    create binding /binding/default/1;
}

#[test]
fn standard_streams() {
    play(async {
        let mut stage = Stage::new();
        let input = "{\"level\":\"error\",\"m\":1}\n{\"m\":2}\nnonsense\n{\"level\":\"info\"}\n";
        stage.give(Endpoint::Stdin, input).keep_stdout().keep_stderr();
        stage.run(Shell::builder(), 10_000).await;
        assert_eq!(stage.seen("stdout"), [r#"> {"level":"error","m":1}"#]);
        let bad = stage.seen("stderr");
        assert_eq!(bad.len(), 2, "{bad:?}");
        assert_eq!(bad[0], r#"! no level: {"m":2}"#);
        assert!(bad[1].starts_with("! line 3 is no JSON"), "{bad:?}");
    });
}

foreshock::pipeline! {
    /// The text of lines as it stands, which is what stdin gives if nothing is said.
    pub(crate) flow Cat;
    define onramp lines from stdin end;
    define onramp file from file with source = "/etc/motd", codec = "string", max_event_bytes = 1000, description = "" end;
    define offramp numbered from stdout with codec = "string" end;
    define pipeline cat
        use std::string;
        select event from in into out having not string::is_empty(event);
    end;
    define binding b links
        /onramp/lines/a/out => /pipeline/cat/a/in,
        /onramp/file/a/out => /pipeline/cat/a/in,
        /pipeline/cat/a/out => /offramp/numbered/a/in
    end;
    create binding /binding/b/a;
}

foreshock::pipeline! {
    /// A sink that is slow and fails, behind a log, and the system's offramps.
    pub(crate) flow Hole;

    define onramp numbers from file with source = "numbers" end;
    define offramp hole from blackhole with
        delay = 5, fail_every = 3, capacity = 10, codec = "json", description = "tries us"
    end;
    define pipeline kept
        define qos::wal operator log with read_count = 2, max_elements = 16, max_bytes = 1 << 16, description = "keeps" end;
        create operator log;
        select event from in into log;
        select event from log into out;
        select event from in where event > 3 into out/big;
    end;
    define binding all links
        /onramp/numbers/01/out => /pipeline/kept/01/in,
        /pipeline/kept/01/out => /offramp/hole/01/in,
        /pipeline/kept/01/big => /offramp/system::stdout/01/in,
        /pipeline/kept/01/err => "/offramp/system::stderr/01/in"
    end;
    create binding /binding/all/01;
}

#[test]
fn a_blackhole_that_fails_behind_a_log() {
    play(async {
        let mut stage = Stage::new();
        stage.give(Endpoint::ReadFile("numbers".to_owned()), "1\n2\n3\n4\n5\n\"x\"\n");
        stage.keep_stdout().keep_stderr();
        let summary = stage.run(Hole::builder(), 10_000).await;
        assert_eq!(stage.seen("stdout"), ["4", "5"]);
        let failed = stage.seen("stderr");
        assert_eq!(failed.len(), 1, "{failed:?}");
        assert!(failed[0].ends_with(r#","event":"x"}"#), "{failed:?}");
        let hole = summary.node("01", "offramp.hole").expect("it is in the summary").counts;
        assert_eq!((hole.acked, hole.failed), (6, hole.taken - 6), "{hole:?}");
    });
}

#[test]
fn lines_as_texts() {
    play(async {
        let mut stage = Stage::new();
        stage.give(Endpoint::Stdin, "a\n \nb").give(Endpoint::ReadFile("/etc/motd".to_owned()), "");
        stage.keep_stdout();
        stage.run(Cat::builder(), 10_000).await;
        assert_eq!(stage.seen("stdout"), ["a", " ", "b"]);
    });
}
