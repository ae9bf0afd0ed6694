//! The greatest length of an event's encoding, where the compiler can tell it: then a log can be asked for that much
//! room beforehand and never has to park a result.

use foreshock_spec::ContextValue;

use super::code::{Code, CodeKind, Repr};
use super::plan::Length;
use super::records::Records;

/// The greatest lengths of a value and its parts.
#[derive(Clone, Debug)]
pub(super) enum Lengths {
    /// Nothing is known.
    Unknown,
    /// A value without parts of interest.
    Scalar(Length),
    /// A record's fields, in order.
    Record(Vec<Lengths>),
}

impl Length {
    fn fixed(bytes: usize) -> Lengths {
        Lengths::Scalar(Length { fixed: bytes as u64, hostnames: 0 })
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

/// The greatest lengths of what `code` gives, if the event has those of `event`.
pub(super) fn of_code(code: &Code, event: &Lengths, records: &Records) -> Lengths {
    match &code.kind {
        CodeKind::Event => event.clone(),
        CodeKind::Const(value) => Length::fixed(value.to_string().len()),
        CodeKind::Field(record, index) => match of_code(record, event, records) {
            Lengths::Record(mut fields) => fields.swap_remove(*index),
            _ => of_repr(code.repr, records),
        },
        CodeKind::Record(fields) => {
            Lengths::Record(fields.iter().map(|field| of_code(field, event, records)).collect())
        }
        CodeKind::Convert(inner) | CodeKind::Behind(_, inner) => of_code(inner, event, records),
        CodeKind::Context(ContextValue::Hostname) => Lengths::Scalar(Length { fixed: 0, hostnames: 1 }),
        _ => of_repr(code.repr, records),
    }
}

/// The greatest lengths that a representation alone tells.
pub(super) fn of_repr(repr: Repr, records: &Records) -> Lengths {
    match repr {
        Repr::Null => Length::fixed("null".len()),
        Repr::Bool => Length::fixed("false".len()),
        Repr::Uint => Length::fixed(u64::MAX.to_string().len()),
        Repr::Integer => Length::fixed(i64::MIN.to_string().len()),
        // The longest shortest-form double: sign, 17 digits, point, exponent.
        Repr::Float => Length::fixed("-2.2250738585072014e-308".len()),
        Repr::Value | Repr::Str => Lengths::Unknown,
        Repr::Record(id) => {
            let fields = &records.get(id).fields;
            Lengths::Record(fields.iter().map(|field| of_repr(field.repr, records)).collect())
        }
    }
}

/// The length of the whole encoding.
pub(super) fn total(lengths: &Lengths, repr: Repr, records: &Records) -> Option<Length> {
    match (lengths, repr) {
        (Lengths::Unknown, _) => None,
        (Lengths::Scalar(length), _) => Some(*length),
        (Lengths::Record(parts), Repr::Record(id)) => {
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
        (Lengths::Record(_), _) => None,
    }
}
