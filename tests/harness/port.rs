//! Ports for servers that are killed and come back.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// First port that is given out, and how many there are: below the range from which systems take the ports of outgoing
/// connections. In that range a client that keeps connecting to a port where nobody listens may one day be given this
/// very port as its own and connect to itself.
const FIRST: u16 = 20_000;
const BLOCKS: u32 = 200;
const PER_PROCESS: u16 = 60;

/// A port where nobody listens, given out once in this process. Each process begins in a block of its own, so that
/// tests that run side by side do not take each other's ports while a server is down.
///
/// # Panics
/// If there is none left.
pub fn next() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let block = u16::try_from(std::process::id() % BLOCKS).expect("below 200") * PER_PROCESS;
    loop {
        let taken = TAKEN.fetch_add(1, Ordering::Relaxed);
        assert!(taken < PER_PROCESS * 4, "no free port left");
        let port = FIRST + block + taken;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
