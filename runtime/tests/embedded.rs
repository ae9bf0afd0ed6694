//! A compiled pipeline as a component: what `Embedded` refuses, when, and that nothing has happened then.

use foreshock::core::Answer;
use foreshock::{Embedded, PushError, Value};

mod through {
    foreshock::pipeline! {
        pub pipeline Through;
        select event from in into out;
    }
}

mod both_ways {
    foreshock::pipeline! {
        pub pipeline BothWays;
        select event from in into out/a;
        select event from in into out/b;
    }
}

mod typed {
    foreshock::pipeline! {
        pub flow Typed;
        define onramp m from metronome with interval = 10 end;
        define offramp sink from blackhole end;
        define pipeline ids
            select event.id from in into out;
        end;
        define binding b links
            /onramp/m/{i}/out => /pipeline/ids/{i}/in,
            /pipeline/ids/{i}/out => /offramp/sink/{i}/in
        end;
        create binding /binding/b/x with i = "x" end;
    }
}

#[test]
fn unread_answers_are_limited_and_nothing_can_be_pushed_until_they_are_read() {
    let mut flow = Embedded::<through::through::Through>::new();
    for event in 0..1024_u64 {
        assert_eq!(flow.push("in", event), Ok(event), "the first 1024 are taken");
        let output = flow.next_output().expect("it comes through");
        flow.ack(output.delivery);
    }
    assert_eq!((flow.room("in"), flow.push("in", 0)), (0, Err(PushError::NoRoom)));
    assert_eq!((flow.pending(), flow.next_output()), (0, None), "nothing has happened");
    assert_eq!(flow.next_answer(), Some((0, Answer::Ack)));
    assert!(flow.room("in") > 0);
    assert_eq!(flow.push("in", 1024), Ok(1024), "the number that was not used");
}

#[test]
fn an_event_of_another_shape_leaves_no_trace() {
    let mut flow = Embedded::<typed::typed::Ids>::new();
    let refused = flow.push("in", 7);
    assert!(matches!(refused, Err(PushError::Shape(_))), "{refused:?}");
    assert_eq!((flow.pending(), flow.next_answer(), flow.next_output()), (0, None, None));
    let tick = Value::parse(br#"{"onramp":"metronome","id":7,"ingest_ns":8}"#).expect("it is JSON");
    assert_eq!(flow.push("in", tick), Ok(0));
    assert_eq!(flow.next_output().map(|output| output.event), Some(Value::from(7)));
}

/// Answers both branches of one event in this order; says which answer the event has after each.
fn check(answers: [Answer; 2], expected: [Option<Answer>; 2]) {
    let mut flow = Embedded::<both_ways::both_ways::BothWays>::new();
    let number = flow.push("in", 7).expect("there is room");
    let out: Vec<u64> = std::iter::from_fn(|| flow.next_output()).map(|output| output.delivery).collect();
    assert_eq!(out.len(), 2);
    for ((delivery, answer), expected) in out.into_iter().zip(answers).zip(expected) {
        flow.answer(delivery, answer);
        assert_eq!(flow.pending(), u64::from(expected.is_none()), "{answers:?}");
        assert_eq!(flow.next_answer(), expected.map(|answer| (number, answer)), "{answers:?}");
    }
}

#[test]
fn an_event_that_went_two_ways_is_done_when_both_have_answered() {
    check([Answer::Ack, Answer::Ack], [None, Some(Answer::Ack)]);
    check([Answer::Fail, Answer::Ack], [None, Some(Answer::Fail)]);
    check([Answer::Ack, Answer::Fail], [None, Some(Answer::Fail)]);
    check([Answer::Fail, Answer::Fail], [None, Some(Answer::Fail)]);
}
