//! The command.
use foreshock_benches::in_process::*;
fn main() {
    if let Ok(side) = std::env::var("SIDE") {
        let n = 3_000_000;
        let case = cases::Case::InOrder;
        match side.as_str() {
            "ours" => cases::Run::<_, outputs::Drops>::new(generated::Generated::new(), case).make(n),
            _ => cases::Run::<_, outputs::Drops>::new(by_hand::yardstick(), case).make(n),
        }
        return;
    }
    for line in measure(Amount { rounds: 31, events: 200_000 }) {
        println!("{:30} ours {} yard {} ratio {} alloc {}", line.case.name(), line.time.ours, line.time.yardstick, line.time.ratio, line.allocations);
    }
}
