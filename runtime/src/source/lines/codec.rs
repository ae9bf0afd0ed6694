//! A line becomes an event, or is refused.

use foreshock_spec::Value;

use super::cutter::Line;
use crate::core::RefusedLine;

/// The most bytes of a refused line that are handed on.
pub(super) const SHOWN: usize = 1024;

/// How lines are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Codec {
    is_json: bool,
    most: u64,
}

impl Codec {
    /// `json` or `string`; lines have at most so many bytes.
    pub(super) fn named(name: &str, most: u64) -> Codec {
        Codec { is_json: name == "json", most }
    }

    pub(super) fn decode(&self, line: Line<'_>) -> Result<Value, RefusedLine> {
        let Line { text, bytes, number } = line;
        let refused = |error| refused(error, line);
        if bytes > self.most {
            let most = self.most;
            let more = format!("more than `max_event_bytes` of its onramp, {most}");
            return Err(refused(format!("line {number} has {bytes} bytes, {more}")));
        }
        if self.is_json {
            return Value::parse(text)
                .map_err(|error| refused(format!("line {number} is no JSON: {}", error.why())));
        }
        match std::str::from_utf8(text) {
            Ok(text) => Ok(Value::from(text)),
            Err(_) => Err(refused(format!("line {number} is not UTF-8"))),
        }
    }
}

fn refused(error: String, line: Line<'_>) -> RefusedLine {
    let Line { text, bytes, .. } = line;
    let is_whole = text.len() <= SHOWN && bytes == text.len() as u64;
    let mut line = String::from_utf8_lossy(&text[..text.len().min(SHOWN)]).into_owned();
    if !is_whole {
        // The cut may have gone through a character.
        while line.ends_with(char::REPLACEMENT_CHARACTER) {
            line.pop();
        }
        line.push('…');
    }
    RefusedLine { error, line }
}
