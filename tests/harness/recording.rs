//! Reads what a recording receiver has written, as it grows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::Tail;

/// One line of the record, behind `start`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A connection has shaken hands.
    Open(u64),
    /// A text frame has come over a connection.
    Text {
        /// The connection.
        connection: u64,
        /// The event's `id`.
        id: u64,
        /// The frame.
        json: String,
    },
    /// A pong has been handed to the connection's socket.
    Pong(u64),
    /// A text frame has come over a connection and was answered with close code 1009.
    Refused {
        /// The connection.
        connection: u64,
        /// The event's `id`.
        id: u64,
    },
    /// A cut after so many bytes was ordered.
    Ordered(u64),
    /// A connection was cut off, as ordered.
    Cut(u64),
    /// The connection is over.
    End(u64),
}

/// What one process of a server has recorded between its start and its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// In the order in which it happened.
    pub entries: Vec<Entry>,
}

impl Life {
    /// The ids of the text frames, in the order in which they came.
    pub fn ids(&self) -> impl Iterator<Item = u64> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Text { id, .. } => Some(*id),
            _ => None,
        })
    }

    /// The ids that came behind the last pong of their connection.
    pub fn unconfirmed(&self) -> BTreeSet<u64> {
        let mut open: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
        for entry in &self.entries {
            match entry {
                Entry::Text { connection, id, .. } => {
                    open.entry(*connection).or_default().insert(*id);
                }
                Entry::Pong(connection) => {
                    open.remove(connection);
                }
                _ => {}
            }
        }
        open.into_values().flatten().collect()
    }

    /// How many connections have shaken hands.
    pub fn connections(&self) -> usize {
        self.entries.iter().filter(|entry| matches!(entry, Entry::Open(_))).count()
    }
}

/// A growing record.
#[derive(Debug)]
pub struct Recording {
    tail: Tail,
    lives: Vec<Life>,
}

impl Recording {
    /// The record in this file, which need not exist yet.
    pub fn new(path: &Path) -> Recording {
        Recording { tail: Tail::new(path), lives: Vec::new() }
    }

    /// Reads on, and gives all the lives so far.
    ///
    /// # Panics
    /// If the record is not of the recorder's making.
    pub fn lives(&mut self) -> &[Life] {
        let lives = &mut self.lives;
        self.tail.read(|line| {
            match parse(line).unwrap_or_else(|| panic!("not a line of a record: {line}")) {
                None => lives.push(Life::default()),
                Some(entry) => lives.last_mut().expect("a record begins with `start`").entries.push(entry),
            }
        });
        &self.lives
    }
}

/// `Some(None)` is a start.
fn parse(line: &str) -> Option<Option<Entry>> {
    let (word, rest) = line.split_once(' ')?;
    if word == "start" {
        return Some(None);
    }
    let (connection, json) = rest.split_once(' ').unwrap_or((rest, ""));
    let connection = connection.parse().ok()?;
    let id = || serde_json::from_str::<Value>(json).ok()?.get("id")?.as_u64();
    Some(Some(match word {
        "open" => Entry::Open(connection),
        "text" => Entry::Text { connection, id: id()?, json: json.to_owned() },
        "pong" => Entry::Pong(connection),
        "refused" => Entry::Refused { connection, id: id()? },
        "ordered" => Entry::Ordered(connection),
        "cut" => Entry::Cut(connection),
        "end" => Entry::End(connection),
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::Directory;

    #[test]
    fn a_record_is_read_as_it_grows_line_by_whole_line() {
        let directory = Directory::new("recording");
        let path = directory.file("record");
        let mut recording = Recording::new(&path);
        assert!(recording.lives().is_empty(), "no file yet");

        std::fs::write(&path, "start 1 2\nopen 1\ntext 1 {\"id\":4}\npo").unwrap();
        assert_eq!(recording.lives().len(), 1);
        assert_eq!(recording.lives()[0].entries.len(), 2, "half a line is left for later");

        std::fs::write(&path, "start 1 2\nopen 1\ntext 1 {\"id\":4}\npong 1\nend 1\nstart 2 2\n").unwrap();
        let lives = recording.lives();
        assert_eq!(lives.len(), 2);
        assert_eq!(lives[0].ids().collect::<Vec<_>>(), [4]);
        assert_eq!(lives[0].entries[2..], [Entry::Pong(1), Entry::End(1)]);
    }

    #[test]
    fn unconfirmed_is_what_came_behind_the_last_pong_of_its_own_connection() {
        fn check(lines: &str, expected: &[u64]) {
            let entries = lines.lines().map(|line| parse(line.trim()).unwrap().unwrap()).collect();
            assert_eq!(Life { entries }.unconfirmed(), expected.iter().copied().collect(), "{lines}");
        }
        check("open 1", &[]);
        check("text 1 {\"id\":4}", &[4]);
        check("text 1 {\"id\":4}\npong 1", &[]);
        check("text 1 {\"id\":4}\npong 1\ntext 1 {\"id\":5}\ntext 1 {\"id\":6}", &[5, 6]);
        check("text 1 {\"id\":4}\npong 2", &[4]);
        check("text 1 {\"id\":4}\nend 1\ntext 2 {\"id\":5}\npong 2", &[4]);
    }
}
