//! Start order, deadlines, drain, stop and breakers.

use super::*;

fn idle(_: &mut State) -> Progress {
    Progress::Idle
}

#[tokio::test(start_paused = true)]
async fn sources_start_when_the_sinks_are_settled() {
    let sim = Sim::new(1);
    let running = start(&sim, State { settled: true, has_room: true, ..State::default() }, idle);
    after_ms(1).await;
    assert_eq!(running.state().calls, ["start 0"]);
}

#[tokio::test(start_paused = true)]
async fn sources_start_without_the_sinks_after_start_timeout() {
    let sim = Sim::new(1);
    let running = start(&sim, State { has_room: true, ..State::default() }, idle);
    after_ms(1999).await;
    assert_eq!(running.state().calls, [""; 0]);
    after_ms(2).await;
    assert_eq!(running.state().calls, ["start 2000"]);
    running.state().settled = true;
    running.report().await;
    assert_eq!(running.state().calls, ["start 2000"], "they start once");
}

#[tokio::test(start_paused = true)]
async fn the_machine_is_stepped_at_its_deadline_and_not_before() {
    let sim = Sim::new(1);
    let deadlines = [40, 1000, 1001, 3_600_000].map(|at| Time::ZERO.plus_ms(at));
    let mut left = deadlines.to_vec();
    let first = State { settled: true, has_room: true, deadline: Some(deadlines[0]), ..State::default() };
    let running = start(&sim, first, move |state| {
        if state.steps.last() >= left.first().map(|at| ms(*at)).as_ref() && !left.is_empty() {
            left.remove(0);
        }
        state.deadline = left.first().copied();
        Progress::Idle
    });
    after_ms(4_000_000).await;
    let mut steps = running.state().steps.clone();
    steps.dedup();
    assert_eq!(steps, [0, 40, 1000, 1001, 3_600_000]);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_stays_in_the_past_does_not_spin() {
    let sim = Sim::new(1);
    let first = State { settled: true, has_room: true, deadline: Some(Time::ZERO), ..State::default() };
    let running = start(&sim, first, idle);
    after_ms(100).await;
    let steps = running.state().steps.len();
    assert!((50..=105).contains(&steps), "{steps} steps in 100 ms");
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_always_has_more_to_do_does_not_keep_others_waiting() {
    let sim = Sim::new(1);
    let running = start(&sim, State { settled: true, ..State::default() }, |_| Progress::Again);
    running.report().await;
    running.ask(Request::Stop).await;
    running.finished().await;
}

/// `pending` events; `done_after_ms` they are answered. Expected: when sinks are closed, and what is undelivered.
async fn check_drain(pending: u64, done_after_ms: Option<u64>, closed_at_ms: u64, undelivered: u64) {
    let sim = Sim::new(1);
    let first = State { settled: true, has_room: true, pending, closed: true, ..State::default() };
    let running = start(&sim, first, idle);
    after_ms(1).await;
    running.ask(Request::Drain).await;
    if let Some(done_after_ms) = done_after_ms {
        after_ms(done_after_ms).await;
        running.state().pending = 0;
        running.report().await;
    }
    let state = Arc::clone(&running.state);
    let finished = running.finished().await;
    assert_eq!(finished.pending, undelivered);
    let closed = format!("close {closed_at_ms}");
    assert_eq!(state.lock().expect("nobody panicked").calls, ["start 0", "stop", &closed]);
}

#[tokio::test(start_paused = true)]
async fn a_drain_waits_for_what_is_pending_up_to_drain_timeout() {
    check_drain(0, None, 1, 0).await;
    check_drain(7, Some(300), 301, 0).await;
    check_drain(7, None, 10_001, 7).await;
}

#[tokio::test(start_paused = true)]
async fn a_sink_that_does_not_close_is_given_up() {
    let sim = Sim::new(1);
    let running = start(&sim, State { settled: true, has_room: true, ..State::default() }, idle);
    running.ask(Request::Drain).await;
    let started = tokio::time::Instant::now();
    running.finished().await;
    assert_eq!(started.elapsed().as_millis(), 2000);
}

#[tokio::test(start_paused = true)]
async fn a_drain_before_the_start_never_starts_the_sources() {
    let sim = Sim::new(1);
    let running = start(&sim, State { closed: true, ..State::default() }, idle);
    running.ask(Request::Drain).await;
    let state = Arc::clone(&running.state);
    running.finished().await;
    assert_eq!(state.lock().expect("nobody panicked").calls, ["stop", "close 0"]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_at_once_and_so_does_the_loss_of_every_sender() {
    let sim = Sim::new(1);
    for by_request in [true, false] {
        for progress in [Progress::Idle, Progress::Again] {
            let first = State { settled: true, pending: 3, ..State::default() };
            let running = start(&sim, first, move |_| progress);
            if by_request {
                running.ask(Request::Stop).await;
            }
            let Running { task, requests, .. } = running;
            drop(requests);
            assert_eq!(task.await.expect("the driver does not panic").pending, 3);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_breaker_is_triggered_after_a_time_without_room_and_restored_with_it() {
    let sim = Sim::new(1);
    let running = start(&sim, State { settled: true, has_room: true, ..State::default() }, idle);
    let look = async |has_room: bool, taken: u64| {
        running.set_room(has_room, taken);
        running.report().await;
        // The report is of the look before the step that this request caused.
        let seen = running.report().await;
        (seen.triggered, seen.times_triggered)
    };
    assert_eq!(look(true, 0).await, (false, 0));
    assert_eq!(look(false, 0).await, (false, 0));
    after_ms(99).await;
    assert_eq!(look(false, 0).await, (false, 0));
    after_ms(2).await;
    assert_eq!(look(false, 0).await, (true, 1));
    assert_eq!(look(true, 0).await, (false, 1));
    // It had room in between: it took something.
    assert_eq!(look(false, 0).await, (false, 1));
    after_ms(60).await;
    assert_eq!(look(false, 1).await, (false, 1));
    after_ms(60).await;
    assert_eq!(look(false, 1).await, (false, 1));
    after_ms(60).await;
    assert_eq!(look(false, 1).await, (true, 2));
}

#[tokio::test(start_paused = true)]
async fn a_breaker_is_triggered_on_time_though_nothing_happens() {
    let sim = Sim::new(1);
    let running = start(&sim, State { settled: true, ..State::default() }, idle);
    after_ms(99).await;
    let steps = running.state().steps.len();
    after_ms(3).await;
    assert_eq!(running.state().steps.len(), steps + 1, "one look, at its time");
    assert!(running.report().await.triggered);
}

/// A machine of which `change` is told 50 ms after its start: what was done with it by when, and what the run says.
async fn check_end(pending: u64, change: impl FnOnce(&mut State), expected: &[&str], failure: Option<&str>) {
    let sim = Sim::new(1);
    let first = State { settled: true, has_room: true, closed: true, pending, ..State::default() };
    let running = start(&sim, first, idle);
    after_ms(50).await;
    change(&mut running.state());
    running.report().await;
    let state = Arc::clone(&running.state);
    let snapshot = running.finished().await;
    assert_eq!(state.lock().expect("no test panics").calls, expected);
    assert_eq!(snapshot.failure.as_deref(), failure);
    assert_eq!(snapshot.pending, pending);
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_is_done_is_drained_at_once() {
    check_end(0, |state| state.done = true, &["start 0", "stop", "close 50"], None).await;
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_fails_has_one_second_for_what_is_pending() {
    let fail = |state: &mut State| state.failure = Some("it is broken".to_owned());
    check_end(0, fail, &["start 0", "stop", "close 50"], Some("it is broken")).await;
    check_end(3, fail, &["start 0", "stop", "close 1050"], Some("it is broken")).await;
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_fails_in_a_drain_shortens_it() {
    let sim = Sim::new(1);
    let first = State { settled: true, has_room: true, closed: true, pending: 1, ..State::default() };
    let running = start(&sim, first, idle);
    after_ms(1).await;
    running.ask(Request::Drain).await;
    after_ms(100).await;
    running.state().failure = Some("it is broken".to_owned());
    running.report().await;
    let state = Arc::clone(&running.state);
    assert_eq!(running.finished().await.failure.as_deref(), Some("it is broken"));
    assert_eq!(state.lock().expect("no test panics").calls, ["start 0", "stop", "close 1101"]);
}
