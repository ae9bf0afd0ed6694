//! The command.
fn main() {
    for line in foreshock_benches::in_process::measure(foreshock_benches::in_process::Amount { rounds: 31, events: 200_000 }) {
        println!("{:30} ours {} yard {} ratio {} alloc {}", line.case.name(), line.time.ours, line.time.yardstick, line.time.ratio, line.allocations);
    }
}
