//! The other side: a program written by hand with tokio-tungstenite for this one flow. One task owns the yardstick's log and
//! three connections; nothing is handed from task to task. It flushes, pings and counts as the websocket sink does: a ping
//! behind each batch and after 32 frames within one, whose pong confirms what came before it; a send window that starts at
//! 32 events and doubles when a full one is confirmed; no event before the first pong. Where the socket confirms, by having
//! taken the bytes, there are no pings but the first, and the window is whole at once.
//!
//! It leaves out what the sink has besides: deadlines, reconnecting, keepalive, suspects, a summary. That makes it faster.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::{Sink, Stream};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use super::{Ack, Round};
use crate::feed::Feed;
use crate::in_process::HOSTNAME;
use crate::yardstick::{Config, Id, Outputs, Yardstick};

const START_WINDOW: usize = 32;
const FRAMES_PER_PING: u32 = 32;

/// Runs one round; gives the time from the first event to the last confirmation.
///
/// # Panics
/// A connection breaks, or not all is confirmed in time.
pub fn run(round: Round, ports: &[u16]) -> Duration {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("the system gives threads");
    runtime.block_on(async {
        let mut peers = Peers(Vec::new());
        for port in ports {
            peers.0.push(Peer::connect(*port, round).await);
        }
        let took = tokio::time::timeout(super::LIMIT, deliver(round, &mut peers)).await;
        took.unwrap_or_else(|_| panic!("not all was confirmed within {:?}", super::LIMIT))
    })
}

async fn deliver(round: Round, peers: &mut Peers) -> Duration {
    let log =
        Config { read_count: round.per_step(), max_elements: round.max_elements(), max_bytes: 10_485_760 };
    let mut flow = Yardstick::new(log, HOSTNAME);
    peers.proven().await;
    let begun = Instant::now();
    let mut feed = Feed::new(round.events, round.schedule);
    feed.begin();
    let mut confirmed = Vec::new();
    while flow.acked() < round.events {
        let can_make = flow.has_room() && feed.is_due();
        let spins = feed.spins();
        let work = poll_fn(|cx| {
            let progress = peers.poll(cx, &mut confirmed);
            if progress || can_make || spins { Poll::Ready(()) } else { Poll::Pending }
        });
        match feed.wait().filter(|_| !can_make && flow.has_room()) {
            Some(wait) if !spins => tokio::select! {
                biased;
                () = work => {}
                () = tokio::time::sleep(wait) => {}
            },
            _ => work.await,
        }
        if spins {
            // Sockets are read only so often before a task has to let go.
            tokio::task::yield_now().await;
        }
        confirmed.drain(..).for_each(|id| flow.ack(id));
        for _ in 0..round.per_step() {
            if !flow.has_room() || !feed.is_due() {
                break;
            }
            flow.push(&feed.make());
        }
        flow.pump(peers);
        peers.0.iter_mut().for_each(Peer::end_batch);
    }
    begun.elapsed()
}

struct Peers(Vec<Peer>);

impl Peers {
    /// Every peer has answered the first ping.
    async fn proven(&mut self) {
        poll_fn(|cx| {
            self.poll(cx, &mut Vec::new());
            if self.0.iter().all(|peer| peer.answered > 0) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// Reads what came and writes what waits; whether something was confirmed.
    fn poll(&mut self, cx: &mut Context<'_>, confirmed: &mut Vec<Id>) -> bool {
        let before = confirmed.len();
        for peer in &mut self.0 {
            peer.read(cx, confirmed);
            peer.write(cx, confirmed);
        }
        confirmed.len() > before
    }
}

impl Outputs for Peers {
    #[inline]
    fn has_room(&self, output: usize, suspect: bool) -> bool {
        let peer = &self.0[output];
        // A suspect goes alone, and nothing goes behind it.
        let window = if suspect || peer.has_suspect { 1 } else { peer.window };
        peer.unconfirmed.len() < window && peer.answered > 0
    }

    #[inline]
    fn take(&mut self, output: usize, id: Id, suspect: bool, payload: &[u8]) {
        self.0[output].has_suspect = suspect;
        self.0[output].send(id, payload);
    }
}

struct Peer {
    socket: WebSocketStream<TcpStream>,
    nonce: u64,
    /// Deliveries, each with the number of the ping behind it.
    unconfirmed: VecDeque<(Id, u64)>,
    /// Whether what it has not confirmed is a suspect.
    has_suspect: bool,
    window: usize,
    most: usize,
    ack: Ack,
    /// When so many more are confirmed, a full window was.
    full: Option<usize>,
    /// Pings sent, and the greatest number whose pong came.
    pings: u64,
    answered: u64,
    unpinged: u32,
    unflushed: bool,
}

impl Peer {
    async fn connect(port: u16, round: Round) -> Peer {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.expect("the server is there");
        stream.set_nodelay(true).expect("it is a TCP socket");
        let url = format!("ws://127.0.0.1:{port}/");
        let (socket, _) = tokio_tungstenite::client_async(url, stream).await.expect("it speaks websocket");
        let mut peer = Peer {
            socket,
            nonce: u64::from(port),
            unconfirmed: VecDeque::new(),
            has_suspect: false,
            window: if round.ack == Ack::Written { round.window() as usize } else { START_WINDOW },
            most: round.window() as usize,
            ack: round.ack,
            full: None,
            pings: 0,
            answered: 0,
            unpinged: 0,
            unflushed: false,
        };
        peer.ping();
        peer
    }

    fn start_send(&mut self, message: Message) {
        Pin::new(&mut self.socket).start_send(message).expect("the connection holds");
        self.unflushed = true;
    }

    #[inline]
    fn send(&mut self, id: Id, payload: &[u8]) {
        let text = Utf8Bytes::try_from(payload.to_vec()).expect("it is JSON");
        self.start_send(Message::Text(text));
        self.unconfirmed.push_back((id, self.pings + 1));
        if self.unconfirmed.len() == self.window && self.full.is_none() {
            self.full = Some(self.window);
        }
        self.unpinged += 1;
        if self.unpinged == FRAMES_PER_PING && self.ack == Ack::Received {
            self.ping();
        }
    }

    fn ping(&mut self) {
        self.pings += 1;
        self.unpinged = 0;
        let mut payload = [0; 16];
        payload[..8].copy_from_slice(&self.nonce.to_be_bytes());
        payload[8..].copy_from_slice(&self.pings.to_be_bytes());
        self.start_send(Message::Ping(payload.to_vec().into()));
    }

    fn end_batch(&mut self) {
        if self.unpinged > 0 && self.ack == Ack::Received {
            self.ping();
        }
    }

    fn write(&mut self, cx: &mut Context<'_>, confirmed: &mut Vec<Id>) {
        if self.unflushed
            && let Poll::Ready(flushed) = Pin::new(&mut self.socket).poll_flush(cx)
        {
            flushed.expect("the connection holds");
            self.unflushed = false;
            if self.ack == Ack::Written {
                confirmed.extend(self.unconfirmed.drain(..).map(|(id, _)| id));
            }
        }
    }

    fn read(&mut self, cx: &mut Context<'_>, confirmed: &mut Vec<Id>) {
        while let Poll::Ready(message) = Pin::new(&mut self.socket).poll_next(cx) {
            let message = message.expect("the peer does not close").expect("the connection holds");
            if let Message::Pong(payload) = message {
                self.pong(&payload, confirmed);
            }
        }
    }

    fn pong(&mut self, payload: &[u8], confirmed: &mut Vec<Id>) {
        let Some((nonce, number)) = payload.split_first_chunk() else { return };
        let Ok(number) = number.try_into().map(u64::from_be_bytes) else { return };
        if u64::from_be_bytes(*nonce) != self.nonce || number <= self.answered || number > self.pings {
            return;
        }
        self.answered = number;
        while let Some((id, ping)) = self.unconfirmed.front().copied()
            && ping <= number
        {
            self.unconfirmed.pop_front();
            confirmed.push(id);
            self.full = match self.full {
                Some(1) => {
                    self.window = (2 * self.window).min(self.most);
                    None
                }
                full => full.map(|left| left - 1),
            };
        }
    }
}
