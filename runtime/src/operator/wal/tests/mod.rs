//! The log's behaviour as tables: a script goes in, what the log did comes out.
//!
//! | word | what happens | what it says |
//! |---|---|---|
//! | `+a` `+a:70` `+a!` | store `a` of 10 (70) bytes; it comes marked as a suspect | `toolarge:70`, else nothing |
//! | `>` | deliver to one branch | `>a`, a suspect `>a!`, `>-` if nothing is up |
//! | `>3` `>0` | … to three branches; to none (filtered) | the same |
//! | `>x` `>1x` | … there is no room; one branch has room, another has not | the same |
//! | `a.` `a-` `a!` | the newest delivery of `a` is acknowledged, fails, fails as a suspect | `=a` if upstream is |
//! | `a1.` | the same for its first (second, …) delivery | the same |
//! | `?` | fetch the answers that needed none | `=a` for each |
//! | `room` `room:70` | ask for room (for an event of 70 bytes at most) | `room` or `full` |

mod memory;
mod model;
mod plain;
pub(super) mod seeds;

use super::*;

struct Script {
    wal: Wal<char>,
    deliveries: Vec<(char, EventId)>,
    said: Vec<String>,
}

impl Script {
    fn store(&mut self, word: &str) {
        let suspect = word.ends_with('!');
        let mut parts = word.trim_end_matches('!').split(':');
        let tag = first_char(parts.next().expect("a name"));
        let len = parts.next().map_or(10, |len| len.parse().expect("a length"));
        let head = Head { tag, ingest_ns: u64::from(tag), suspect };
        let stored = self.wal.store(head, |out, ()| {
            assert!(out.is_empty(), "the buffer of {tag} is clean");
            out.extend_from_slice(&vec![u8::try_from(tag).expect("ascii"); len]);
        });
        if let Stored::TooLarge { bytes } = stored {
            self.said.push(format!("toolarge:{bytes}"));
        }
    }

    fn deliver(&mut self, word: &str) {
        let Some(next) = self.wal.next() else { return self.said.push(">-".to_owned()) };
        let (suspect, lent) = (next.is_suspect(), self.wal.lend(next));
        let tag = char::from(*lent.payload().first().expect("the scripts' events are not empty"));
        assert!(lent.payload().iter().all(|&byte| char::from(byte) == tag), "the payload of {tag} is whole");
        assert_eq!(lent.head.ingest_ns, u64::from(tag));
        assert_eq!(lent.head.suspect, suspect);
        self.deliveries.push((tag, lent.head.tag));
        self.said.push(format!(">{tag}{}", if suspect { "!" } else { "" }));
        let failed = word.ends_with('x');
        let owed = word.trim_end_matches('x').parse().unwrap_or(u32::from(!failed));
        self.wal.hand_back(lent, Handed { owed, failed });
    }

    fn answer(&mut self, word: &str) {
        let answer = match word.chars().last() {
            Some('.') => Answer::Ack,
            Some('-') => Answer::Fail,
            Some('!') => Answer::Suspect,
            _ => panic!("what is `{word}`?"),
        };
        let tag = first_char(word);
        let of_tag: Vec<_> = self.deliveries.iter().filter(|(name, _)| *name == tag).collect();
        let nth: usize = word[1..word.len() - 1].parse().unwrap_or(of_tag.len());
        let id = of_tag[nth - 1].1;
        let answered = self.wal.answer(id, answer);
        self.said(answered);
    }

    fn said(&mut self, answered: Option<(char, Answer)>) {
        if let Some((tag, answer)) = answered {
            assert_eq!(answer, Answer::Ack, "a fail never goes further up");
            self.said.push(format!("={tag}"));
        }
    }

    fn run(&mut self, word: &str) {
        if let Some(word) = word.strip_prefix('+') {
            self.store(word);
        } else if let Some(word) = word.strip_prefix('>') {
            self.deliver(word);
        } else if word == "?" {
            while let Some(answered) = self.wal.next_answer() {
                self.said(Some(answered));
            }
        } else if let Some(len) = word.strip_prefix("room") {
            let len = len.strip_prefix(':').map(|len| len.parse().expect("a length"));
            let text = match self.wal.room(len) {
                u32::MAX => "room",
                0 => "full",
                room => panic!("a room of {room}"),
            };
            self.said.push(text.to_owned());
        } else {
            self.answer(word);
        }
    }
}

fn first_char(text: &str) -> char {
    text.chars().next().expect("not empty")
}

fn limits(max_elements: Option<u64>, max_bytes: Option<u64>) -> WalConfig {
    WalConfig { read_count: 20, max_elements, max_bytes }
}

fn elements(max: u64) -> WalConfig {
    limits(Some(max), None)
}

fn bytes(max: u64) -> WalConfig {
    limits(None, Some(max))
}

#[track_caller]
fn check(config: WalConfig, script: &str, expected: &str) -> Counts {
    let mut run = Script { wal: Wal::new(&config), deliveries: Vec::new(), said: Vec::new() };
    for word in script.split_whitespace() {
        run.run(word);
        let counts = run.wal.counts();
        assert_eq!(
            counts.taken,
            counts.acked + counts.pending + counts.parked,
            "after `{word}` of `{script}`"
        );
    }
    assert_eq!(run.said.join(" "), expected, "{config:?}: {script}");
    run.wal.counts()
}

// ---- acknowledgements and replays

#[test]
fn events_go_out_in_the_order_in_which_they_came() {
    check(elements(9), "> +a +b +c > > > >", ">- >a >b >c >-");
}

#[test]
fn an_acknowledgement_frees_exactly_its_event() {
    let counts = check(elements(9), "+a +b +c > > > b. c- >", ">a >b >c =b >c");
    assert_eq!((counts.pending, counts.acked, counts.failed, counts.replayed), (2, 1, 1, 1));
    check(elements(2), "+a +b > > room b. room +c room", ">a >b full =b room full");
}

#[test]
fn a_fail_replays_exactly_its_event_and_before_new_ones() {
    check(elements(9), "+a +b +c +d > > a- > > > >", ">a >b >a >c >d >-");
}

#[test]
fn replays_go_in_the_order_in_which_they_failed() {
    check(elements(9), "+a +b +c +d > > > b- a- c- > > > > b-  > >", ">a >b >c >b >a >c >d >b >-");
}

#[test]
fn a_replay_can_fail_again_and_goes_behind_those_that_failed_before() {
    check(elements(9), "+a +b +c > > > a- b- > a- c- > > > >", ">a >b >c >a >b >a >c >-");
}

#[test]
fn an_event_that_found_no_room_goes_out_again() {
    check(elements(9), "+a +b >x > > a.", ">a >a >b =a");
}

#[test]
fn an_event_that_owes_nothing_is_done_at_once_and_upstream_hears_of_it_when_asked() {
    let counts = check(elements(2), "+a +b >0 > room ? room ? b.", ">a >b full =a room =b");
    assert_eq!((counts.taken, counts.emitted, counts.acked, counts.pending), (2, 2, 2, 0));
}

#[test]
fn done_events_are_answered_in_order() {
    check(elements(9), "+a +b +c >0 > >0 ? b.", ">a >b >c =a =c =b");
}

// ---- branches

#[test]
fn an_event_on_several_branches_is_acknowledged_by_all_of_them() {
    check(elements(9), "+a >3 a. a. room a.", ">a room =a");
}

#[test]
fn a_fail_on_any_branch_replays_to_all_and_the_rest_of_the_old_delivery_is_stale() {
    let counts = check(elements(9), "+a >2 a- a1. >2 a1. a2. a2.", ">a >a =a");
    assert_eq!((counts.stale, counts.failed, counts.pending), (2, 1, 0));
    check(elements(9), "+a >2 a. a- >2 a. a.", ">a >a =a");
}

#[test]
fn branches_that_had_room_are_stale_when_another_had_none() {
    let counts = check(elements(9), "+a >1x a1. > a1. a2.", ">a >a =a");
    assert_eq!((counts.stale, counts.emitted, counts.replayed), (2, 2, 1));
}

// ---- generations

#[test]
fn answers_to_an_old_delivery_are_ignored_and_counted() {
    let counts = check(elements(1), "+a > a- a1- a1. a1! > a1. room a1- > a2. room", ">a >a full >- =a room");
    assert_eq!((counts.stale, counts.failed, counts.acked), (5, 1, 1));
}

#[test]
fn answers_to_an_event_that_is_gone_do_not_touch_the_one_in_its_slot() {
    let counts = check(elements(1), "+a > a. +b > a1. room a1- > a1! > b.", ">a =a >b full >- >- =b");
    assert_eq!((counts.stale, counts.failed), (3, 0));
    check(elements(1), "+a >0 ? +b > a1. room b.", ">a =a >b full =b");
}

#[test]
fn an_answer_before_the_replay_goes_out_is_stale() {
    let counts = check(elements(9), "+a > a- a. >", ">a >a");
    assert_eq!((counts.stale, counts.pending), (1, 1));
}

// ---- suspects

#[test]
fn suspects_go_first_and_one_by_one() {
    check(elements(9), "+a +b +c > > > c- a! b! > a. > b. > c. >", ">a >b >c >a! =a >b! =b >c =c >-");
}

#[test]
fn while_a_suspect_is_out_other_suspects_wait_and_nothing_else_does() {
    check(elements(9), "+a +b > a! > > >", ">a >a! >b >-");
    check(
        elements(9),
        "+a +b +c +d +e > > > c- a! b! > > > > > a. > >",
        ">a >b >c >a! >c >d >e >- =a >b! >-",
    );
}

#[test]
fn a_suspect_stays_one_until_it_is_acknowledged() {
    check(elements(9), "+a > a! > a- > a! > a.", ">a >a! >a! >a! =a");
    check(elements(9), "+a +b > > a! b! > a- > b. >", ">a >b >a! >b! =b >a!");
}

#[test]
fn a_suspect_that_was_done_filtered_or_found_no_room_lets_the_next_one_go() {
    check(elements(9), "+a +b > > a! b! >0 > ? b.", ">a >b >a! >b! =a =b");
    check(elements(9), "+a +b > > a! b! >x > b. >", ">a >b >a! >b! =b >a!");
}

#[test]
fn a_slot_forgets_that_it_held_a_suspect() {
    check(elements(1), "+a > a! > a. +b > b- > b.", ">a >a! =a >b >b =b");
    check(elements(1), "+a > a! >0 ? +b >", ">a >a! =a >b");
}

#[test]
fn a_mark_from_upstream_is_not_taken_over() {
    check(elements(9), "+a +b! +c > > >", ">a >b >c");
}

// ---- limits

#[test]
fn a_log_that_holds_max_elements_has_no_room() {
    check(elements(3), "room +a room +b room +c room", "room room room full");
    check(elements(1), "+a room > room a- room > room a. room", "full >a full full >a full =a room");
}

#[test]
fn with_a_known_greatest_length_there_is_room_only_if_that_fits() {
    check(limits(Some(99), Some(100)), "+a:30 room:70 room:71 room:0 +b:70 room:1", "room full room full");
    check(limits(Some(2), Some(100)), "+a:1 +b:1 room:1", "full");
    check(bytes(200), "+a:1 room:136 room:137", "room full");
}

#[test]
fn without_one_there_is_room_until_max_bytes_is_reached() {
    check(limits(Some(99), Some(100)), "+a:99 room +b:1 room", "room full");
}

#[test]
fn a_greatest_length_that_never_fits_does_not_close_the_log_for_ever() {
    check(bytes(100), "room:101 +a room:101 +b:50 room:101 > a. room:101", "room room full >a =a room");
}

#[test]
fn with_max_bytes_alone_each_event_counts_64_bytes_at_least() {
    let counts = check(bytes(128), "+a:1 room +b:2 room > a. room", "room full >a =a room");
    assert_eq!((counts.pending, counts.pending_bytes), (1, 2));
    check(bytes(193), "+a:64 +b:65 room:1 room:64 room:65", "room room full");
    check(bytes(192), "+a:64 +b:65 room:1 room", "full room");
    check(bytes(192), "+a:64 +b:65 room:63 +c:63 room > a. > >", "full full >a =a >b >c");
}

#[test]
fn an_event_larger_than_max_bytes_is_refused_and_leaves_no_trace() {
    let counts = check(
        bytes(100),
        "+a:101 +b:100 room > b. +c:5000 room",
        "toolarge:101 full >b =b toolarge:5000 room",
    );
    assert_eq!((counts.taken, counts.pending, counts.parked), (1, 0, 0));
    check(elements(1), "+a:100000 > a.", ">a =a");
}

// ---- parking

#[test]
fn what_does_not_fit_is_parked_and_moves_up_in_order_as_room_appears() {
    check(elements(2), "+a +b +c +d +e room > > >", "full >a >b >-");
    let counts =
        check(elements(2), "+a +b +c +d > > a. > > b. > room c. room", ">a >b =a >c >- =b >d full =c room");
    assert_eq!((counts.pending, counts.parked), (1, 0));
}

#[test]
fn while_something_is_parked_there_is_no_room_though_a_smaller_event_would_fit() {
    check(limits(Some(9), Some(100)), "+a:60 +b:60 room room:1 > a. room", "full full >a =a room");
}

#[test]
fn a_later_result_of_the_same_event_stays_behind_a_parked_one_though_it_would_fit() {
    let counts = check(limits(Some(9), Some(100)), "+a:60 +b:60 +c:1 > >", ">a >-");
    assert_eq!((counts.pending, counts.pending_bytes, counts.parked), (1, 60, 2));
    check(limits(Some(9), Some(100)), "+a:60 +b:60 +c:1 > a. > >", ">a =a >b >c");
}

#[test]
fn parked_events_move_up_as_far_as_they_fit() {
    let counts = check(limits(Some(9), Some(100)), "+a:90 +b:50 +c:50 +d:1 > a. > > >", ">a =a >b >c >-");
    assert_eq!((counts.pending, counts.pending_bytes, counts.parked), (2, 100, 1));
}

#[test]
fn parked_events_move_up_when_a_done_event_is_answered() {
    check(elements(1), "+a +b >0 > ? >", ">a >- =a >b");
}

#[test]
fn a_fail_frees_nothing() {
    check(elements(1), "+a +b > a- > > a. >", ">a >a >- =a >b");
}

// ---- below the scripts

fn head(tag: u64) -> Head<u64> {
    Head { tag, ingest_ns: 0, suspect: false }
}

fn store<K: Default + Send>(wal: &mut Wal<u64, K>, tag: u64, len: usize) {
    let stored = wal.store(head(tag), |out, _| out.extend_from_slice(&vec![0; len]));
    assert_eq!(stored, Stored::Kept);
}

fn deliver<K: Default + Send>(wal: &mut Wal<u64, K>) -> EventId {
    let lent = wal.lend(wal.next().expect("an event is up"));
    let id = lent.head.tag;
    wal.hand_back(lent, Handed::ONE);
    id
}

#[test]
fn what_is_kept_beside_the_bytes_comes_out_with_its_event_each_time() {
    let mut wal: Wal<u64, String> = Wal::new(&elements(9));
    for number in 0..3 {
        let stored = wal.store(head(number), |out, kept| {
            out.extend_from_slice(number.to_string().as_bytes());
            *kept = format!("event {number}");
        });
        assert_eq!(stored, Stored::Kept);
    }
    for _ in 0..2 {
        let mut ids = Vec::new();
        for number in 0..3 {
            let lent = wal.lend(wal.next().expect("an event is up"));
            assert_eq!(
                (lent.payload()[0] - b'0', lent.kept().as_str()),
                (number, format!("event {number}").as_str())
            );
            ids.push(lent.head.tag);
            wal.hand_back(lent, Handed::ONE);
        }
        for id in ids {
            assert_eq!(wal.answer(id, Answer::Fail), None);
        }
    }
}

#[test]
fn an_event_on_its_way_out_counts_as_kept() {
    let mut wal: Wal<u64> = Wal::new(&elements(1));
    store(&mut wal, 0, 10);
    let lent = wal.lend(wal.next().expect("an event is up"));
    assert_eq!((wal.room(None), wal.next()), (0, None));
    assert_eq!((wal.counts().pending, wal.counts().pending_bytes), (1, 10));
    wal.hand_back(lent, Handed::ONE);
    assert_eq!(wal.room(None), 0);
}

#[test]
fn an_answer_for_a_slot_that_never_was_is_stale() {
    let mut wal: Wal<u64> = Wal::new(&elements(1));
    assert_eq!(wal.answer(EventId { slot: 7, generation: 0 }, Answer::Ack), None);
    assert_eq!(wal.counts().stale, 1);
}

#[test]
fn the_settings_are_those_of_its_row() {
    use foreshock_spec::{Definition, Kind, Literal, Settings};
    static DEFINITIONS: [Definition; 2] = [
        Definition {
            path: "pipeline.p.both",
            kind: Kind::Operator,
            row: "qos::wal",
            config: &[
                ("read_count", Literal::Int(7)),
                ("max_elements", Literal::Int(8)),
                ("max_bytes", Literal::Int(9)),
            ],
        },
        Definition {
            path: "pipeline.p.one",
            kind: Kind::Operator,
            row: "qos::wal",
            config: &[("read_count", Literal::Int(1)), ("max_elements", Literal::Int(8))],
        },
    ];
    let settings = Settings::new(&DEFINITIONS);
    let both = WalConfig { read_count: 7, max_elements: Some(8), max_bytes: Some(9) };
    assert_eq!(WalConfig::from(&settings.of(0)), both);
    assert_eq!(Wal::<u64>::new(&both).read_count(), 7);
    let one = WalConfig { read_count: 1, max_elements: Some(8), max_bytes: None };
    assert_eq!(WalConfig::from(&settings.of(1)), one);
}
