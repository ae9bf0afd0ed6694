//! The customer's files. As printed, the line that creates the log is commented out: the trap that this catches.

use expect_test::expect;

use crate::{Memory, checked, reports};

const FLOW: &str = "pub flow RoundRobin;\ninclude \"etc/tremor/config/*\";";

const METRONOME: &str = include_str!("../../../../tests/customer/printed/metronome.yaml");
const OFFRAMPS: &str = include_str!("../../../../tests/customer/printed/offramps.yaml");
const BINDING: &str = include_str!("../../../../tests/customer/printed/binding.yaml");
const PRINTED: &str = include_str!("../../../../tests/customer/printed/roundrobin.trickle");
const MENDED: &str = include_str!("../../../../tests/customer/mended/roundrobin.trickle");

fn with_query(query: &str) -> Memory {
    Memory::new(&[
        ("etc/tremor/config/metronome.yaml", METRONOME),
        ("etc/tremor/config/offramps.yaml", OFFRAMPS),
        ("etc/tremor/config/binding.yaml", BINDING),
        ("etc/tremor/config/roundrobin.trickle", query),
    ])
}

#[test]
fn the_printed_text_is_refused_with_one_error_that_has_the_missing_line() {
    expect![[r#"
        at 2:9: `in_memory_wal` is defined but never created
          --> etc/tremor/config/roundrobin.trickle:20:14
           |
         3 | define qos::wal operator in_memory_wal with
           |                          ------------- it is defined
        ...
        20 | from in into in_memory_wal;
           |              ^^^^^^^^^^^^^
        21 |
        22 | select event from in_memory_wal into roundrobin;
           |                   ------------- also used
           |
           = help: add the line `create operator in_memory_wal;`
    "#]]
    .assert_eq(&reports(checked(FLOW, &with_query(PRINTED))));
}

#[test]
fn the_mended_text_has_no_errors() {
    expect![[""]].assert_eq(&reports(checked(FLOW, &with_query(MENDED))));
}

#[test]
fn the_mended_text_differs_in_nothing_but_the_missing_line() {
    assert_eq!(PRINTED.replace("# create operator in_memory_wal;", "create operator in_memory_wal;"), MENDED);
    let fixtures = [
        (METRONOME, include_str!("../../../../tests/customer/mended/metronome.yaml")),
        (OFFRAMPS, include_str!("../../../../tests/customer/mended/offramps.yaml")),
        (BINDING, include_str!("../../../../tests/customer/mended/binding.yaml")),
    ];
    for (printed, mended) in fixtures {
        assert_eq!(printed, mended);
    }
}
