//! What a log's files say, read in the plainest way from what the journal's page says of the format: without its bounds and
//! its order of work, and with none of its code.

use std::collections::{BTreeMap, BTreeSet};

use foreshock::operator::{LogFile, Recovered};

use super::files::{Files, INSTANCE, OPERATOR, PIPELINE};

/// An event: its number, its segment, its text.
type Event = (u64, u64, Vec<u8>);

/// What matters of what was found: the events to deliver, the next number, and for each source its last number.
pub(crate) type Summary = (Vec<Event>, u64, Vec<(u32, u64)>);

const MOST_SEQ: u64 = u64::MAX / 2;

pub(crate) fn summary(found: &Recovered) -> Summary {
    let live = found.live.iter().map(|record| (record.seq, record.segment, record.payload.clone()));
    let marks = found.marks.iter().map(|mark| (mark.source, mark.id));
    (live.collect(), found.next, marks.collect())
}

/// Whether the flow must not open them, if all its numbers were higher by so much.
pub(crate) fn is_refused(files: &Files, found: &Recovered, ahead: u64) -> bool {
    let is_own = |identity: &foreshock::operator::Identity| {
        (&*identity.pipeline, &*identity.operator, &*identity.instance) == (PIPELINE, OPERATOR, INSTANCE)
    };
    let mut headers = found.segments.values().filter_map(|segment| segment.header.as_ref());
    let numbers = files.names().into_iter().filter_map(LogFile::of).map(LogFile::number);
    let most = u64::MAX / 4 - ahead;
    found.newer.is_some()
        || headers.any(|header| !is_own(&header.identity))
        || found.next > most
        || numbers.max().unwrap_or(0) + 1 > most
}

pub(crate) fn read(files: &Files) -> Summary {
    let (mut next, mut marks, mut acked) = (1, BTreeMap::new(), Vec::new());
    let mut records: BTreeMap<u64, (u64, Vec<u8>)> = BTreeMap::new();
    let mut named: Vec<LogFile> = files.names().into_iter().filter_map(LogFile::of).collect();
    named.sort();
    for file in named {
        for body in frames(files.read(&file.name())) {
            match (file, Content::of(body)) {
                (LogFile::Records(_), Some(Content::Header { next: told, marks: found })) => {
                    next = next.max(told);
                    found.into_iter().for_each(|mark| note(&mut marks, mark));
                }
                (LogFile::Records(number), Some(Content::Record { seq, origin, payload })) => {
                    next = next.max(seq + 1);
                    origin.into_iter().for_each(|mark| note(&mut marks, mark));
                    records.entry(seq).or_insert_with(|| (number, payload.to_vec()));
                }
                (LogFile::Acks(_), Some(Content::Acks(ranges))) => acked.extend(ranges),
                _ => {}
            }
        }
    }
    let ends = acked.iter().filter(|(_, count)| *count > 0).map(|(first, count)| first + count);
    next = next.max(ends.max().unwrap_or(0));
    let is_acked = |seq: u64| acked.iter().any(|(first, count)| seq >= *first && seq - first < *count);
    let live = records.into_iter().filter(|(seq, _)| !is_acked(*seq));
    let live: Vec<Event> = live.map(|(seq, (segment, payload))| (seq, segment, payload)).collect();
    let once: BTreeSet<u64> = live.iter().map(|(seq, ..)| *seq).collect();
    assert_eq!(once.len(), live.len());
    (live, next, marks.into_iter().collect())
}

fn note(marks: &mut BTreeMap<u32, u64>, (source, id): (u32, u64)) {
    let last = marks.entry(source).or_insert(id);
    *last = id.max(*last);
}

/// The bodies of all intact frames; behind something broken, of those that look like one.
fn frames(bytes: &[u8]) -> Vec<&[u8]> {
    let (mut at, mut is_behind_a_frame, mut frames) = (0, true, Vec::new());
    while at < bytes.len() {
        let body = frame(&bytes[at..]).filter(|body| is_behind_a_frame || looks_right(body));
        is_behind_a_frame = body.is_some();
        at += body.map_or(1, |body| 8 + body.len());
        frames.extend(body);
    }
    frames
}

fn frame(bytes: &[u8]) -> Option<&[u8]> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    let (crc, rest) = rest.split_first_chunk::<4>()?;
    let body = rest.get(..u32::from_le_bytes(*len) as usize)?;
    let is_kind = matches!(body.first(), Some(1..=3));
    (is_kind && crc32c::crc32c(&[len, body].concat()).to_le_bytes() == *crc).then_some(body)
}

fn looks_right(body: &[u8]) -> bool {
    match body[0] {
        1 => body.len() <= 64 * 1024 && !matches!(body, [_, .., 0]),
        2 => {
            let begin = match body.get(17) {
                Some(0) => 18,
                Some(1) => 30,
                _ => return false,
            };
            let ends = body.get(begin).zip(body.last());
            ends.is_some_and(|(first, last)| first.is_ascii_graphic() && last.is_ascii_graphic())
        }
        _ => body.len() <= 80 * 1024 && body.len() > 1 && body[body.len() - 1] < 0x80,
    }
}

enum Content<'a> {
    Header { next: u64, marks: Vec<(u32, u64)> },
    Record { seq: u64, origin: Option<(u32, u64)>, payload: &'a [u8] },
    Acks(Vec<(u64, u64)>),
}

impl Content<'_> {
    fn of(body: &[u8]) -> Option<Content<'_>> {
        let (kind, mut rest) = body.split_first()?;
        let rest = &mut rest;
        let content = match kind {
            1 => Content::header(rest)?,
            2 => {
                let (seq, _) = (u64_of(rest)?, u64_of(rest)?);
                let origin = match take::<1>(rest)? {
                    [0] => None,
                    [1] => Some((u32_of(rest)?, u64_of(rest)?)),
                    _ => return None,
                };
                let text = std::str::from_utf8(rest).ok()?;
                (seq <= MOST_SEQ && !text.contains(|c: char| c < ' ')).then_some(())?;
                Content::Record { seq, origin, payload: rest }
            }
            _ => {
                let mut ranges = Vec::new();
                while !rest.is_empty() {
                    let (first, count) = (varint(rest)?, varint(rest)?);
                    (u128::from(first) + u128::from(count) <= u128::from(MOST_SEQ) + 1).then_some(())?;
                    ranges.push((first, count));
                }
                Content::Acks(ranges)
            }
        };
        Some(content)
    }

    fn header<'a>(rest: &mut &'a [u8]) -> Option<Content<'a>> {
        let version = u16::from_le_bytes(take(rest)?);
        (version <= 1).then_some(())?;
        let (_, next, _) = (u64_of(rest)?, u64_of(rest)?, u64_of(rest)?);
        (next <= MOST_SEQ).then_some(())?;
        for _ in 0..3 {
            let len = u32_of(rest)? as usize;
            let (name, behind) = rest.split_at_checked(len)?;
            std::str::from_utf8(name).ok()?;
            *rest = behind;
        }
        let marks =
            (0..u32_of(rest)?).map(|_| Some((u32_of(rest)?, u64_of(rest)?))).collect::<Option<_>>()?;
        Some(Content::Header { next, marks })
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (array, behind) = rest.split_first_chunk::<N>()?;
    *rest = behind;
    Some(*array)
}

fn u32_of(rest: &mut &[u8]) -> Option<u32> {
    take(rest).map(u32::from_le_bytes)
}

fn u64_of(rest: &mut &[u8]) -> Option<u64> {
    take(rest).map(u64::from_le_bytes)
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u128;
    for nth in 0..10 {
        let [byte] = take(rest)?;
        value |= u128::from(byte & 0x7f) << (7 * nth);
        if byte < 0x80 {
            return u64::try_from(value).ok();
        }
    }
    None
}
