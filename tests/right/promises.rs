//! Flows that require promises, warnings that are allowed, and logs on disk.

use foreshock::core::Endpoint;

use crate::{Stage, play};

foreshock::pipeline! {
    /// At least once, through a log in memory.
    pub(crate) flow Once;
    require at_least_once;

    define onramp m from metronome with interval = 10 end;
    define offramp a from ws with url = "ws://a/" end;
    define offramp b from ws with url = "ws://b/" end;
    define offramp rejected from stderr end;
    define pipeline p
        define qos::wal operator log with read_count = 10, max_elements = 1000 end;
        define qos::roundrobin operator rr with outputs = ["a", "b"] end;
        create operator log;
        create operator rr;
        select event.id from in into log;
        select event from log into rr;
        select event from rr/a into out/a;
        select event from rr/b into out/b;
    end;
    define binding main links
        /onramp/m/1/out => /pipeline/p/1/in,
        /pipeline/p/1/a => /offramp/a/1/in,
        /pipeline/p/1/b => /offramp/b/1/in,
        /pipeline/p/1/err => /offramp/rejected/1/in,
        /offramp/a/1/err => /pipeline/all/1/in,
        /pipeline/all/1/out => /offramp/rejected/1/in
    end;
    define pipeline all select event from in into out; end;
    create binding /binding/main/1;
}

foreshock::pipeline! {
    /// Durable, through a log on disk and another one behind it, to two servers.
    pub(crate) flow Durable;
    define onramp lines from stdin with codec = "json" end;
    define onramp ticks from metronome with interval = 50 end;
    define offramp near from ws with url = "ws://near/" end;
    define offramp far from ws with url = "ws://far/", window_events = 100 end;
    define pipeline keep
        define qos::wal operator disk with
            read_count = 20, dir = "./wal/keep", sync = "always", max_bytes = 1_048_576, max_elements = 5000
        end;
        create operator disk;
        select event from in into disk;
        select event from disk into out;
    end;
    define pipeline again
        define qos::wal operator memory with read_count = 20, max_elements = 500 end;
        create operator memory;
        select event from in into memory;
        select event from memory into out;
    end;
    define binding main links
        /onramp/lines/1/out => /pipeline/keep/1/in,
        /onramp/ticks/1/out => /pipeline/keep/1/in,
        /pipeline/keep/1/out => [/offramp/near/1/in, /pipeline/again/1/in],
        /pipeline/again/1/out => /offramp/far/1/in,
    end;
    create binding /binding/main/1;
    require durable;
}

foreshock::pipeline! {
    /// All settings of logs on disk.
    pub(crate) flow OnDisk;
    define onramp lines from blaster with lines = ["1", "2", "3"], iters = 1 end;
    define offramp hole from stdout end;
    define pipeline p
        const root = "./data";
        define qos::wal operator wal with read_count = 1, dir = "/var/lib/app", sync = "batch" end;
        create operator a from wal with dir = root + "/a", sync = "interval", sync_interval = 250 end;
        create operator b from wal with dir = "data/b #1" end;
        create operator c from wal with max_bytes = 16384, dir = env("WAL_DIR") end;
        select event from in into a;
        select event from a into b;
        select event * 10 from b into c;
        select event from c into out;
    end;
    define binding main links
        /onramp/lines/1/out => /pipeline/p/one/in,
        /pipeline/p/one/out => /offramp/hole/1/in
    end;
    create binding /binding/main/1;
}

foreshock::pipeline! {
    /// Everything that warns, and says that it is meant.
    #[allow(unused_module, looks_like_subtraction)]
    pub(crate) flow Meant;

    #[allow(value_in_another_unit)]
    define onramp rare from metronome with interval = 7 * 24 * 3600 * 1000 end;
    define onramp quick from blaster with
        lines = ["1"],
        #[allow(value_in_another_unit)]
        max_event_bytes = 8,
        iters = 1,
    end;
    #[allow(unused_artefact)]
    define onramp spare from stdin end;
    define offramp one from ws with url = "ws://one/", #[allow(secret_in_the_flow)] bearer = "letmein" end;
    #[allow(same_url)]
    define offramp two from ws with url = "ws://one/" end;
    #[allow(unused_artefact)]
    define pipeline spare select event from in into out; end;
    define pipeline p
        #[allow(unused_constant)]
        const for_later = 1;
        #[allow(unused_operator)]
        define qos::wal operator later with read_count = 20, max_elements = 1000 end;
        #[allow(exceeds_another_key, log_smaller_than_windows)]
        define qos::wal operator log with read_count = 20, max_elements = 10 end;
        create operator log;
        mod unused with const x = 1; end;
        #[allow(never_equal)]
        select event.id == "x" from in into log;
        #[allow(never_present)]
        select present event.id from log into out;
        select event from in/quick into out;
    end;
    #[allow(binding_not_mapped)]
    define binding other links /onramp/rare/2/out => /pipeline/p/2/in end;
    define binding main links
        /onramp/rare/1/out => /pipeline/p/1/in,
        /onramp/quick/1/out => /pipeline/p/1/quick,
        /pipeline/p/1/out => [/offramp/one/1/in, /offramp/two/1/in]
    end;
    create binding /binding/main/1;
}

#[test]
fn at_least_once() {
    play(async {
        let mut stage = Stage::new();
        stage.serve("a", 80).serve("b", 80).keep_stderr().run(Once::builder(), 65).await;
        let mut all = stage.seen("a");
        all.extend(stage.seen("b"));
        all.sort();
        assert_eq!(all[..5], ["0", "1", "2", "3", "4"]);
        assert!(stage.seen("stderr").is_empty());
    });
}

#[test]
fn durable() {
    play(async {
        let mut stage = Stage::new();
        stage.serve("near", 80).serve("far", 80).give(Endpoint::Stdin, "[1]\n\"x\"\n");
        stage.run(Durable::builder(), 175).await;
        for host in ["near", "far"] {
            let seen = stage.seen(host);
            assert!(seen.len() >= 4, "{seen:?}");
            assert!(seen.contains(&"[1]".to_owned()) && seen.contains(&"\"x\"".to_owned()), "{seen:?}");
        }
    });
}

#[test]
fn logs_on_disk() {
    play(async {
        let mut stage = Stage::new();
        stage.variable("WAL_DIR", "elsewhere").keep_stdout().run(OnDisk::builder(), 1000).await;
        assert_eq!(stage.seen("stdout"), ["10", "20", "30"]);
    });
}

#[test]
fn what_is_meant_although_it_warns() {
    play(async {
        let mut stage = Stage::new();
        stage.serve("one", 80).run(Meant::builder(), 100).await;
        assert_eq!(stage.seen("one"), ["1", "1"]);
    });
}
