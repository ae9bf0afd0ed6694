//! Bindings, mappings, variables and instances.

use foreshock::core::Endpoint;

use crate::{Stage, play};

foreshock::pipeline! {
    /// Two regions with several instances each, and what they share.
    pub(crate) flow Regions;

    define onramp ticks from metronome with interval = 100 end;
    define offramp regional from ws with url = "ws://regional/" end;
    define offramp central from ws with url = "ws://central/" end;

    define pipeline tag
        select { "id": event.id } from in into out;
    end;
    define pipeline collect
        select event from in into out;
    end;

    define binding region links
        /onramp/ticks/{region}/out => /pipeline/tag/{region}/in,
        /pipeline/tag/{region}/out => [
            /offramp/regional/{server}/in,
            /pipeline/collect/all/in,
        ],
    end;
    define binding centre links
        /pipeline/collect/all/out => /offramp/central/all/in
    end;

    create binding /binding/region/east with region = "east", server = "one" end;
    create binding "/binding/region/west-2" with server = "one", region = "west-2", end;
    create binding /binding/centre/all;
}

#[test]
fn instances_that_share_a_server() {
    play(async {
        let mut stage = Stage::new();
        stage.serve("regional", 80).serve("central", 80);
        stage.run(Regions::builder(), 250).await;
        for host in ["regional", "central"] {
            let mut seen = stage.seen(host);
            seen.sort();
            assert_eq!(
                seen,
                [r#"{"id":0}"#, r#"{"id":0}"#, r#"{"id":1}"#, r#"{"id":1}"#],
                "one of each region"
            );
        }
    });
}

foreshock::pipeline! {
    /// Ends of links in every spelling.
    pub(crate) flow Spelt;

    define onramp a from file with source = "a" end;
    define onramp b from file with source = "b" end;
    define offramp out from stdout end;
    define pipeline p
        create stream side;
        select event from in into out;
        select { "side": event } from side into out;
        select { "extra": event } from in/extra into out/x;
    end;

    define binding spelt links
        "/onramp/a/{n}/out" => "/pipeline/p/{n}/in",
        /onramp/b/{n} => [/pipeline/p/{n}/side, "/pipeline/p/{n}/extra"],
        /pipeline/p/{n} => /offramp/out/{to}, // ports left out
        "/pipeline/p/{n}/x" => ["/offramp/out/{to}/in"]
    end;

    create binding "/binding/spelt/1e" with n = "1e", to = "v1.0_x" end;
}

foreshock::pipeline! {
    /// Bindings that share instances, made by mappings of any names; numbers as instances.
    pub(crate) flow Joined;

    define onramp numbers from blaster with lines = ["7"], iters = 1 end;
    define offramp left from file with file = "left" end;
    define offramp right from file with file = "right" end;
    define pipeline p select event + 1 from in into out; end;

    define binding source links /onramp/numbers/{n}/out => /pipeline/p/{n}/in end;
    define binding to_left links /pipeline/p/{n}/out => /offramp/left/0/in end;
    define binding to_right links /pipeline/p/{n}/out => /offramp/right/{m}/in end;

    create binding /binding/source/first with n = "1" end;
    create binding /binding/source/2 with n = "2" end;
    create binding /binding/to_left/first with n = "1" end;
    create binding /binding/to_left/2 with n = "2" end;
    create binding /binding/to_right/both with n = "2", m = "r" end;
}

#[test]
fn bindings_that_meet_in_an_instance() {
    play(async {
        let mut stage = Stage::new();
        stage.keep_file("left").keep_file("right");
        stage.run(Joined::builder(), 1000).await;
        assert_eq!(stage.seen("left"), ["8", "8"]);
        assert_eq!(stage.seen("right"), ["8"]);
    });
}

#[test]
fn ends_of_links_in_every_spelling() {
    play(async {
        let mut stage = Stage::new();
        stage.give(Endpoint::ReadFile("a".to_owned()), "1").give(Endpoint::ReadFile("b".to_owned()), "2");
        stage.keep_stdout();
        stage.run(Spelt::builder(), 1000).await;
        let mut seen = stage.seen("stdout");
        seen.sort();
        assert_eq!(seen, ["1", r#"{"extra":2}"#, r#"{"side":2}"#]);
    });
}
