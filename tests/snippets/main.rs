//! Queries with inputs and expected outputs, each written inline and in a file beside this one: both give the same.
//!
//! A failed event is expected as `err` and the event: the texts of errors name places, which differ.

use foreshock::Value;
use foreshock::pipeline::Pipeline;
use foreshock::testing::Harness;

/// A query inline, the same query from a file, and cases: an event, and what comes out.
macro_rules! snippet {
    ($(#[doc = $doc:literal])+ $name:ident, $file:literal, { $($query:tt)* } $($input:literal => [$($output:literal),*],)+) => {
        $(#[doc = $doc])+
        mod $name {
            foreshock::pipeline! {
                pub(super) pipeline Inline;
                $($query)*
            }
            foreshock::pipeline! {
                pub(super) pipeline FromFile;
                include $file;
            }

            #[test]
            fn inline() {
                crate::check::<inline::Inline>(&[$(($input, &[$($output),*])),+]);
            }

            #[test]
            fn from_a_file() {
                crate::check::<from_file::FromFile>(&[$(($input, &[$($output),*])),+]);
            }
        }
    };
}

mod definitions;
mod expressions;
mod library;
mod selects;

/// Pushes each event into `in` and compares all that comes out.
fn check<P: Pipeline>(cases: &[(&str, &[&str])]) {
    let mut harness = Harness::<P>::new();
    for (input, expected) in cases {
        harness.push("in", input);
        let outputs: Vec<String> = harness.outputs().iter().map(|output| without_reason(output)).collect();
        assert_eq!(outputs, *expected, "{input}");
        let answers: Vec<bool> =
            harness.answers().into_iter().map(|(_, acknowledged)| acknowledged).collect();
        assert_eq!(answers, [true], "{input} is acknowledged when all that became of it is");
    }
}

/// `err {"error": text, "event": event}` as `err event`.
fn without_reason(output: &str) -> String {
    let Some(record) = output.strip_prefix("err ") else { return output.to_owned() };
    let record = Value::parse(record.as_bytes()).expect("it was printed as JSON");
    let Value::Record(fields) = record else { panic!("{output}") };
    assert!(matches!(fields.get("error"), Some(Value::String(_))), "{output}");
    format!("err {}", fields.get("event").expect("it names the event"))
}
