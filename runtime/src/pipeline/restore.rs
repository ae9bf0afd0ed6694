//! Events that come back from disk: what a log keeps of one beside its bytes is made anew from these, by a build that may
//! want another shape than the one that wrote them.

use foreshock_spec::{Record, Value};

use super::encode::{Null, Recover, ShapeError};
use super::failure::EvalError;

/// What is kept of an event, or of a part of it, taken from a dynamic value. More fields than are wanted do no harm.
pub trait Restore {
    /// Takes the value in place of what was kept before, part of which may stay if it has another shape.
    ///
    /// # Errors
    /// It has another shape.
    fn restore(&mut self, value: &Value) -> Result<(), ShapeError>;
}

impl<K: Restore + Default + Send> Recover for K {
    fn recover(&mut self, payload: &[u8]) -> Result<(), String> {
        let value = Value::parse(payload).map_err(|error| error.to_string())?;
        self.restore(&value).map_err(|error| error.to_string())
    }
}

impl Restore for Value {
    fn restore(&mut self, value: &Value) -> Result<(), ShapeError> {
        self.clone_from(value);
        Ok(())
    }
}

impl Restore for String {
    fn restore(&mut self, value: &Value) -> Result<(), ShapeError> {
        let Value::String(text) = value else { return Err(ShapeError::expected("a string", value)) };
        self.clone_from(text);
        Ok(())
    }
}

/// An integer will do: JSON has one kind of numbers.
impl Restore for f64 {
    fn restore(&mut self, value: &Value) -> Result<(), ShapeError> {
        *self = match value {
            Value::Float(float) => *float,
            Value::Int(int) => *int as f64,
            Value::Uint(int) => *int as f64,
            other => return Err(ShapeError::expected("a number", other)),
        };
        Ok(())
    }
}

macro_rules! restore_decoded {
    ($($ty:ty)*) => {$(
        impl Restore for $ty {
            fn restore(&mut self, value: &Value) -> Result<(), ShapeError> {
                *self = super::encode::Decode::decode(value)?;
                Ok(())
            }
        }
    )*};
}

restore_decoded!(Null bool u64 i128);

/// The fields of a record, whichever it has.
///
/// # Errors
/// It is no record.
pub fn any_fields(value: &Value) -> Result<&Record, ShapeError> {
    let Value::Record(record) = value else { return Err(ShapeError::expected("a record", value)) };
    Ok(record)
}

/// Takes a field of a record.
///
/// # Errors
/// It is missing, or has another shape.
pub fn restore_field(record: &Record, key: &str, kept: &mut impl Restore) -> Result<(), ShapeError> {
    let value = record.get(key).ok_or_else(|| ShapeError::missing(key))?;
    kept.restore(value).map_err(|error| error.in_field(key))
}

/// Why an event that a log has recovered does not go on.
pub fn unfit(why: &str) -> EvalError {
    EvalError::new(format!(
        "the write-ahead log has it from an earlier run, in a shape that the flow no longer has: {why}"
    ))
}

/// An event that a log has recovered, as it was; its text, if it is no JSON.
pub fn recovered_event(payload: &[u8]) -> Value {
    Value::parse(payload).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(payload).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As generated code makes them.
    #[derive(Debug, Default, PartialEq)]
    struct Kept {
        id: u64,
        inner: Inner,
    }

    #[derive(Debug, Default, PartialEq)]
    struct Inner {
        name: String,
    }

    impl Restore for Kept {
        fn restore(&mut self, value: &Value) -> Result<(), ShapeError> {
            let fields = any_fields(value)?;
            restore_field(fields, "id", &mut self.id)?;
            restore_field(fields, "inner", &mut self.inner)
        }
    }

    impl Restore for Inner {
        fn restore(&mut self, value: &Value) -> Result<(), ShapeError> {
            restore_field(any_fields(value)?, "name", &mut self.name)
        }
    }

    fn check<K: Recover + PartialEq + std::fmt::Debug>(payload: &str, expected: Result<K, &str>) {
        let mut kept = K::default();
        let recovered = kept.recover(payload.as_bytes());
        assert_eq!(recovered.map(|()| kept), expected.map_err(str::to_owned), "{payload}");
    }

    #[test]
    fn what_is_wanted_must_be_there_and_more_may_be() {
        let kept = || Kept { id: 7, inner: Inner { name: "a".to_owned() } };
        check(r#"{"id":7,"inner":{"name":"a"}}"#, Ok(kept()));
        check(r#"{"more":[1],"inner":{"b":null,"name":"a"},"id":7}"#, Ok(kept()));
        check::<Kept>(r#"{"inner":{"name":"a"}}"#, Err("field `id` is missing"));
        check::<Kept>(r#"{"id":7,"inner":{}}"#, Err("field `inner`: field `name` is missing"));
        check::<Kept>(
            r#"{"id":-7,"inner":{}}"#,
            Err("field `id`: expected an integer of at least 0, found integer"),
        );
        check::<Kept>(
            r#"{"id":7,"inner":{"name":1}}"#,
            Err("field `inner`: field `name`: expected a string, found integer"),
        );
        check::<Kept>("7", Err("expected a record, found integer"));
    }

    #[test]
    fn values_of_every_kind_are_recovered() {
        check("-7", Ok(-7_i128));
        check("7", Ok(7_u64));
        check("true", Ok(true));
        check("null", Ok(Null));
        check("\"a\"", Ok("a".to_owned()));
        check("1.5", Ok(1.5_f64));
        check("15", Ok(15.0_f64));
        check::<f64>("\"1\"", Err("expected a number, found string"));
        check("[1,{}]", Ok(Value::parse(b"[1,{}]").expect("it is JSON")));
        check("anything", Ok(()));
    }

    #[test]
    fn what_is_no_json_does_not_fit_and_is_told_as_text() {
        let mut kept = Value::Null;
        let error = kept.recover(b"{\"a\":").expect_err("that is no JSON");
        assert!(error.starts_with("this is no JSON: "), "{error}");
        assert_eq!(recovered_event(b"{\"a\":"), Value::from("{\"a\":"));
        assert_eq!(recovered_event(b"[1]").to_string(), "[1]");
    }
}
