//! What beginners write, and what other languages have taught them: each slip is one error at its own token, says what
//! to write, and loses nothing of the statement where its meaning is plain.

use foreshock_compiler::syntax::ast::Head;

use crate::support::{dump, errors, parsed};

/// The errors of a query, whose one statement begins on line 2, and the text of what was read.
#[track_caller]
fn query(stmt: &str, expected: &str, read: &str) {
    let (flow, diagnostics) = parsed(&format!("pipeline T;\n{stmt}"));
    let found = errors(diagnostics);
    assert_eq!(found.trim_end().replace("\n  ", "\n"), expected, "{stmt}");
    assert_eq!(flow.map_or(String::new(), |flow| dump(&flow)).trim_end(), read, "{stmt}");
}

/// A select with a slip that is read as something else, and one that is not read.
#[track_caller]
fn read_as(slip: &str, right: &str, expected: &str) {
    query(&format!("select {slip};"), expected, &format!("select {right}"));
}

#[track_caller]
fn refused(slip: &str, expected: &str) {
    let (flow, diagnostics) = parsed(&format!("pipeline T;\n{slip}"));
    assert_eq!(errors(diagnostics).trim_end().replace("\n  ", "\n"), expected, "{slip}");
    let read = flow.map_or(String::new(), |flow| dump(&flow));
    assert!(read.starts_with("broken: "), "{slip}: {read}");
}

#[test]
fn operators_of_other_languages_are_read_as_those_of_this_one() {
    let check = |slip: &str, right: &str, own: &str| {
        let text = format!("2:16 there is no operator `{slip}`\nhelp: write `{own}`");
        let rest = "event.b from in into out";
        read_as(&format!("event.a {slip} {rest}"), &format!("event.a {right} {rest}"), &text);
    };
    check("&&", "and", "and");
    check("||", "or", "or");
    check("=", "==", "==");
    check("===", "==", "==");
    check("!==", "!=", "!=");
    check("<>", "!=", "!=");
    refused(
        "select event.a | event.b from in into out;",
        "2:16 there is no operator `|`\nhelp: write `or` between booleans",
    );
    refused(
        "select event.a > 1 ? 1 : 2 from in into out;",
        "2:20 there is no operator `?`\nhelp: write two selects, each with its `where`: there is no `? :`",
    );
    refused(
        "select if event.a { 1 } else { 2 } from in into out;",
        "2:8 there is no `if`\nhelp: write two selects, each with its `where` (`match` is not supported yet)",
    );
    let named =
        "a value gets a name in a record, `{ \"name\": event.key }`, and is a string in `\"#{event.key}\"`";
    refused(
        "select event.a as a from in into out;",
        &format!("2:16 there is no operator `as`\nhelp: {named}"),
    );
}

#[test]
fn operators_that_only_look_like_those_of_other_languages_stay() {
    let check = |expr: &str, read: &str| {
        query(&format!("select {expr} from in into out;"), "", &format!("select {read} from in into out"));
    };
    check("event.a<-1", "event.a < -1");
    check("event.a>-1", "event.a > -1");
    check("event.a- -1", "event.a - -1");
    check("event.a==-1", "event.a == -1");
    check("event.a!=!1", "event.a != !(1)");
    check("1.5", "1.5");
    check("event[1:2]", "event[1:2]");
}

#[test]
fn keys_are_written_with_a_dot() {
    let check = |slip: &str, help: &str| {
        let text = format!("2:13 before a key stands `.`, not `{slip}`\nhelp: {help}");
        read_as(&format!("event{slip}a from in into out"), "event.a from in into out", &text);
    };
    check("->", "write `event.key`");
    check("::", "write `event.key`");
    check("?.", "`present event.key` says whether there is such a key");
    let index = "expected a key after `.`, found `0`\nhelp: write `[0]`, without the dot";
    refused("select event.0 from in into out;", &format!("2:14 {index}"));
    refused(
        "select event.* from in into out;",
        "2:14 expected a key after `.`, found `*`\nhelp: the whole event is `event`",
    );
    refused(
        "select * from in into out;",
        "2:8 expected an expression, found `*`\nhelp: the whole event is `event`",
    );
    read_as(
        "event.a[0..2] from in into out",
        "event.a[0:2] from in into out",
        "2:17 a range is written with `:`, not `..`\nhelp: write `[0:2]`, which ends before element 2",
    );
}

#[test]
fn functions_are_called_with_their_module() {
    let own = "a value has no functions of its own\nhelp: a function is called with its module:";
    refused("select event.a.len() from in into out;", &format!("2:19 {own} `string::len(event.key)`"));
    refused("select string.len(event.a) from in into out;", &format!("2:18 {own} `string::len(…)`"));
    refused("select \"a\".len() from in into out;", &format!("2:15 {own} `string::len(event.key)`"));
    let merge = "`merge` is no function: write `merge target of patch end`";
    refused(
        "select merge(event, {}) from in into out;",
        &format!("2:19 expected `)`, found `,`\nhelp: {merge}"),
    );
}

#[test]
fn fields_of_a_record() {
    let text = "2:13 expected `:`, found `=`\nhelp: a field is `\"key\": value`";
    read_as("{\"a\" = 1} from in into out", "{\"a\": 1} from in into out", text);
    refused(
        "select {\"a\": 1, ..event} from in into out;",
        "2:17 expected a string as key, found `..`\nhelp: `merge event of { … } end` is the event with some fields changed",
    );
}

const ORDER: &str = "help: the order is `select … from … where … into … having …`";

#[test]
fn clauses_of_a_select() {
    let check = |stmt: &str, expected: &str| refused(&format!("{stmt};"), expected);
    check("from in select event into out", &format!("2:1 `from` stands behind `select`\n{ORDER}"));
    check(
        "where true select event from in into out",
        &format!("2:1 `where` stands behind `select`\n{ORDER}"),
    );
    check(
        "select event where true from in into out",
        &format!("2:14 expected `from`, found `where`\n{ORDER}"),
    );
    check("select event from in into out where true", &format!("2:31 `where` stands before `into`\n{ORDER}"));
    check("select event from in", &format!("2:21 expected `into`, found `;`\n{ORDER}"));
    let one_place = "a select leads to one place\nhelp: write another select for the other one";
    check("select event from in into out into err", &format!("2:31 {one_place}"));
    check("select event from in into out, err", &format!("2:30 {one_place}"));
    check(
        "select event.a, event.b from in into out",
        "2:15 expected `from`, found `,`\n\
         help: a select has one value, such as a record: `{ \"a\": event.a, \"b\": event.b }`",
    );
    check(
        "select event from in having true into out",
        &format!("2:22 `having` stands behind `into`\n{ORDER}"),
    );
    check(
        "select event from in into out having true where true",
        &format!("2:43 `where` stands before `into`\n{ORDER}"),
    );
    check(
        "having true select event from in into out",
        &format!("2:1 `having` stands behind `select`\n{ORDER}"),
    );
    check(
        "select event from in into out having",
        "2:37 expected a condition, found `;`\nhelp: write a condition behind `having`, such as `event.key > 1`, or remove it",
    );
}

#[test]
fn ports_are_written_with_a_slash() {
    let port = |at: &str| format!("{at} a port stands behind a `/`\nhelp: write `out/side`");
    read_as("event from in into out::side", "event from in into out/side", &port("2:30"));
    read_as("event from in into out.side", "event from in into out/side", &port("2:30"));
    read_as(
        "event from in into /out/side",
        "event from in into out/side",
        "2:27 expected `out` or the name of an operator or stream, found `/`\nhelp: write `node/port`, without a `/` before it",
    );
}

#[test]
fn modules_and_operators_are_written_with_colons() {
    let parts = "`::` stands between the parts of this name\nhelp: write";
    query("use std/string;", &format!("2:8 {parts} `std::string`"), "use std::string");
    query("use std.string;", &format!("2:8 {parts} `std::string`"), "use std::string");
    let wal = "define qos::wal operator wal";
    query("define qos/wal operator wal;", &format!("2:11 {parts} `qos::wal`"), wal);
    let kind = "expected the kind of an operator, such as `qos::wal`, found `operator`\nhelp: write";
    refused(
        "define operator log from qos::wal;",
        &format!("2:8 {kind} `define qos::wal operator log with … end`"),
    );
    refused("create wal;", "2:8 expected `operator`, found `wal`\nhelp: the order is `create operator name`");
}

/// A head with a slip in it is still the head: the type has its name, so that its uses are no further errors.
#[test]
fn a_misspelt_head_keeps_the_name_and_the_kind() {
    let check = |text: &str, head: Head, name: &str| {
        let (flow, diagnostics) = parsed(text);
        let flow = flow.expect("it is read on");
        assert_eq!((flow.head, flow.name.text.as_str()), (head, name), "{text}");
        assert_eq!(diagnostics.errors(), 1, "{text}");
    };
    check("pub pipelin Query; select event from in into out;", Head::Pipeline, "Query");
    check("pub flwo Whole; define offramp x from blackhole end;", Head::Flow, "Whole");
    check("pub struct Query; select event from in into out;", Head::Pipeline, "Unnamed");
}
