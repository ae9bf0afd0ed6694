//! What is known of an event beside its type. The greatest length of its encoding: then a log can be asked for that much
//! room beforehand and never has to park a result. And strings that are the same in all events: then their encoding is
//! part of the text between the others, or made once.

use foreshock_spec::{ContextValue, Value};

use super::code::{Code, CodeKind, Repr};
use super::plan::{Length, Usual, UsualField};
use super::records::Records;

/// What is known of a value and its parts.
#[derive(Clone, Debug)]
pub(super) enum Known {
    /// Nothing.
    Unknown,
    /// A value without parts of interest: its greatest length.
    Scalar(Length),
    /// A string.
    Text(Usual),
    /// A record's fields, in order.
    Record(Vec<Known>),
}

impl Length {
    fn fixed(bytes: usize) -> Known {
        Known::Scalar(Length { fixed: bytes as u64, hostnames: 0 })
    }

    fn of_text(text: &Usual) -> Length {
        match text {
            Usual::Text(text) => {
                Length { fixed: foreshock_spec::json::escaped_len(text) as u64, hostnames: 0 }
            }
            Usual::Hostname => Length { fixed: 0, hostnames: 1 },
        }
    }

    fn plus(self, other: Length) -> Length {
        Length { fixed: self.fixed + other.fixed, hostnames: self.hostnames + other.hostnames }
    }

    /// A length that covers both.
    #[must_use]
    pub fn max(self, other: Length) -> Length {
        Length { fixed: self.fixed.max(other.fixed), hostnames: self.hostnames.max(other.hostnames) }
    }
}

/// What is known of what `code` gives, if this is known of the event.
pub(super) fn of_code(code: &Code, event: &Known, records: &Records) -> Known {
    match &code.kind {
        CodeKind::Event => event.clone(),
        CodeKind::Const(Value::String(text)) => Known::Text(Usual::Text(text.clone())),
        CodeKind::Const(value) => Length::fixed(value.to_string().len()),
        CodeKind::Field(record, index) => match of_code(record, event, records) {
            Known::Record(mut fields) => fields.swap_remove(*index),
            _ => of_repr(code.repr, records),
        },
        CodeKind::Record(fields) => {
            Known::Record(fields.iter().map(|field| of_code(field, event, records)).collect())
        }
        CodeKind::Convert(inner) if code.repr != Repr::Float => of_code(inner, event, records),
        CodeKind::Behind(_, inner) => of_code(inner, event, records),
        CodeKind::Context(ContextValue::Hostname) => Known::Text(Usual::Hostname),
        _ => of_repr(code.repr, records),
    }
}

/// What a representation alone tells.
pub(super) fn of_repr(repr: Repr, records: &Records) -> Known {
    match repr {
        Repr::Null => Length::fixed("null".len()),
        Repr::Bool => Length::fixed("false".len()),
        Repr::Uint => Length::fixed(u64::MAX.to_string().len()),
        Repr::Integer => Length::fixed(i64::MIN.to_string().len()),
        // The longest shortest-form double: sign, 17 digits, point, exponent.
        Repr::Float => Length::fixed("-2.2250738585072014e-308".len()),
        Repr::Value | Repr::Str => Known::Unknown,
        Repr::Record(id) => {
            let fields = &records.get(id).fields;
            Known::Record(fields.iter().map(|field| of_repr(field.repr, records)).collect())
        }
    }
}

/// The length of the whole encoding.
pub(super) fn total(known: &Known, repr: Repr, records: &Records) -> Option<Length> {
    match (known, repr) {
        (Known::Unknown, _) => None,
        (Known::Scalar(length), _) => Some(*length),
        (Known::Text(text), _) => Some(Length::of_text(text)),
        (Known::Record(parts), Repr::Record(id)) => {
            let fields = &records.get(id).fields;
            let mut sum = Length { fixed: 2, hostnames: 0 };
            for (field, part) in fields.iter().zip(parts) {
                let key = foreshock_spec::json::escaped_len(&field.key) as u64;
                // The colon and the comma.
                sum = sum.plus(Length { fixed: key + 2, hostnames: 0 });
                sum = sum.plus(total(part, field.repr, records)?);
            }
            Some(sum)
        }
        (Known::Record(_), _) => None,
    }
}

/// The strings in an event of `repr` that are known.
pub(super) fn usual(known: &Known, repr: Repr, records: &Records) -> Vec<UsualField> {
    let mut found = Vec::new();
    collect(known, repr, records, &mut Vec::new(), &mut found);
    found
}

fn collect(known: &Known, repr: Repr, records: &Records, path: &mut Vec<usize>, found: &mut Vec<UsualField>) {
    match (known, repr) {
        (Known::Text(is), Repr::Str) if !path.is_empty() => {
            found.push(UsualField { path: path.clone(), is: is.clone() });
        }
        (Known::Record(parts), Repr::Record(id)) => {
            for (at, (field, part)) in records.get(id).fields.iter().zip(parts).enumerate() {
                path.push(at);
                collect(part, field.repr, records, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}
