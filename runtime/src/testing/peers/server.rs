//! A simulated websocket server over time: when it listens, when it does not, and how it behaves on each connection. From some
//! moment on it is healthy.

use std::collections::VecDeque;
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex};

use tokio::task::AbortHandle;

use super::conversation::{Conversation, Place, Poison};
use super::manner::{Manner, Mischief};
use super::records::Records;
use crate::core::Time;
use crate::testing::Dice;
use crate::testing::sim::{Sim, SimListener, SimStream};
use crate::world::World;

/// What becomes of who wants to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// Connections are accepted; each has a manner of its own.
    Open,
    /// Connections are accepted, and the manner of all is good.
    OpenAndHealthy,
    /// Connections are made, but nobody takes them.
    Stalls,
    /// Connections are refused.
    Refuses,
    /// Packets vanish.
    Swallows,
}

/// A door for some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) door: Door,
    pub(crate) until: Time,
    /// Whether the server dies at its end: all connections with it.
    pub(crate) dies: bool,
}

/// What one server does until it is healthy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Life {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) stretches: Vec<Stretch>,
    /// The greatest time that a manner may have.
    pub(crate) longest_ms: u64,
    pub(crate) mischief: Mischief,
    pub(crate) poison: Option<Poison>,
}

impl Life {
    /// Draws one that lasts until `until`.
    pub(crate) fn draw(
        dice: &mut Dice,
        (host, port): &(String, u16),
        until: Time,
        mischief: Mischief,
        poison: Option<Poison>,
    ) -> Life {
        let longest_ms = u64::try_from(until.as_duration().as_millis()).unwrap_or(u64::MAX).max(1);
        let (mut stretches, mut at) = (Vec::new(), Time::ZERO);
        let longest_stretch_ms = dice.magnitude(longest_ms.div_ceil(20), longest_ms * 2);
        while at < until {
            let door = match dice.between(0, 99) {
                0..=49 => Door::Open,
                50..=71 => Door::OpenAndHealthy,
                72..=79 => Door::Stalls,
                80..=91 => Door::Refuses,
                _ => Door::Swallows,
            };
            at = at.plus_ms(dice.between(1, longest_stretch_ms)).min(until);
            stretches.push(Stretch { door, until: at, dies: dice.chance(40) });
        }
        Life { host: host.clone(), port: *port, stretches, longest_ms, mischief, poison }
    }
}

/// In words, for who reads what a seed has drawn.
impl fmt::Display for Life {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)?;
        for Stretch { door, until, dies } in &self.stretches {
            let door = match door {
                Door::Open => "of many manners",
                Door::OpenAndHealthy => "healthy",
                Door::Stalls => "accepts nobody",
                Door::Refuses => "refuses",
                Door::Swallows => "swallows packets",
            };
            let dies = if *dies { " and then dies" } else { "" };
            write!(f, "; {door} until {} ms{dies}", until.as_duration().as_millis())?;
        }
        Ok(())
    }
}

/// A server that runs.
pub(crate) struct Server {
    life: Life,
    dice: Dice,
    place: Place,
    /// Its connections' tasks.
    tasks: Vec<AbortHandle>,
}

impl Server {
    /// The one with this number.
    pub(crate) fn new(
        sim: &Sim,
        number: usize,
        life: Life,
        dice: Dice,
        records: &Arc<Mutex<Records>>,
    ) -> Server {
        let place = Place {
            sim: sim.clone(),
            records: Arc::clone(records),
            server: number,
            poison: life.poison,
            old_pings: Arc::new(Mutex::new(VecDeque::new())),
        };
        Server { life, dice, place, tasks: Vec::new() }
    }

    /// Lives, and is healthy from the end of its life on.
    pub(crate) async fn run(mut self) {
        let sim = self.place.sim.clone();
        let stretches = std::mem::take(&mut self.life.stretches);
        let end = stretches.last().map_or(Time::ZERO, |last| last.until);
        for stretch in stretches {
            let (host, port) = (self.life.host.as_str(), self.life.port);
            match stretch.door {
                Door::Open | Door::OpenAndHealthy => {
                    let listener = sim.listen(host, port);
                    self.accept(listener, stretch, end).await;
                }
                Door::Stalls => {
                    let _listener = sim.listen(host, port);
                    sim.sleep_until(stretch.until).await;
                }
                Door::Refuses => sim.sleep_until(stretch.until).await,
                Door::Swallows => {
                    sim.blackhole(host, port);
                    sim.sleep_until(stretch.until).await;
                    sim.refuse(host, port);
                }
            }
            if stretch.dies {
                self.tasks.drain(..).for_each(|task| task.abort());
            }
        }
        self.place.poison = None;
        let mut listener = sim.listen(&self.life.host, self.life.port);
        loop {
            let stream = listener.accept().await;
            self.serve(stream, Manner::healthy(), None);
        }
    }

    /// Accepts connections until the stretch is over.
    async fn accept(&mut self, mut listener: SimListener, stretch: Stretch, end: Time) {
        let sim = self.place.sim.clone();
        loop {
            tokio::select! {
                biased;
                () = sim.sleep_until(stretch.until) => return,
                stream = listener.accept() => {
                    let healthy = stretch.door == Door::OpenAndHealthy;
                    let manner = if healthy { Manner::healthy() } else { Manner::draw(&mut self.dice, self.life.longest_ms, self.life.mischief) };
                    self.serve(stream, manner, Some(end));
                }
            }
        }
    }

    /// Serves a connection in a task of its own. One of a bad manner is over at the end of the server's life: it ends, or nobody
    /// is there any more.
    fn serve(&mut self, stream: SimStream, manner: Manner, end: Option<Time>) {
        let (sim, server) = (self.place.sim.clone(), self.place.server);
        self.place.records().tell(sim.now(), || format!("server {server} accepts a connection: {manner}"));
        let poisoned = self.place.poison.is_some();
        let lasts = end.filter(|_| poisoned || !manner.is_healthy());
        let vanishes = self.dice.chance(50);
        let dice = self.dice.fork();
        let conversation = Conversation::new(self.place.clone(), stream, manner, dice);
        let task = tokio::spawn(async move {
            let Some(end) = lasts else { return conversation.run().await };
            let mut run = Box::pin(conversation.run());
            tokio::select! {
                biased;
                () = sim.sleep_until(end) => {}
                () = &mut run => return,
            }
            if vanishes {
                // The stream is kept, and nobody reads it.
                pending::<()>().await;
            }
        });
        self.tasks.retain(|task| !task.is_finished());
        self.tasks.push(task.abort_handle());
    }
}
