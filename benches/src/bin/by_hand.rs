//! The program written by hand, as a program of its own, with the ports of its servers as arguments: a thousand events, one a
//! millisecond. Its start and its size are measured.

use foreshock_benches::feed::{Schedule, Wakes};
use foreshock_benches::websocket::{Round, by_hand};

fn main() {
    let ports: Vec<u16> = std::env::args().skip(1).filter_map(|port| port.parse().ok()).collect();
    let schedule = Schedule { rate: 1000, wakes: Wakes::Timer };
    by_hand::run(Round { schedule: Some(schedule), ..Round::of(1000, 20) }, &ports);
}
