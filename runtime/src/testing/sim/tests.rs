//! The simulated network behaves as a network does, and the same way for the same seed.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::*;

fn endpoint(host: &str) -> Endpoint {
    Endpoint::Tcp { host: host.to_owned(), port: 80 }
}

#[tokio::test(start_paused = true)]
async fn an_address_without_a_listener_refuses() {
    let sim = Sim::new(1);
    let error = sim.connect(&endpoint("nobody"), Duration::MAX).await.expect_err("nobody listens");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    drop(sim.listen("left", 80));
    assert!(sim.connect(&endpoint("left"), Duration::MAX).await.is_err(), "its listener is gone");
}

#[tokio::test(start_paused = true)]
async fn a_blackhole_neither_connects_nor_refuses() {
    let sim = Sim::new(1);
    sim.blackhole("hole", 80);
    assert!(timeout(Duration::from_secs(3600), sim.connect(&endpoint("hole"), Duration::MAX)).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn what_was_written_before_the_end_is_read() {
    let sim = Sim::new(2);
    let mut listener = sim.listen("a", 80);
    let mut client = sim.connect(&endpoint("a"), Duration::MAX).await.expect("it listens");
    let mut server = listener.accept().await;
    client.write_all(&[7; 10_000]).await.expect("it fits");
    drop(client);
    let mut all = Vec::new();
    server.read_to_end(&mut all).await.expect("the end is no error");
    assert_eq!(all, vec![7; 10_000]);
    let error = server.write_all(b"x").await.expect_err("the client is gone");
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
}

async fn pieces(seed: u64) -> Vec<usize> {
    let sim = Sim::new(seed);
    let mut listener = sim.listen("a", 80);
    let mut client = sim.connect(&endpoint("a"), Duration::MAX).await.expect("it listens");
    let mut server = listener.accept().await;
    client.write_all(&[7; 30_000]).await.expect("it fits");
    drop(client);
    let mut buf = [0; 8192];
    let mut pieces = Vec::new();
    loop {
        match server.read(&mut buf).await.expect("it is open") {
            0 => return pieces,
            n => pieces.push(n),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_gives_the_same_run_and_another_seed_another() {
    assert_eq!(pieces(3).await, pieces(3).await);
    assert_ne!(pieces(3).await, pieces(4).await);
}
