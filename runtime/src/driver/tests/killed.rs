//! A flow that is killed does nothing more, whatever its tasks were about to do.

use tokio::io::AsyncReadExt;

use super::*;

/// What a simulated connection holds at most in one direction.
const ON_THE_WAY: usize = 32 * 1024;

#[tokio::test(start_paused = true)]
async fn not_a_byte_is_written_after_a_kill() {
    let sim = Sim::new(3);
    let mut listener = sim.listen("server", 80);
    let mut begun = false;
    let first = State { settled: true, has_room: true, ..State::default() };
    let running = start(&sim, first, move |state| {
        if !begun {
            begun = true;
            state.connect("server");
            state.wire.outgoing = vec![7; 10 * ON_THE_WAY];
        }
        Progress::Idle
    });
    let mut server = listener.accept().await;
    after_ms(100).await;
    // This makes room on the way, and wakes the task that writes.
    let mut some = vec![0; 1000];
    let mut read = server.read(&mut some).await.expect("it is connected");
    let state = Arc::clone(&running.state);
    running.kill();
    let steps = state.lock().expect("nobody panicked").steps.len();
    let mut rest = Vec::new();
    read += server.read_to_end(&mut rest).await.expect("the end is no error");
    assert_eq!(read, ON_THE_WAY, "what was on the way, and no more");
    after_ms(10_000).await;
    assert_eq!(state.lock().expect("nobody panicked").steps.len(), steps);
}
