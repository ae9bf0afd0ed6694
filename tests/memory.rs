//! The figure of `check`: what all buffers of a flow take at most. Everything is filled, with servers that stop confirming and large
//! events: then no more is taken than the figure says, and the figure is no multiple of it that nobody could use.

use allocation_counter::measure;
use foreshock::Builder;
use foreshock::core::Endpoint;
use foreshock::testing::sim::{Sim, SimWebsocket};
use tokio::io::AsyncWriteExt;
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{Duration, sleep};

mod shared_out {
    foreshock::pipeline! {
        #[allow(value_in_another_unit)]
        pub(super) flow SharedOut;
        define onramp lines from file with source = "in", max_event_bytes = 16384 end;
        define offramp ws0 from ws with url = "ws://ws0:80/", ack_timeout = 9000000, window_bytes = 262144 end;
        define offramp ws1 from ws with url = "ws://ws1:80/", ack_timeout = 9000000, window_bytes = 262144 end;
        define pipeline p
            define qos::wal operator log with read_count = 20, max_elements = 1000, max_bytes = 4194304 end;
            define qos::roundrobin operator share with outputs = ["a", "b"] end;
            create operator log;
            create operator share;
            select event from in into log;
            select event from log into share;
            select event from share/a into out/a;
            select event from share/b into out/b;
        end;
        define binding b links
            /onramp/lines/1/out => /pipeline/p/1/in,
            /pipeline/p/1/a => /offramp/ws0/1/in,
            /pipeline/p/1/b => /offramp/ws1/1/in
        end;
        create binding /binding/b/1;
    }
}

mod twice_and_read {
    foreshock::pipeline! {
        #[allow(log_smaller_than_windows, value_in_another_unit)]
        pub(super) flow TwiceAndRead;
        define onramp lines from file with source = "in", max_event_bytes = 16384 end;
        define offramp ws0 from ws with url = "ws://ws0:80/", ack = "written", window_events = 2000 end;
        define offramp ws1 from ws with url = "ws://ws1:80/", ack_timeout = 9000000, window_bytes = 65536 end;
        define offramp rejected from blackhole end;
        define pipeline p
            define qos::wal operator log with read_count = 20, max_elements = 200 end;
            create operator log;
            select event from in into log;
            select { "again": event } from in into log;
            select event from log where present event.x into out;
            select event from log where absent event.y into out/b;
        end;
        define binding b links
            /onramp/lines/1/out => /pipeline/p/1/in,
            /pipeline/p/1/out => /offramp/ws0/1/in,
            /pipeline/p/1/b => /offramp/ws1/1/in,
            /offramp/ws1/1/err => /offramp/rejected/1/in
        end;
        create binding /binding/b/1;
    }
}

/// Lines of so many bytes and less, for ever; servers that confirm for a while and then read nothing any more.
async fn fill(builder: &Builder, line: &'static str) {
    let sim = Sim::new(1);
    let mut file = sim.listen_at(Endpoint::ReadFile("in".to_owned()));
    spawn_local(async move {
        let mut stream = file.accept().await;
        while stream.write_all(line.as_bytes()).await.is_ok() {}
    });
    for server in ["ws0", "ws1"] {
        let mut listener = sim.listen(server, 80);
        spawn_local(async move {
            let Ok(mut socket) = SimWebsocket::accept(listener.accept().await).await else { return };
            for _ in 0..600 {
                if socket.next_text().await.is_err() {
                    return;
                }
            }
            std::future::pending::<()>().await;
        });
    }
    let flow = builder.start_in(&sim).expect("it starts");
    sleep(Duration::from_secs(60)).await;
    drop(flow);
}

/// The most bytes that were taken at one time while everything was filled, beside the figure.
fn filled(builder: &Builder, line: &'static str) -> (u64, u64) {
    let taken = measure(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        LocalSet::new().block_on(&runtime.expect("a runtime"), fill(builder, line));
    });
    (taken.bytes_max, builder.memory())
}

#[track_caller]
fn check(what: &str, builder: &Builder, line: String, least: u64, most_times: u64) {
    let (taken, figure) = filled(builder, line.leak());
    assert!(taken >= least, "{what}: nothing was filled: {taken} bytes, at most {figure}");
    assert!(taken <= figure, "{what}: {taken} bytes taken, at most {figure} by the settings");
    assert!(figure <= most_times * taken, "{what}: {figure} by the settings says nothing of {taken}");
}

/// A line of so many bytes, its end not counted.
fn text(bytes: usize) -> String {
    format!("{{\"x\":\"{}\"}}\n", "x".repeat(bytes - 8))
}

#[test]
fn a_log_and_windows_that_are_full_take_no_more_than_the_settings_say() {
    let builder = shared_out::SharedOut::builder();
    check("large events", &builder, text(16384), 5 << 20, 4);
    check("large and small events", &builder, text(16384) + &text(9).repeat(40), 1 << 20, 16);
    check("events of a size that doubles its buffer", &builder, text(4200), 5 << 20, 4);
}

#[test]
fn the_figure_follows_what_is_overridden() {
    let mut builder = shared_out::SharedOut::builder();
    let before = builder.memory();
    builder.set("pipeline.p.log.max_bytes", 8_388_608).expect("it is legal");
    assert_eq!(builder.memory(), before + 2 * 4_194_304);
    check("a larger log", &builder, text(16384), 9 << 20, 4);
    builder.set("offramp.ws0.window_bytes", 4_194_304).expect("it is legal");
    assert!(builder.memory() > before + 2 * 4_194_304);
}

#[test]
fn what_is_kept_as_values_counts_as_such() {
    let builder = twice_and_read::TwiceAndRead::builder();
    let numbers = format!("{{\"x\":[{}]}}\n", vec!["0"; 8000].join(","));
    check("lists of numbers", &builder, numbers, 20 << 20, 8);
    check("texts", &builder, text(16384), 4 << 20, 64);
}
