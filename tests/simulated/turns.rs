//! Who shares a slow sink gets its part of it: sources, logs of one pipeline, instances of a flow.

use std::time::Duration;

use foreshock::program::{Builder, Summary};
use foreshock::testing::sim::Sim;
use tokio::time::sleep;

use super::run;

/// All that is called `path`, in any instance, has taken about the same after half a second.
fn check(builder: &Builder, path: &[&str], sharers: usize) {
    let summary: Summary = run(async {
        let flow = builder.start_in(&Sim::new(1)).expect("it starts");
        sleep(Duration::from_millis(500)).await;
        flow.drain().await
    });
    let nodes = summary.nodes.iter().filter(|node| path.contains(&node.path.as_str()));
    let taken: Vec<u64> = nodes.map(|node| node.counts.taken).collect();
    assert_eq!(taken.len(), sharers, "{summary}");
    let (least, most) = (taken.iter().min().expect("some"), taken.iter().max().expect("some"));
    assert!(*least > 5 && most - least < 5, "{taken:?}: {summary}");
}

mod logs {
    foreshock::pipeline! {
        pub(super) flow Logs;
        define onramp m from metronome with interval = 1 end;
        define onramp n from metronome with interval = 1 end;
        define onramp o from metronome with interval = 1 end;
        define offramp slow from blackhole with capacity = 1, delay = 10 end;
        define pipeline p
            define qos::wal operator one with read_count = 1, max_elements = 3 end;
            create operator one;
            create operator two from one;
            create operator three from one;
            select event from in/one into one;
            select event from in/two into two;
            select event from in/three into three;
            select event from one into out;
            select event from two into out;
            select event from three into out;
        end;
        define binding b links
            /onramp/m/x/out => /pipeline/p/x/one,
            /onramp/n/x/out => /pipeline/p/x/two,
            /onramp/o/x/out => /pipeline/p/x/three,
            /pipeline/p/x/out => /offramp/slow/x/in
        end;
        create binding /binding/b/x;
    }
}

#[test]
fn logs_of_one_pipeline_take_turns() {
    check(&logs::Logs::builder(), &["pipeline.p.one", "pipeline.p.two", "pipeline.p.three"], 3);
}

mod instances {
    foreshock::pipeline! {
        pub(super) flow Instances;
        define onramp m from metronome with interval = 1 end;
        define offramp slow from blackhole with capacity = 1, delay = 10 end;
        define pipeline p
            define qos::wal operator log with read_count = 1, max_elements = 3 end;
            create operator log;
            select event from in into log;
            select event from log into out;
        end;
        define binding b links
            /onramp/m/{i}/out => /pipeline/p/{i}/in,
            /pipeline/p/{i}/out => /offramp/slow/shared/in
        end;
        create binding /binding/b/1 with i = "a" end;
        create binding /binding/b/2 with i = "b" end;
        create binding /binding/b/3 with i = "c" end;
    }
}

#[test]
fn instances_that_share_a_sink_take_turns() {
    check(&instances::Instances::builder(), &["pipeline.p.log"], 3);
}

mod kept_and_new {
    foreshock::pipeline! {
        pub(super) flow KeptAndNew;
        define onramp kept from metronome with interval = 1 end;
        define onramp new from metronome with interval = 1 end;
        define offramp sink from blackhole with capacity = 1, delay = 50 end;
        define pipeline logged
            define qos::wal operator log with read_count = 1, max_elements = 3 end;
            create operator log;
            select event from in into log;
            select event from log into out;
        end;
        define binding b links
            /onramp/kept/{i}/out => /pipeline/logged/{i}/in,
            /pipeline/logged/{i}/out => /offramp/sink/{i}/in,
            /onramp/new/{i}/out => /offramp/sink/{i}/in
        end;
        create binding /binding/b/x with i = "x" end;
    }
}

#[test]
fn a_log_and_a_source_without_one_share_the_room_of_a_sink() {
    let summary = super::links::after(&kept_and_new::KeptAndNew::builder(), 3000);
    assert!(summary.is_clean(), "{summary}");
    for onramp in ["onramp.kept", "onramp.new"] {
        let taken = summary.node("x", onramp).expect("it is there").counts.taken;
        assert!(taken > 20, "{onramp}: {summary}");
    }
}
