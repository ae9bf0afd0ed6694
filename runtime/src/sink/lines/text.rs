//! An encoded event becomes a line.

use foreshock_spec::Value;

/// How lines are written.
#[derive(Debug)]
pub(super) struct Text {
    is_json: bool,
    prefix: Vec<u8>,
}

impl Text {
    /// With the codec `json` or `string`, and a prefix before each line.
    pub(super) fn new(codec: &str, prefix: &str) -> Text {
        Text { is_json: codec == "json", prefix: prefix.as_bytes().to_vec() }
    }

    /// Adds the line of an event that is encoded as JSON. With the codec `string`, a string is written as it is.
    #[inline]
    pub(super) fn write(&self, payload: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(&self.prefix);
        match self.plain(payload) {
            Some(text) => out.extend_from_slice(text.as_bytes()),
            None => out.extend_from_slice(payload),
        }
        out.push(b'\n');
    }

    fn plain(&self, payload: &[u8]) -> Option<String> {
        if self.is_json || payload.first() != Some(&b'"') {
            return None;
        }
        match Value::parse(payload) {
            Ok(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}
