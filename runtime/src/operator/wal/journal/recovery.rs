//! What the files of a log say, whatever state they are in: pure functions over their bytes. They change nothing; what is done
//! about what they find is told in `opening.rs`, and the commands that look at logs use the same functions.

use std::collections::{BTreeMap, BTreeSet};

use super::content::{self, Content, GAP, Identity, MOST_SEQ, Record, SegmentHeader};
use super::damage::{Damage, Known, Survey};
use super::frame::{Piece, Pieces, Stretch};
use super::ranges::Ranges;
use crate::core::Origin;
use crate::mutants::mutant;

/// A file of a log, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogFile {
    /// The records of a segment.
    Records(u64),
    /// Acknowledgements of these.
    Acks(u64),
    /// Records that were kept aside: something in the file was broken.
    Broken(u64),
}

/// The file that keeps events aside whose shape does not fit any more.
pub(super) const UNFIT: &str = "unfit.jsonl";

/// Segments are counted from 1, and no log comes to more of them, however it is used.
const MOST_SEGMENTS: u64 = u64::MAX / 2;

/// A log whose files name numbers beyond that is not opened: it might come to some that it could not read again.
const MOST_FOUND: u64 = MOST_SEQ / 2;

impl LogFile {
    /// Which one has this name, if any. Segments count from 1, and no log has counted so far that it could not count on.
    pub fn of(name: &str) -> Option<LogFile> {
        let (number, kind) = name.split_once('.')?;
        let number = number.parse().ok().filter(|number| (1..=MOST_SEGMENTS).contains(number))?;
        let file = match kind {
            "wal" => LogFile::Records(number),
            "acks" => LogFile::Acks(number),
            "broken" => LogFile::Broken(number),
            _ => return None,
        };
        (file.name() == name).then_some(file)
    }

    /// Its name.
    pub fn name(self) -> String {
        match self {
            LogFile::Records(number) => format!("{number:010}.wal"),
            LogFile::Acks(number) => format!("{number:010}.acks"),
            LogFile::Broken(number) => format!("{number:010}.broken"),
        }
    }

    /// The number of its segment.
    pub fn number(self) -> u64 {
        let (LogFile::Records(number) | LogFile::Acks(number) | LogFile::Broken(number)) = self;
        number
    }
}

/// What one segment's files hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SegmentFound {
    /// The length of the file of records.
    pub bytes: u64,
    /// The length of the file of acknowledgements.
    pub ack_bytes: u64,
    /// Its header, if that is intact.
    pub header: Option<SegmentHeader>,
    /// Intact records.
    pub records: u64,
    /// Of these, the ones that are acknowledged nowhere. A record that was about to be moved may be in two segments.
    pub live: u64,
    /// What is broken in the file of records.
    pub broken: Vec<Damage>,
    /// Bytes at the end of the file of records that an interrupted write left.
    pub torn: u64,
    /// What is broken in the file of acknowledgements.
    pub broken_acks: Vec<Stretch>,
    /// Bytes of the file of acknowledgements that interrupted writes left, at its end and before gaps.
    pub torn_acks: u64,
    /// Records that only another segment's file acknowledges.
    pub(super) acked_elsewhere: Ranges,
}

impl SegmentFound {
    /// In how many places its files are broken, acknowledgements too.
    pub fn broken_parts(&self) -> u64 {
        (self.broken.len() + self.broken_acks.len()) as u64
    }

    /// How many bytes that are.
    pub fn broken_bytes(&self) -> u64 {
        let of_acks = self.broken_acks.iter().map(|stretch| stretch.len);
        self.broken.iter().map(|damage| damage.len).chain(of_acks).sum()
    }

    /// Events that were lost with it, at most.
    pub fn broken_events(&self) -> u64 {
        self.broken.iter().map(|damage| damage.events).sum()
    }
}

/// Why a log is not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A newer build wrote it, in that format.
    Newer {
        /// The format's version.
        version: u16,
    },
    /// It is another one's.
    Foreign(Identity),
    /// It names numbers to which no log counts.
    Numbers,
}

/// Whether a log that goes on with these numbers of a segment and of an event could count on.
pub(crate) fn can_count_on(segment: u64, next: u64) -> bool {
    segment <= MOST_FOUND && next <= MOST_FOUND
}

/// The state of recovery, file by file: all acknowledgements first, then the segments in any order.
#[derive(Debug, Default)]
pub(super) struct Recovery {
    own: BTreeMap<u64, Ranges>,
    all: Ranges,
    pub(super) segments: BTreeMap<u64, SegmentFound>,
    surveys: BTreeMap<u64, Survey>,
    pub(super) newer: Option<u16>,
    pub(super) next: u64,
    marks: BTreeMap<u32, u64>,
    /// Sequence number, segment, how many were told before.
    live: Vec<(u64, u64, usize)>,
}

/// An event that is not acknowledged, after all files were read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LiveRecord {
    pub(super) seq: u64,
    /// How many were told before this one, by [`Recovery::records`].
    pub(super) nth: usize,
    /// The oldest segment that holds it: it is there because it was safe there, and of a copy nobody knows.
    pub(super) segment: u64,
    /// The others, and which one was told of each.
    pub(super) others: Vec<(u64, usize)>,
}

impl Recovery {
    /// Takes a file of acknowledgements.
    pub(super) fn acks(&mut self, number: u64, bytes: &[u8]) {
        let found = self.segments.entry(number).or_default();
        found.ack_bytes = bytes.len() as u64;
        let own = self.own.entry(number).or_default();
        for piece in Pieces::new(bytes) {
            match piece {
                Piece::Frame(stretch, body) => match content::read(body) {
                    Some(Content::Acks(ranges)) => {
                        ranges.into_iter().for_each(|(first, count)| own.add(first, count));
                    }
                    _ => found.broken_acks.push(stretch),
                },
                // A gap: another run went on behind a torn end.
                Piece::Broken(stretch) if stretch.of(bytes).ends_with(&GAP) => {
                    found.torn_acks += stretch.len - GAP.len() as u64;
                }
                Piece::Broken(stretch) => found.broken_acks.push(stretch),
                Piece::Torn(stretch) => found.torn_acks += stretch.len,
            }
        }
        own.tidy();
        self.all.extend(own);
        self.next = self.next.max(own.end());
    }

    /// Takes a file of records, after all acknowledgements; tells each record that is not acknowledged.
    pub(super) fn records(&mut self, number: u64, bytes: &[u8], mut tell: impl FnMut(&Record<'_>)) {
        self.all.tidy();
        let found = self.segments.entry(number).or_default();
        found.bytes = bytes.len() as u64;
        let own = self.own.get(&number);
        let survey = self.surveys.entry(number).or_default();
        for piece in Pieces::new(bytes) {
            match piece {
                Piece::Broken(stretch) => survey.broken(stretch, bytes, &mut found.broken),
                Piece::Torn(stretch) => found.torn = stretch.len,
                Piece::Frame(stretch, body) => match content::read(body) {
                    Some(Content::Header(header)) => {
                        self.next = self.next.max(header.next);
                        header.marks.iter().for_each(|mark| note(&mut self.marks, *mark));
                        found.header = Some(header);
                    }
                    Some(Content::Newer(version)) => self.newer = Some(version),
                    Some(Content::Record(record)) => {
                        found.records += 1;
                        survey.record(record.seq, &mut found.broken);
                        self.next = self.next.max(record.seq + 1);
                        if let Some(origin) = record.origin {
                            note(&mut self.marks, origin);
                        }
                        if !self.all.contains(record.seq) {
                            found.live += 1;
                            self.live.push((record.seq, number, self.live.len()));
                            tell(&record);
                        } else if own.is_none_or(|own| !own.contains(record.seq)) {
                            found.acked_elsewhere.push(record.seq);
                        }
                    }
                    // Intact as it is, it makes no sense here.
                    Some(Content::Acks(_)) | None => survey.broken(stretch, bytes, &mut found.broken),
                },
            }
        }
    }

    /// Behind the last file: finds out what was lost with what is broken.
    pub(super) fn judge(&mut self) {
        if self.segments.values().all(|found| found.broken.is_empty()) {
            return;
        }
        self.all.tidy();
        let known = Known::new(&self.all, &self.surveys, self.safe());
        let nothing = Ranges::default();
        for (number, survey) in &mut self.surveys {
            let found = self.segments.get_mut(number).expect("each file is of a segment");
            let own = self.own.get(number).unwrap_or(&nothing);
            known.judge(*number, &mut found.broken, survey, own, found.torn > 0);
        }
    }

    /// What a run knew to be safe when it began a segment. That there is a newer one says nothing: of several runs in a row, each
    /// may have been killed before it was sure of its own.
    pub(super) fn safe(&self) -> BTreeSet<u64> {
        self.segments.values().filter_map(|found| Some(found.header.as_ref()?.safe)).collect()
    }

    /// All that is not acknowledged, in the order of sequence numbers, each once.
    pub(super) fn live(&mut self) -> impl Iterator<Item = LiveRecord> + use<> {
        let mut found = std::mem::take(&mut self.live);
        if !mutant!("recovered_out_of_order") {
            found.sort_unstable();
        }
        let mut found = found.into_iter().peekable();
        std::iter::from_fn(move || {
            let (seq, segment, nth) = found.next()?;
            let mut others = Vec::new();
            let is_double = |next: &(u64, u64, usize)| next.0 == seq && !mutant!("copies_recovered_twice");
            while let Some((_, segment, nth)) = found.next_if(is_double) {
                others.push((segment, nth));
            }
            Some(LiveRecord { seq, nth, segment, others })
        })
    }

    /// The first sequence number that was never given.
    pub(super) fn next(&self) -> u64 {
        self.next.max(1)
    }

    /// For each source the number of its last event that was stored.
    pub(super) fn marks(&self) -> Vec<Origin> {
        self.marks.iter().map(|(&source, &id)| Origin { source, id }).collect()
    }

    /// Why the log is not `wanted`'s to open.
    pub(super) fn refusal(&self, wanted: &Identity) -> Option<Refusal> {
        if let Some(version) = self.newer {
            return Some(Refusal::Newer { version });
        }
        let headers = self.segments.values().filter_map(|found| found.header.as_ref());
        let foreign = headers.map(|header| &header.identity).find(|identity| *identity != wanted);
        if let Some(identity) = foreign {
            return Some(Refusal::Foreign(identity.clone()));
        }
        (!can_count_on(0, self.next)).then_some(Refusal::Numbers)
    }
}

fn note(marks: &mut BTreeMap<u32, u64>, origin: Origin) {
    let id = marks.entry(origin.source).or_default();
    *id = origin.id.max(*id);
}

/// All that a log's files say. `P` is what is kept of each event's JSON text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered<P = Vec<u8>> {
    /// By number.
    pub segments: BTreeMap<u64, SegmentFound>,
    /// Files that were kept aside.
    pub broken: Vec<u64>,
    /// What is not acknowledged, in order.
    pub live: Vec<RecoveredRecord<P>>,
    /// The first sequence number that was never given.
    pub next: u64,
    /// For each source the number of its last event that was stored.
    pub marks: Vec<Origin>,
    /// The format's version, if a newer build wrote something of it.
    pub newer: Option<u16>,
}

/// An event that is kept, and not acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveredRecord<P = Vec<u8>> {
    /// Its sequence number.
    pub seq: u64,
    /// The segment that holds it; the oldest, if several do.
    pub segment: u64,
    /// When it entered the flow: nanoseconds since the Unix epoch.
    pub ingest_ns: u64,
    /// Which event of which source it came from.
    pub origin: Option<Origin>,
    /// Its JSON text, or what is kept of it.
    pub payload: P,
}

impl<P> Recovered<P> {
    /// Whose log it is: as the newest intact header says.
    pub fn identity(&self) -> Option<&Identity> {
        self.segments.values().rev().find_map(|found| found.header.as_ref()).map(|header| &header.identity)
    }
}

/// Recovers a log without changing it: `names` are those of the files in its directory, in any order, and `read` gives what is
/// in one. No more than one file is in memory at a time, and the events that are not acknowledged.
///
/// # Errors
/// The first of `read`.
pub fn recover<E>(
    names: &[impl AsRef<str>],
    read: impl FnMut(&str) -> Result<Vec<u8>, E>,
) -> Result<Recovered, E> {
    recover_parts(names, read, <[u8]>::to_vec)
}

/// The same, with no more of each event's JSON text than what `keep` makes of it.
///
/// # Errors
/// The first of `read`.
pub fn recover_parts<E, P: Default>(
    names: &[impl AsRef<str>],
    mut read: impl FnMut(&str) -> Result<Vec<u8>, E>,
    keep: impl Fn(&[u8]) -> P,
) -> Result<Recovered<P>, E> {
    let mut files: Vec<LogFile> = names.iter().filter_map(|name| LogFile::of(name.as_ref())).collect();
    files.sort_unstable();
    let mut recovery = Recovery::default();
    for file in files.iter().filter(|file| matches!(file, LogFile::Acks(_))) {
        recovery.acks(file.number(), &read(&file.name())?);
    }
    let mut told = Vec::new();
    for file in files.iter().filter(|file| matches!(file, LogFile::Records(_))) {
        recovery.records(file.number(), &read(&file.name())?, |record| {
            told.push((record.ingest_ns, record.origin, keep(record.payload)));
        });
    }
    recovery.judge();
    let live = recovery.live().map(|live| {
        let (ingest_ns, origin, payload) = std::mem::take(&mut told[live.nth]);
        RecoveredRecord { seq: live.seq, segment: live.segment, ingest_ns, origin, payload }
    });
    let broken = files.iter().filter(|file| matches!(file, LogFile::Broken(_))).map(|file| file.number());
    Ok(Recovered {
        live: live.collect(),
        broken: broken.collect(),
        next: recovery.next(),
        marks: recovery.marks(),
        newer: recovery.newer,
        segments: recovery.segments,
    })
}
