//! Names that Rust or trickle reserve, wherever the user may choose a name.

use foreshock::testing::Harness;

foreshock::pipeline! {
    pub flow Type;

    define onramp self from metronome with interval = 10 end;
    define offramp match from blackhole end;
    define offramp select from blackhole end;

    define pipeline fn
        define qos::wal operator loop with read_count = 2, max_elements = 3 end;
        define qos::roundrobin operator r#type with outputs = ["crate", "super"] end;
        create operator loop;
        create operator r#type;
        select { "type": event.onramp, "self": event.id, "_": null, "": 1, "a-b": { "ref": event.ingest_ns } }
        from in into loop;
        select event from loop into r#type;
        select event from r#type/crate into out/self;
        select event from r#type/super into out/Self;
    end;

    define binding default links
        /onramp/self/{type}/out => /pipeline/fn/{type}/in,
        /pipeline/fn/{type}/self => /offramp/match/{type}/in,
        /pipeline/fn/{type}/Self => /offramp/select/{type}/in
    end;

    create binding /binding/default/fn with type = "async" end;
}

#[test]
fn reserved_words_are_good_names() {
    let mut harness = Harness::<r#type::Fn>::new();
    harness.push("in", r#"{"onramp": "x", "id": 1, "ingest_ns": 2}"#);
    harness.push("in", r#"{"onramp": "y", "id": 2, "ingest_ns": 3}"#);
    assert_eq!(
        harness.outputs(),
        [
            r#"self {"type":"x","self":1,"_":null,"":1,"a-b":{"ref":2}}"#,
            r#"Self {"type":"y","self":2,"_":null,"":1,"a-b":{"ref":3}}"#,
        ]
    );
    let _: fn() -> std::process::ExitCode = Type::main;
}
