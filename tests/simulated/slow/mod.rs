//! Servers that are slow, or stuck, or back: what they may cost the others, and what they get themselves. Each bound is asserted in
//! virtual time.

mod counting;
mod large;
mod pauses;
mod peer;
mod rates;
mod recovery;
mod scene;
mod stuck;
