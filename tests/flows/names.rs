//! Names that would collide in the generated code: with each other once spelled as Rust does, with what the code derives
//! from them, and with what it uses itself.

use foreshock::testing::Harness;

#[expect(non_camel_case_types, reason = "rustc says so of the flow, whose name is the user's")]
mod odd {
    foreshock::pipeline! {
        pub(crate) flow flow;

        define onramp m from metronome with interval = 10 end;
        define onramp m_deliveries from metronome with interval = 10 end;
        define offramp s from ws with url = "ws://s/" end;
        define offramp s_errors from blackhole end;

        define pipeline T
            define qos::wal operator feeder with read_count = 1, max_elements = 9 end;
            define qos::wal operator log_kept with read_count = 1, max_elements = 9 end;
            define qos::wal operator log with read_count = 1, max_elements = 9 end;
            define qos::roundrobin operator share with outputs = ["a"] end;
            create operator feeder;
            create operator log_kept;
            create operator log;
            create operator share;
            select { "a-b": event.id, "a_b": event.onramp } from in into feeder;
            select { "kept": event["a-b"] } from feeder into log_kept;
            select { "gen": event.kept } from log_kept into log;
            select event["gen"] from log into share;
            select event from share/a into out/at_log;
            select event from in/at_share into share;
        end;
        define pipeline fn_once select event from in into out; end;
        define pipeline fnOnce select event from in into out; end;
        define pipeline t_ports_out select event from in into out; end;

        define binding b links
            /onramp/m/x/out => [/pipeline/T/x/in, /pipeline/T/x/at_share],
            /onramp/m_deliveries/x/out => /pipeline/T/x/in,
            /pipeline/T/x/at_log => [/pipeline/fn_once/x/in, /pipeline/fnOnce/x/in, /pipeline/t_ports_out/x/in],
            /pipeline/fn_once/x/out => /offramp/s/x/in,
            /pipeline/fnOnce/x/out => /offramp/s/x/in,
            /pipeline/t_ports_out/x/out => /offramp/s/x/in,
            /offramp/s/x/err => /offramp/s_errors/x/in
        end;
        create binding /binding/b/x;
    }
}

mod beside_a_crate {
    mod std {
        foreshock::pipeline! {
            pub(crate) pipeline Foreshock;
            select event from in into out;
        }

        #[test]
        fn a_pipeline_may_be_called_like_a_crate() {
            Foreshock::new().push("in", 1).expect("there is room");
        }
    }
}

#[test]
fn names_that_would_collide_are_told_apart() {
    let mut harness = Harness::<odd::flow_::T2>::new();
    harness.push("in", r#"{"onramp": "x", "id": 1, "ingest_ns": 2}"#);
    harness.push("at_share", r#"{"onramp": "x", "id": 2, "ingest_ns": 2}"#);
    let expected = ["at_log 1", r#"at_log {"onramp":"x","id":2,"ingest_ns":2}"#];
    assert_eq!(harness.outputs(), expected);
    assert_eq!(harness.pending(), 0);
    let _: fn() -> std::process::ExitCode = odd::flow::main;
}
