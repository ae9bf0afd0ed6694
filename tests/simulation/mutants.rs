//! Seeded bugs, each a mistake that somebody could make: what it is, and within how many seeds the simulation must find it. They
//! are in the runtime where the mistake would be, and only in builds with `--cfg foreshock_mutants`. This tests the tests.

use super::Flow;
use super::Flow::{Founding, Persistent};

/// A seeded bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// What it is called where it is.
    pub name: &'static str,
    /// The mistake.
    pub bug: &'static str,
    /// The flow whose simulation must find it.
    pub flow: Flow,
    /// Seeds, from 0 on.
    pub bound: u64,
}

const fn mutant(flow: Flow, bound: u64, name: &'static str, bug: &'static str) -> Mutant {
    Mutant { name, bug, flow, bound }
}

/// All of them.
#[rustfmt::skip]
pub const MUTANTS: &[Mutant] = &[
    mutant(Founding, 20, "cumulative_ack", "a pong confirms all that was sent, not what was sent before its ping"),
    mutant(Founding, 20, "pong_confirms_one_more", "a pong confirms what was sent behind its ping too"),
    mutant(Founding, 50, "pong_of_an_old_connection", "a pong counts that an earlier connection was owed"),
    mutant(Founding, 20, "output_believed_live", "events go to a server that has answered no ping"),
    mutant(Founding, 20, "silent_peer_believed", "a peer that answers nothing is never given up"),
    mutant(Founding, 2000, "window_not_reset_on_reconnect", "a new connection begins with the window of the last one"),
    mutant(Founding, 200, "window_ignores_bytes", "a window is limited by number only"),
    mutant(Founding, 20, "fail_forgotten", "of the events that a connection's end fails, the last one is forgotten"),
    mutant(Founding, 20, "fail_replayed_never", "some events that fail are counted, and not queued again"),
    mutant(Founding, 200, "retry_never_due", "nobody is to be woken for the next attempt to connect"),
    mutant(Founding, 20, "round_robin_stuck", "an output that took an event keeps its turn"),
    mutant(Founding, 100, "limit_off_by_one", "a log takes one event more than its limit"),
    mutant(Founding, 20, "bytes_checked_after_the_write", "a log takes an event while it has not reached its bytes, however long that is"),
    mutant(Founding, 20, "new_before_failed", "new events go out before those that failed"),
    mutant(Founding, 20, "lost_wake_up_of_driver", "nobody wakes the driver when a peer was read"),
    mutant(Founding, 20, "lost_wake_up_of_io", "nobody wakes the task that writes, when there is something to write"),
    mutant(Founding, 20, "breaker_not_restored", "a breaker stays triggered"),
    mutant(Founding, 200, "drain_waits_for_nothing", "a drain ends before all is delivered"),
    mutant(Persistent, 20, "ack_before_write", "the source is answered before anything is written"),
    mutant(Persistent, 20, "handed_on_before_the_sync", "events are handed on when their write is asked for"),
    mutant(Persistent, 20, "no_sync", "records are written and not synced"),
    mutant(Persistent, 20, "directory_not_synced", "the name of a new segment is not made safe"),
    mutant(Persistent, 20, "resume_off_by_one", "the source goes on with its last id"),
    mutant(Persistent, 20, "resume_one_too_far", "the source leaves out an id"),
    mutant(Persistent, 100, "marks_forgotten", "a segment's header does not tell how far the sources are"),
    mutant(Persistent, 20, "cut_one_byte_short", "a record that ends with its file is cut as torn"),
    mutant(Persistent, 20, "checksum_ignored", "what has the length of a record is taken for one"),
    mutant(Persistent, 100, "sequence_numbers_reused", "numbers go on behind the last event that is live"),
    mutant(Persistent, 1000, "recovered_out_of_order", "what is found goes out in the order of the files"),
    mutant(Persistent, 2000, "copies_recovered_twice", "an event that is in two segments comes twice"),
    mutant(Persistent, 20, "found_and_not_synced", "what is found goes out before it is made safe"),
    mutant(Persistent, 20, "failed_sync_believed", "a sync that failed is taken for one that did not"),
    mutant(Persistent, 20, "failed_append_ignored", "a segment that could not be written is gone on with"),
    mutant(Persistent, 200, "waiting_not_rewritten", "behind trouble, what was waiting is not written"),
    mutant(Persistent, 5000, "segment_removed_too_early", "a segment is removed before the copies of its events are safe"),
    mutant(Persistent, 20, "newest_segment_removed", "the one segment is removed that knows how far the sources are"),
    mutant(Persistent, 500, "files_beyond_their_limit", "no room is left for writing anew"),
    mutant(Persistent, 20, "ack_of_another_segment", "acknowledgements go to the newest segment's file"),
    mutant(Persistent, 5000, "copy_not_acknowledged", "an event that is in two segments is acknowledged in one"),
    mutant(Persistent, 20, "acks_never_written", "acknowledgements are written at the end only"),
    mutant(Persistent, 200, "acks_removed_first", "a segment's acknowledgements are removed before its records"),
    mutant(Persistent, 50, "removal_not_synced", "acknowledgements are removed before it is safe that their records are gone"),
    mutant(Persistent, 20, "closed_before_it_is", "at an orderly end nobody waits for what is still to be written"),
    mutant(Persistent, 2000, "goodbye_not_written", "what is confirmed while sinks say goodbye is not written any more"),
];
