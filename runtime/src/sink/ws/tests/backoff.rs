//! How long the sink waits before it connects again.

use super::rig::Rig;
use crate::core::{Sink, Time};

/// The waiting time after the script's end, in milliseconds.
fn wait_after(rig: &mut Rig, script: &str) -> u64 {
    rig.play(script);
    let wait = rig.ws.deadline().expect("it will connect again").since(rig.now);
    rig.play("retry");
    u64::try_from(wait.as_millis()).unwrap()
}

#[test]
fn it_doubles_with_full_jitter_up_to_its_limit() {
    let mut greatest = [0; 10];
    for seed in 0..100 {
        let mut rig = Rig::new("", seed);
        for (attempt, greatest) in greatest.iter_mut().enumerate() {
            let wait = wait_after(&mut rig, "refuse");
            let bound = (100 << attempt).min(10_000);
            assert!(wait <= bound, "seed {seed}, attempt {attempt}: {wait} ms, at most {bound}");
            *greatest = wait.max(*greatest);
        }
    }
    for (attempt, greatest) in greatest.into_iter().enumerate() {
        let bound = (100 << attempt).min(10_000);
        assert!(greatest > bound * 9 / 10, "attempt {attempt}: never more than {greatest} ms of {bound}");
    }
}

#[test]
fn a_connection_that_confirms_nothing_does_not_reset_it() {
    let mut waits = Vec::new();
    for seed in 0..20 {
        let mut rig = Rig::new("", seed);
        for _ in 0..6 {
            wait_after(&mut rig, "proven send:1 fin");
        }
        waits.push(wait_after(&mut rig, "refuse"));
    }
    assert!(waits.iter().any(|&wait| wait > 3200), "{waits:?}");
}

#[test]
fn a_confirmed_event_resets_it() {
    for seed in 0..50 {
        let mut rig = Rig::new("", seed);
        for _ in 0..6 {
            wait_after(&mut rig, "refuse");
        }
        let wait = wait_after(&mut rig, "proven send:1 pongs fin");
        assert!(wait <= 100, "seed {seed}: {wait} ms");
    }
}

#[test]
fn while_the_flow_drains_it_is_a_second_at_most() {
    let mut greatest = [0; 2];
    for seed in 0..100 {
        let mut rig = Rig::new("", seed);
        for _ in 0..8 {
            wait_after(&mut rig, "refuse");
        }
        rig.play("refuse");
        let end = rig.now.plus_ms(1000);
        rig.ws.wire.is_draining = true;
        // The wait that has begun, and the ones behind it.
        for (n, greatest) in greatest.iter_mut().enumerate() {
            let wait = wait_after(&mut rig, if n == 0 { "wait:0" } else { "refuse" });
            assert!(wait <= 1000, "seed {seed}: {wait} ms");
            *greatest = wait.max(*greatest);
        }
        assert!(rig.now <= end.plus_ms(1000), "seed {seed}: a wait begins again in each step");
    }
    assert!(greatest.iter().all(|greatest| *greatest > 900), "{greatest:?}");
}

#[test]
fn it_reconnects_for_ever() {
    let mut rig = Rig::new("", 7);
    for attempt in 2..1000 {
        rig.play("refuse retry");
        assert_eq!(rig.ws.counts.failed_connects + 1, attempt);
    }
    assert!(rig.now > Time::ZERO);
    rig.play("proven");
    assert_eq!(rig.ws.room(false), 32);
}
