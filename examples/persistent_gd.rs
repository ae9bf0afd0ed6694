//! Guaranteed delivery, also over crashes of the program: metronome events, kept in a log on disk until the one websocket
//! server has confirmed them. Killed and started again, it goes on without a gap.
//!
//! ```text
//! cargo run --example receiver -- 8080 | tee received.txt     in one shell
//! cargo run --example persistent_gd                           in another
//! pkill -9 -x persistent_gd                                   in a third: it gets no chance to say goodbye
//! cargo run --example persistent_gd -- wal stats              what is on disk now
//! cargo run --example persistent_gd -- wal dump               the events that are not confirmed, one a line
//! cargo run --example persistent_gd                           it goes on behind the last id
//! ```
//!
//! No id is missing in `received.txt`, however often it is killed, and it does not matter whether the receiver is down
//! meanwhile. After a kill, some events that were confirmed in the last second may come once more. Where nobody listens on port
//! 8080, the example starts a receiver of its own and prints what that gets.
//!
//! The log is in `persistent_gd.wal`, in the directory in which the example is started; with
//! `--set pipeline.keep.on_disk_wal.dir=…` it is elsewhere. To begin anew, remove that directory.

use std::process::ExitCode;

use foreshock::pipeline;
use foreshock_examples::run_with_receivers;

pipeline! {
    /// Metronome events for one websocket server, none of them lost when this program or the machine crashes.
    pub flow PersistentGd;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp server from ws with url = "ws://localhost:8080/" end;

    define pipeline keep
        use tremor::system;

        define qos::wal operator on_disk_wal with
            read_count = 20,
            max_bytes = 10485760,                    // bytes, 10 MiB of files at most
            dir = "./persistent_gd.wal",
            sync = "batch"                           // an event goes on when it is safe on the disk
        end;

        create operator on_disk_wal;

        select patch event of insert "hostname" => system::hostname() end
        from in into on_disk_wal;

        select event from on_disk_wal into out;
    end;

    define binding default links
        /onramp/metronome/{instance}/out => /pipeline/keep/{instance}/in,
        /pipeline/keep/{instance}/out    => /offramp/server/{instance}/in
    end;

    create binding /binding/default/01 with instance = "01" end;
}

fn main() -> ExitCode {
    run_with_receivers(PersistentGd::builder(), &[("server", 8080)])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use super::*;
    use foreshock::testing::sim::{Crash, Sim, SimWebsocket};
    use tokio::sync::mpsc;
    use tokio::task::{LocalSet, spawn_local};
    use tokio::time::sleep;

    /// A server in the simulated world; each text frame is told.
    fn serve(sim: &Sim) -> mpsc::Receiver<String> {
        let mut listener = sim.listen("localhost", 8080);
        let (told, received) = mpsc::channel(10_000);
        spawn_local(async move {
            loop {
                let Ok(mut socket) = SimWebsocket::accept(listener.accept().await).await else { continue };
                while let Ok(Some(text)) = socket.next_text().await {
                    told.try_send(text).expect("there are fewer events than that");
                }
            }
        });
        received
    }

    fn id(text: &str) -> u64 {
        let (_, rest) = text.split_once("\"id\":").expect("it has an id");
        rest.split(',').next().and_then(|id| id.parse().ok()).expect("it is a number")
    }

    /// Runs for 20 seconds and a bit, and ends as if the power failed.
    async fn run_and_crash(sim: &Sim) {
        let flow = PersistentGd::builder().start_in(sim).expect("it starts");
        sleep(Duration::from_millis(20_300)).await;
        drop(flow);
        sim.crash_disk(Crash::Power);
        sleep(Duration::from_millis(10)).await;
    }

    #[test]
    fn over_crashes_it_goes_on_without_a_gap() {
        for seed in 0..5 {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
            LocalSet::new().block_on(&runtime.expect("it can be built"), async {
                let sim = Sim::new(seed);
                let mut received = serve(&sim);
                for _ in 0..3 {
                    run_and_crash(&sim).await;
                }
                let flow = PersistentGd::builder().start_in(&sim).expect("it starts");
                sleep(Duration::from_secs(5)).await;
                let summary = flow.drain().await;
                assert!(summary.is_clean(), "seed {seed}: {summary}");
                let mut ids = Vec::new();
                while let Ok(text) = received.try_recv() {
                    ids.push(id(&text));
                }
                let whole: BTreeSet<u64> = ids.iter().copied().collect();
                assert_eq!(whole.last(), Some(&(whole.len() as u64 - 1)), "seed {seed}: a gap in {ids:?}");
                assert!(whole.len() > 60, "seed {seed}: {ids:?}");
                // An event a second, and acknowledgements are synced once a second.
                assert!(ids.len() - whole.len() <= 3 * 3, "seed {seed}: {ids:?}");
            });
        }
    }
}
