//! Seeded random lives of a sink against a plain reference: what was pushed, what the peer had, what was answered.

use super::super::session::State;
use super::rig::Rig;
use crate::core::{Answer, Random, Sink};
use std::collections::{BTreeMap, BTreeSet};

/// Says which seed it was when a check fails.
struct Seed(u64);

impl Drop for Seed {
    #[allow(clippy::print_stderr, reason = "a failing test must name its seed")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}", self.0);
        }
    }
}

const SETTINGS: [&str; 6] = [
    "",
    "err",
    "window_events=40 window_bytes=300",
    "window_events=7 err ack_timeout=300 keepalive=500",
    "ack=written window_events=20",
    "ack=written window_bytes=200 err",
];

fn next_word(rig: &Rig, dice: &mut Random) -> String {
    let pings = rig.peer.pings.len() as u64;
    let ms = [1, 20, 200, 2000][dice.up_to(3) as usize];
    let anywhere = [
        "retry".to_owned(),
        format!("wait:{}", dice.up_to(ms)),
        format!("push:{}", dice.up_to(5)),
        "flush".to_owned(),
        "block".to_owned(),
        "unblock".to_owned(),
        format!("take:{}", dice.up_to(200)),
    ];
    let here: Vec<String> = match rig.ws.state {
        State::Opening { .. } => ["open", "open", "refuse"].map(String::from).to_vec(),
        State::Upgrading { .. } if rig.peer.request.is_some() => {
            ["upgrade", "upgrade", "upgrade", "fin"].map(String::from).to_vec()
        }
        State::Live(_) => {
            let code = [1000, 1001, 1003, 1007, 1009, 1011][dice.up_to(5) as usize];
            let mut words = vec![
                format!("send:{}", dice.up_to(40)),
                format!("send:{}", dice.up_to(3)),
                format!("send:1x{}", dice.up_to(400)),
                "suspect".to_owned(),
                "foreign".to_owned(),
                "ping".to_owned(),
                format!("text:{}", dice.up_to(300)),
            ];
            if pings > 0 {
                let newest = format!("pong:{pings}");
                words.extend([newest.clone(), newest, format!("pong:{}", 1 + dice.up_to(pings - 1))]);
                words.extend(["pongs".to_owned(), "future".to_owned()]);
            }
            if dice.up_to(4) == 0 {
                words.extend(["fin".to_owned(), format!("close:{code}"), "close".to_owned()]);
            }
            words
        }
        _ => Vec::new(),
    };
    let pick = dice.up_to((anywhere.len() + 2 * here.len()) as u64 - 1) as usize;
    anywhere.get(pick).cloned().unwrap_or_else(|| here[(pick - anywhere.len()) / 2].clone())
}

/// Each pushed event is answered exactly once, and confirmed only if the peer (with `written`: the socket) had it.
fn check(seed: u64) {
    let _guard = Seed(seed);
    let mut dice = Random::from_seed([seed as u8; 32]);
    let settings = SETTINGS[(seed % SETTINGS.len() as u64) as usize];
    let errors_linked = settings.contains("err");
    let mut rig = Rig::new(settings, seed as u8);
    let mut answers = BTreeMap::new();
    let (mut rejected, mut suspects) = (0, BTreeSet::new());
    for step in 0..400 {
        let word = if step < 399 { next_word(&rig, &mut dice) } else { "bye".to_owned() };
        let (rejected_before, next_id) = (rig.ws.counts.rejected, rig.next_id);
        rig.play(&word);
        suspects.extend((next_id..rig.next_id).filter(|_| word == "suspect"));
        if !rig.ws.errors.is_empty() {
            let error = rig.ws.next_error().unwrap();
            rejected += 1;
            assert!(suspects.contains(&error.head.tag), "`{word}` rejects a suspect");
            assert_eq!(answers.insert(error.head.tag, None), None, "`{word}` answers it once");
        }
        let rejects = rig.ws.counts.rejected > rejected_before;
        for (id, answer) in std::mem::take(&mut rig.answers) {
            let had = rig.texts.contains(&id);
            let dropped = rejects && !errors_linked && suspects.contains(&id);
            assert!(
                answer != Answer::Ack || had || dropped,
                "`{word}` confirms {id}, which the peer never had"
            );
            assert_eq!(answers.insert(id, Some(answer)), None, "`{word}` answers {id} once");
        }
        let counts = rig.ws.counts();
        assert_eq!(u64::from(rig.next_id) - answers.len() as u64, counts.pending, "after `{word}`");
        assert!(counts.pending <= rig.ws.config.window_events, "after `{word}`");
        assert!(!rig.ws.window.holds_suspects() || counts.pending == 1, "a suspect is alone, after `{word}`");
    }
    rig.play("wait:1000 wait:1000");
    assert!(rig.ws.is_closed());
    answers.extend(std::mem::take(&mut rig.answers).into_iter().map(|(id, answer)| (id, Some(answer))));
    assert!(answers.keys().copied().eq(0..rig.next_id), "every event is answered in the end");
    assert!(!errors_linked || rejected == rig.ws.counts.rejected);
}

#[test]
fn every_event_is_answered_exactly_once() {
    for seed in 0..250 {
        check(seed);
    }
}
