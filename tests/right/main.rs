//! Right flows, as users would write them: none may be refused, warn, or make code that a strict crate minds, and each gives
//! what the language says. Flows of wrong events and of failing servers are elsewhere (`tests/flows`, `tests/simulated`).
#![deny(warnings, deprecated, unused, clippy::all, clippy::pedantic)]

mod bindings;
mod deployments;
mod expressions;
mod files;
mod graphs;
mod large;
mod layout;
mod library;
mod macros;
mod names;
mod operators;
mod places;
mod promises;
mod queries;
mod ramps;
mod records;
mod typed;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use foreshock::Builder;
use foreshock::core::Endpoint;
use foreshock::pipeline::Pipeline;
use foreshock::program::Summary;
use foreshock::testing::Harness;
use foreshock::testing::sim::{Sim, SimWebsocket};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{sleep, timeout};

/// Pushes events, each `port json`, and compares all that comes out, in the order in which it does.
#[track_caller]
fn check<P: Pipeline>(events: &[&str], expected: &[&str]) {
    let mut harness = Harness::<P>::new();
    let mut outputs = Vec::new();
    for event in events {
        let (port, event) = event.split_once(' ').expect("a port and an event");
        harness.push(port, event);
        outputs.extend(harness.outputs());
    }
    assert_eq!(outputs, expected);
    assert_eq!(harness.pending(), 0);
}

/// What came to one place of a simulated world.
type Seen = Rc<RefCell<Vec<String>>>;

/// A simulated world, and what came to its servers, files and streams.
struct Stage {
    sim: Sim,
    places: Vec<(String, Seen)>,
}

impl Stage {
    fn new() -> Stage {
        Stage { sim: Sim::new(1), places: Vec::new() }
    }

    fn place(&mut self, name: &str) -> Seen {
        let seen = Seen::default();
        self.places.push((name.to_owned(), Rc::clone(&seen)));
        seen
    }

    /// A websocket server.
    fn serve(&mut self, host: &str, port: u16) -> &mut Stage {
        let seen = self.place(host);
        let mut listener = self.sim.listen(host, port);
        spawn_local(async move {
            loop {
                let (stream, seen) = (listener.accept().await, Rc::clone(&seen));
                spawn_local(async move {
                    let Ok(mut socket) = SimWebsocket::accept(stream).await else { return };
                    while let Ok(Some(text)) = socket.next_text().await {
                        seen.borrow_mut().push(text);
                    }
                });
            }
        });
        self
    }

    /// A file or a stream that is written.
    fn keep(&mut self, name: &str, endpoint: Endpoint) -> &mut Stage {
        let seen = self.place(name);
        let mut listener = self.sim.listen_at(endpoint);
        spawn_local(async move {
            let mut text = String::new();
            let mut stream = listener.accept().await;
            let mut byte = [0];
            while stream.read_exact(&mut byte).await.is_ok() {
                if byte == *b"\n" {
                    seen.borrow_mut().push(std::mem::take(&mut text));
                } else {
                    text.push(char::from(byte[0]));
                }
            }
        });
        self
    }

    fn keep_stdout(&mut self) -> &mut Stage {
        self.keep("stdout", Endpoint::Stdout)
    }

    fn keep_stderr(&mut self) -> &mut Stage {
        self.keep("stderr", Endpoint::Stderr)
    }

    fn keep_file(&mut self, path: &str) -> &mut Stage {
        self.keep(path, Endpoint::WriteFile { path: path.to_owned(), keep: 0 })
    }

    /// A file or a stream that is read.
    fn give(&mut self, endpoint: Endpoint, text: &'static str) -> &mut Stage {
        let mut listener = self.sim.listen_at(endpoint);
        spawn_local(async move {
            loop {
                let _ = listener.accept().await.write_all(text.as_bytes()).await;
            }
        });
        self
    }

    fn variable(&mut self, name: &str, value: &str) -> &mut Stage {
        self.sim.set_variable(name, value);
        self
    }

    /// Runs a flow for so long, or until its sources are done, and tells how it went.
    async fn run(&mut self, builder: Builder, time_ms: u64) -> Summary {
        let mut flow = builder.start_in(&self.sim).expect("it starts");
        let _ = timeout(Duration::from_millis(time_ms), flow.done()).await;
        let summary = flow.drain().await;
        sleep(Duration::from_millis(1)).await;
        assert!(summary.is_clean(), "{summary}");
        summary
    }

    #[track_caller]
    fn seen(&self, name: &str) -> Vec<String> {
        let (_, seen) = self.places.iter().find(|(place, _)| place == name).expect("there is such a place");
        seen.borrow().clone()
    }
}

/// Plays a scene in virtual time.
fn play(scene: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    LocalSet::new().block_on(&runtime.expect("a runtime"), scene);
}
