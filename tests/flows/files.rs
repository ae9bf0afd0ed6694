//! Queries and flows from files: what only files can say, and names that are no Rust identifiers.

use foreshock::testing::Harness;

foreshock::pipeline! {
    pipeline Text;
    include "flows/files/text.trickle";
}

foreshock::pipeline! {
    flow OddNames;
    include "flows/files/odd-names.*";
}

#[test]
fn a_query_from_a_file_means_what_the_original_means() {
    let mut query = Harness::<text::Text>::new();
    query.push("in", r#"{"a": 5, "b-c": 2, "select": "x"}"#);
    query.push("in", r#"{"a": -1, "b-c": 2, "select": "x"}"#);
    let expected = concat!(
        r#"out {"minus":3,"`quoted`":"x","number":-1,"letters":"ä/#{no}","nested":"<5|x!>","#,
        r#""lines":"first 5\n  \"second\"\n"}"#
    );
    assert_eq!(query.outputs(), [expected]);
}

#[test]
fn names_of_files_need_not_be_those_of_rust() {
    let mut query = Harness::<odd_names::OddNames>::new();
    query.push("in", r#"{"onramp": "metronome", "id": 0, "ingest_ns": 1}"#);
    query.push("in", r#"{"onramp": "metronome", "id": 1, "ingest_ns": 2}"#);
    let ports: Vec<&str> = query.take().iter().map(|output| output.port).collect();
    assert_eq!(ports, ["left-0", "right-1"]);
}

#[test]
fn settings_are_named_as_the_files_name_them() {
    let mut builder = OddNames::builder();
    let mut check = |path: &str, value: i64| {
        builder.set(path, value).expect("there is such a setting");
        assert_eq!(builder.setting(path).expect("there is such a setting").to_string(), value.to_string());
    };
    check("onramp.m-1.interval", 7);
    check("offramp.left-0.capacity", 7);
    check("offramp.0.capacity", 7);
    check("pipeline.odd-names.my-log.max_elements", 7);
}
