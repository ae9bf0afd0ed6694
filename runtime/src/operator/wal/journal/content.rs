//! What is in frames: headers, records, acknowledgements; as bytes and back. Where they stand is not here.

use super::frame::{self, FRAME_HEAD};
use super::ranges::Ranges;
use crate::core::Origin;

/// The format that this build writes, and the newest that it reads.
pub(super) const VERSION: u16 = 1;

const HEADER: u8 = 1;
const RECORD: u8 = 2;
const ACKS: u8 = 3;

/// Bytes of a record's frame beside its payload, without and with the number that its source gave it.
const RECORD_REST: u64 = (FRAME_HEAD + 1 + 8 + 8 + 1) as u64;
const ORIGIN: u64 = 4 + 8;

/// The shortest frame of a record (bytes): no JSON text is empty.
pub(super) const LEAST_RECORD: u64 = RECORD_REST + 1;
/// The shortest frame of a header (bytes).
pub(super) const LEAST_HEADER: u64 = (FRAME_HEAD + 1 + 2 + 8 + 8 + 8 + 4 * 3 + 4 + 1) as u64;

/// Bytes that one acknowledgement takes in a segment's file of these at most, however they come: a frame (8), a kind (1), a
/// first number (10 at most) and how many follow it (1 where it is one event), and a gap (4).
pub(super) const ACK: u64 = 24;

/// Where a file may end within a frame, what is appended begins with so many zeros: no frame ends with a zero, so the begin of
/// one that is there does not become a whole one with what follows, and takes nothing away from that.
pub(super) const GAP: [u8; 4] = [0; 4];

/// Ranges in one frame: so it stays small, whatever waited for the disk.
const RANGES_PER_FRAME: usize = 4096;

/// The longest header that is looked for where something is broken (bytes); one at the begin of its file may be longer.
const MOST_FOUND: usize = 64 * 1024;

/// No log comes to a sequence number beyond that, however it is used: what names one makes no sense.
pub(super) const MOST_SEQ: u64 = u64::MAX / 2;

/// Whose log it is. Another's is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The pipeline that the log is in, as its definition names it.
    pub pipeline: String,
    /// The log's name there.
    pub operator: String,
    /// The instance of the flow.
    pub instance: String,
}

/// The first frame of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentHeader {
    /// Whose log it is.
    pub identity: Identity,
    /// The segment's number, as it was made.
    pub segment: u64,
    /// No record before this segment has that sequence number or a higher one.
    pub next: u64,
    /// The newest segment of which it was known then that its header survives a power failure; 0 for none.
    pub safe: u64,
    /// For each source the number of its last event that was stored before this segment.
    pub marks: Vec<Origin>,
}

/// An event as it is kept in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Counts the events of a log, for ever.
    pub seq: u64,
    /// When it entered the flow: nanoseconds since the Unix epoch.
    pub ingest_ns: u64,
    /// Which event of which source it came from, if that can go on behind it.
    pub origin: Option<Origin>,
    /// Its JSON text.
    pub payload: &'a [u8],
}

impl Record<'_> {
    /// The length of its frame.
    #[inline]
    pub(super) fn frame_len(&self) -> u64 {
        record_len(self.payload.len() as u64, self.origin.is_some())
    }

    #[inline]
    pub(super) fn write(&self, out: &mut Vec<u8>) -> u64 {
        frame::write(out, |out| {
            out.push(RECORD);
            out.extend_from_slice(&self.seq.to_le_bytes());
            out.extend_from_slice(&self.ingest_ns.to_le_bytes());
            out.push(u8::from(self.origin.is_some()));
            if let Some(origin) = self.origin {
                write_origin(out, origin);
            }
            out.extend_from_slice(self.payload);
        })
    }
}

/// The length of a record's frame.
#[inline]
pub(super) fn record_len(payload: u64, has_origin: bool) -> u64 {
    payload.saturating_add(RECORD_REST + if has_origin { ORIGIN } else { 0 })
}

/// The length of a header's frame with so many sources.
pub(super) fn header_len(identity: &Identity, sources: usize) -> u64 {
    let names = identity.pipeline.len() + identity.operator.len() + identity.instance.len();
    LEAST_HEADER + names as u64 + ORIGIN * sources as u64
}

impl SegmentHeader {
    pub(super) fn write(&self, out: &mut Vec<u8>) -> u64 {
        frame::write(out, |out| {
            out.push(HEADER);
            out.extend_from_slice(&VERSION.to_le_bytes());
            out.extend_from_slice(&self.segment.to_le_bytes());
            out.extend_from_slice(&self.next.to_le_bytes());
            out.extend_from_slice(&self.safe.to_le_bytes());
            for name in [&self.identity.pipeline, &self.identity.operator, &self.identity.instance] {
                out.extend_from_slice(&(name.len() as u32).to_le_bytes());
                out.extend_from_slice(name.as_bytes());
            }
            out.extend_from_slice(&(self.marks.len() as u32).to_le_bytes());
            self.marks.iter().for_each(|mark| write_origin(out, *mark));
            // No body ends with a zero (frame.rs tells why).
            out.push(b'.');
        })
    }
}

fn write_origin(out: &mut Vec<u8>, origin: Origin) {
    out.extend_from_slice(&origin.source.to_le_bytes());
    out.extend_from_slice(&origin.id.to_le_bytes());
}

/// Appends frames that acknowledge these.
pub(super) fn write_acks(out: &mut Vec<u8>, acks: &Ranges) {
    for chunk in acks.as_slice().chunks(RANGES_PER_FRAME) {
        frame::write(out, |out| {
            out.push(ACKS);
            for &(first, count) in chunk {
                write_varint(out, first);
                write_varint(out, count);
            }
        });
    }
}

/// What an intact frame says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content<'a> {
    Header(SegmentHeader),
    /// A header that a newer build wrote.
    Newer(u16),
    Record(Record<'a>),
    Acks(Vec<(u64, u64)>),
}

/// Reads a body. Nothing: it makes no sense, intact as it is.
pub(super) fn read(body: &[u8]) -> Option<Content<'_>> {
    let (kind, rest) = body.split_first()?;
    let mut reader = Reader(rest);
    match *kind {
        HEADER => match reader.u16()? {
            version if version > VERSION => Some(Content::Newer(version)),
            _ => reader.header().map(Content::Header),
        },
        RECORD => reader.record().map(Content::Record),
        ACKS => reader.acks().map(Content::Acks),
        _ => None,
    }
}

/// Whether these bytes, found behind broken ones, look like a body. Where every byte is tried as the begin of a frame, this
/// keeps what is no log at all from being checksummed over and over: of what is random, hardly any has the marks of a
/// record, and the other kinds are short.
#[inline]
pub(super) fn may_be(body: &[u8]) -> bool {
    match body {
        [HEADER, rest @ ..] => rest.len() <= MOST_FOUND && rest.last() != Some(&0),
        [RECORD, rest @ ..] => {
            let begin = match rest.get(16) {
                Some(0) => 17,
                Some(1) => 17 + ORIGIN as usize,
                _ => return false,
            };
            let text = rest.get(begin..).unwrap_or_default();
            text.first().is_some_and(u8::is_ascii_graphic) && text.last().is_some_and(u8::is_ascii_graphic)
        }
        [ACKS, rest @ ..] => {
            rest.len() <= 20 * RANGES_PER_FRAME && rest.last().is_some_and(|last| *last < 0x80)
        }
        _ => false,
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*array)
    }

    fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn seq(&mut self) -> Option<u64> {
        self.u64().filter(|seq| *seq <= MOST_SEQ)
    }

    fn origin(&mut self) -> Option<Origin> {
        Some(Origin { source: self.u32()?, id: self.u64()? })
    }

    fn name(&mut self) -> Option<String> {
        let len = self.u32()? as usize;
        let (name, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        String::from_utf8(name.to_vec()).ok()
    }

    fn header(&mut self) -> Option<SegmentHeader> {
        let (segment, next, safe) = (self.u64()?, self.seq()?, self.u64()?);
        let identity = Identity { pipeline: self.name()?, operator: self.name()?, instance: self.name()? };
        let marks = (0..self.u32()?).map(|_| self.origin()).collect::<Option<Vec<Origin>>>()?;
        Some(SegmentHeader { identity, segment, next, safe, marks })
    }

    fn record(&mut self) -> Option<Record<'a>> {
        let (seq, ingest_ns) = (self.seq()?, self.u64()?);
        let origin = match self.array()? {
            [0] => None,
            [1] => Some(self.origin()?),
            _ => return None,
        };
        // What goes on trusts a payload to be a text in one line.
        let is_line = std::str::from_utf8(self.0).is_ok() && !self.0.iter().any(|byte| *byte < b' ');
        is_line.then_some(Record { seq, ingest_ns, origin, payload: self.0 })
    }

    fn acks(&mut self) -> Option<Vec<(u64, u64)>> {
        let mut ranges = Vec::new();
        while !self.0.is_empty() {
            let (first, count) = (self.varint()?, self.varint()?);
            first.checked_add(count).filter(|end| *end <= MOST_SEQ + 1)?;
            ranges.push((first, count));
        }
        Some(ranges)
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            let bits = u64::from(byte & 0x7f);
            value |= (bits << shift >> shift == bits).then_some(bits << shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

fn write_varint(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operator::wal::journal::frame::{Piece, Pieces};

    fn identity() -> Identity {
        Identity { pipeline: "p".into(), operator: "log".into(), instance: "ü1".into() }
    }

    #[track_caller]
    fn check(bytes: &[u8], expected: &[Content<'_>]) {
        let contents = Pieces::new(bytes).map(|piece| match piece {
            Piece::Frame(_, body) => read(body).expect("it makes sense"),
            other => panic!("{other:?}"),
        });
        assert_eq!(contents.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn contents_are_read_as_they_were_written_and_have_the_length_that_was_told() {
        let marks = vec![Origin { source: 7, id: 8 }, Origin { source: u32::MAX, id: u64::MAX }];
        let header = SegmentHeader { identity: identity(), segment: 3, next: 1 << 40, safe: 2, marks };
        let mut bytes = Vec::new();
        assert_eq!(header.write(&mut bytes), header_len(&identity(), 2));
        let record = Record { seq: 9, ingest_ns: u64::MAX, origin: None, payload: b"{}" };
        let sourced = Record { origin: Some(Origin { source: 1, id: 2 }), ..record };
        for record in [record, sourced] {
            assert_eq!(record.write(&mut bytes), record.frame_len());
        }
        let contents = [Content::Header(header), Content::Record(record), Content::Record(sourced)];
        check(&bytes, &contents);
    }

    #[test]
    fn an_acknowledgement_takes_24_bytes_at_most() {
        for (ranges, events) in [
            (vec![(MOST_SEQ, 1)], 1),
            (vec![(5, 1), (300, 1), (1 << 60, 200)], 202),
            ((0..10_000).map(|n| ((1 << 62) + 2 * n, 1)).collect(), 10_000),
        ] {
            let mut acks = Ranges::default();
            ranges.iter().for_each(|&(first, count)| acks.add(first, count));
            let mut bytes = Vec::new();
            write_acks(&mut bytes, &acks);
            assert!(bytes.len() as u64 <= events * ACK, "{} bytes for {events}", bytes.len());
            let chunks = ranges.chunks(RANGES_PER_FRAME).map(|chunk| Content::Acks(chunk.to_vec()));
            check(&bytes, &chunks.collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_newer_header_is_told_whatever_is_in_it() {
        let mut bytes = Vec::new();
        frame::write(&mut bytes, |out| out.extend_from_slice(&[HEADER, 2, 0, 99, 99]));
        check(&bytes, &[Content::Newer(2)]);
    }

    #[test]
    fn what_makes_no_sense_is_nothing() {
        for body in [&[][..], &[9], &[HEADER, 1], &[RECORD, 0], &[ACKS, 0x80], &[ACKS, 1], &[ACKS; 12]] {
            assert!(matches!(read(body), None | Some(Content::Acks(_))), "{body:?}");
        }
        let past_the_end = [&[ACKS][..], &[0xff; 9], &[1, 1]].concat();
        assert_eq!(read(&past_the_end), None);
        for seq in [MOST_SEQ + 1, u64::MAX] {
            let mut bytes = Vec::new();
            Record { seq, ingest_ns: 0, origin: None, payload: b"{}" }.write(&mut bytes);
            SegmentHeader { identity: identity(), segment: 1, next: seq, safe: 0, marks: Vec::new() }
                .write(&mut bytes);
            let mut acks = Ranges::default();
            acks.add(MOST_SEQ, seq - MOST_SEQ + 1);
            write_acks(&mut bytes, &acks);
            for piece in Pieces::new(&bytes) {
                let Piece::Frame(_, body) = piece else { panic!("{piece:?}") };
                assert_eq!(read(body), None, "{seq}");
            }
        }
        assert_eq!(read(&[ACKS, 0x80]), None);
    }
}
