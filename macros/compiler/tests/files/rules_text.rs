//! The family *text*: how a flow is written.

use super::rules::{definitions, file, flow, inline_query, links, query};

#[test]
fn what_is_no_statement_is_told_the_near_one() {
    query(
        "selekt event from in into out;\nselect event from in into out;",
        &[("unknown_statement", "1:1", "did you mean `select`?")],
    );
    query(
        "foo bar;\nselect event from in into out;",
        &[("unknown_statement", "1:1", "legal statements: `use`")],
    );
    definitions(
        "crate binding /binding/x/01;",
        &[
            ("unknown_statement", "1:1", "did you mean `create`?"),
            ("unknown_binding", "1:24", "legal bindings"),
        ],
    );
    definitions(
        "define pipline spare\nselect event from in into out;\nend;",
        &[("unknown_statement", "1:8", "did you mean `pipeline`?")],
    );
    definitions(
        "define onrmp x from metronome with interval = 1000 end;",
        &[("unknown_statement", "1:8", "did you mean `onramp`?")],
    );
    definitions(
        "create pipeline main;",
        &[("unknown_statement", "1:8", "a binding creates what its links name")],
    );
    definitions("offramp x from blackhole end;", &[("unknown_statement", "1:1", "write `define offramp …`")]);
}

#[test]
fn an_end_that_is_missing_is_missed_where_the_next_thing_stands() {
    let log = "create operator log;\nselect event from in into log;\nselect event from log into out;";
    query(
        &format!("define qos::wal operator log with read_count = 1, max_elements = 9;\n{log}"),
        &[("missing_end", "1:67", "`with …` ends with `end`")],
    );
    query(
        "select merge event of { \"a\": 1 } from in into out;",
        &[("missing_end", "1:34", "`merge … of …` ends")],
    );
    query(
        "select patch event of insert \"a\" => 1 from in into out;",
        &[("missing_end", "1:39", "`patch … of …` ends")],
    );
    definitions(
        "define offramp x from blackhole\ndefine offramp sink2 from blackhole end;",
        &[("missing_end", "2:1", "`define offramp …` ends with `end;`")],
    );
    links(
        "define binding main links
/onramp/metronome/01/out => /pipeline/main/01/in,
/pipeline/main/01/out => /offramp/sink/01/in;
create binding /binding/main/01;",
        &[("missing_end", "3:45", "a binding's links end with `end`")],
    );
    flow(
        "pub flow T;
define pipeline main
select event from in into out;
define onramp metronome from metronome with interval = 1 end;
define offramp sink from blackhole end;
define binding main links
/onramp/metronome/01/out => /pipeline/main/01/in,
/pipeline/main/01/out => /offramp/sink/01/in
end;
create binding /binding/main/01;",
        &[("missing_end", "4:1", "expected `end;` of the pipeline `main`, found `define`")],
    );
}

#[test]
fn a_semicolon_that_is_missing_loses_no_statement() {
    query(
        "select event from in into out\nselect event from in into err;",
        &[("missing_semicolon", "1:27", "no `;` behind it")],
    );
}

#[test]
fn what_a_file_does_not_close_is_told_once_and_the_next_statement_is_read() {
    let next = "select event from nowhere into out;";
    let unknown = |line: &'static str| ("unknown_stream", line, "no operator or stream `nowhere`");
    file(
        &format!("select {{ \"a\": \"x }} from in into out;\n{next}"),
        &[("unclosed_string", "1:15", "this string has no end"), unknown("2:19")],
    );
    file("select \"\"\"\nabc from in into out;", &[("unclosed_string", "1:8", "this heredoc has no end")]);
    file(
        &format!("select event.`abc from in into out;\n{next}"),
        &[("unclosed_name", "1:14", "a name in backticks has no end"), unknown("2:19")],
    );
    file(
        &format!("select {{ \"a\": 1 from in into out;\n{next}"),
        &[("unclosed_block", "1:8", "`{` is not closed"), unknown("2:19")],
    );
    file(
        &format!("select event) from in into out;\n{next}"),
        &[("stray_bracket", "1:13", "`)` closes nothing"), unknown("2:19")],
    );
    file("select \"#{event.id\" from in into out;", &[("bad_interpolation", "1:9", "`#{` has no `}`")]);
}

#[test]
fn an_escape_that_is_none_is_told_with_those_that_are() {
    let legal = r#"\' \" \\ \# \/ \b \f \n \r \t \uXXXX"#;
    file(r#"select "a\qb" from in into out;"#, &[("bad_escape", "1:10", legal)]);
    file(r#"select "\u12" from in into out;"#, &[("bad_escape", "1:9", "four hexadecimal digits")]);
    inline_query(r##"select r"a\qb" from in into out;"##, &[("bad_escape", "1:8", legal)]);
}

#[test]
fn a_number_that_is_none_is_told_with_what_to_write() {
    let number = |text: &str, rule: &str, part: &str| {
        query(&format!("select {text} from in into out;"), &[(rule, "1:8", part)]);
    };
    number("99999999999999999999", "bad_number", "out of range");
    number("10ms", "number_with_unit", "no unit or suffix: `ms`");
    number("1e5", "bad_number", "write `1.0e5`");
    number("0b11", "bad_number", "decimal or hexadecimal");
    number("0xfg", "number_with_unit", "`g` in `0xfg`");
    number("1.5.2", "bad_number", "a number has one dot");
    number("127.0.0.1", "bad_number", "an address or a version is a string");
    number(".5", "bad_number", "write `0.5`");
}

#[test]
fn a_keyword_is_no_name() {
    query(
        "create stream window;\nselect event from in into window;\nselect event from window into out;",
        &[("keyword_as_name", "1:15", "`window` is a keyword, not a name")],
    );
    query(
        "const default = 1;\nselect { \"a\": default } from in into out;",
        &[("keyword_as_name", "1:7", "`default`")],
    );
    inline_query(
        "select { \"a\": [default, 1] } from in into out;",
        &[("unexpected_token", "1:16", "`default` is a keyword; a name is written `r#default`")],
    );
}

#[test]
fn a_keyword_that_is_a_name_many_times_is_one_error_with_all_places() {
    let names =
        "create stream window;\nselect event from in into window;\nselect event from window into out;";
    inline_query(
        names,
        &[("keyword_as_name", "1:15", "note: also used at line 6\nnote: also used at line 7")],
    );
    file(names, &[("keyword_as_name", "1:15", "3 | select event from window into out;")]);
    inline_query(
        "mod case with const window = 1; end;\nselect case::window + case::window from in into out;",
        &[
            ("keyword_as_name", "1:5", "at line 6\nnote: also used at line 6"),
            ("keyword_as_name", "1:21", "at line 6\nnote: also used at line 6"),
        ],
    );
    inline_query(
        "const group = 1;\nselect group * 2 from in into out;",
        &[("keyword_as_name", "1:7", "line 6")],
    );
    // what means something stays what it is
    query(
        "const match = 1;\nselect match event of case _ => 1 end from in into out;",
        &[("keyword_as_name", "1:7", ""), ("not_supported", "2:8", "`match` is not supported yet")],
    );
    // each pipeline has names of its own
    let pipeline = |name: &str| format!("define pipeline {name}\nselect event from in into group;\nend;\n");
    definitions(
        &(pipeline("a") + &pipeline("b")),
        &[("keyword_as_name", "2:27", ""), ("keyword_as_name", "5:27", "")],
    );
}

#[test]
fn a_keyword_behind_a_dot_is_one_error_at_its_place() {
    query(
        "select event.select from in into out;",
        &[("keyword_as_name", "1:14", "`select` is a keyword, not a name")],
    );
    query(
        "select event.select from in where event.select == 1 into out;\nselect event.select from in into err;",
        &[("keyword_as_name", "1:14", "")],
    );
    query(
        "select { \"a\": event.group, \"b\": event.window, \"c\": event.nothing } from in into out;",
        &[
            ("keyword_as_name", "1:21", "`group`"),
            ("keyword_as_name", "1:39", "`window`"),
            ("missing_field", "1:58", "no field `nothing`"),
        ],
    );
    query(
        "create stream x;\nselect event from in into x/select;\nselect event from x into out;",
        &[("keyword_as_name", "2:29", "")],
    );
}

#[test]
fn a_stray_token_is_told_where_it_stands() {
    query("? select event from in into out;", &[("unknown_statement", "1:1", "found `?`")]);
    query("select event from in ? into out;", &[("unexpected_token", "1:22", "expected `into`, found `?`")]);
    file("€ select event from in into out;", &[("foreign_token", "1:1", "`€` means nothing here")]);
    file("select event from in into out;\nend;", &[("stray_end", "2:1", "ends with the file")]);
    inline_query("select event from in into out end;", &[("stray_end", "1:31", "closes nothing")]);
    definitions("end;", &[("stray_end", "1:1", "closes nothing")]);
}

#[test]
fn what_is_a_string_elsewhere_needs_its_quotes() {
    let url = |text: &str| format!("define offramp x from ws with url = {text}\nend;");
    definitions(&url("ws://localhost:8080/"), &[("unquoted_url", "1:37", "write it in double quotes")]);
    definitions(
        &url("'ws://localhost:8080/'"),
        &[("foreign_quotes", "1:37", "strings stand in double quotes")],
    );
    definitions(&url("'a'"), &[("foreign_quotes", "1:37", "in place of `'…'`")]);
    query("select { \"a\": 'a' } from in into out;", &[("foreign_quotes", "1:15", "double quotes")]);
    inline_query("select b\"a\" from in into out;", &[("bad_string", "1:8", "write a plain string")]);
    definitions(&url("localhost:8080"), &[("unquoted_url", "1:37", "an address is a string")]);
    file(
        "select { \"a\": ws://localhost/a } from in into out;",
        &[("unquoted_url", "1:15", "write it in double quotes: `\"ws://localhost/a\"`")],
    );
    let log = |dir: &str| {
        format!(
            "define qos::wal operator log with read_count = 1, max_elements = 9, dir = {dir} end;
create operator log;
select event from in into log;
select event from log into out;"
        )
    };
    for path in ["./spool", "/var/spool", "~/spool", "../spool", "spool/a", "spool.d", "var/spool/a.d"] {
        query(&log(path), &[("unquoted_string", "1:75", "a path is a string")]);
    }
}

#[test]
fn comments_of_the_other_language_are_told_once() {
    inline_query(
        "# one\nselect event from in into out; # two",
        &[("hash_comment", "1:1", "begin comments with `//`\nnote: another one at line 6")],
    );
    file(
        "// one\nselect event from in into out; // two",
        &[("foreign_comment", "1:1", "begin comments with `#`")],
    );
}

#[test]
fn nesting_too_deep_is_an_error_and_no_crash() {
    let deep = |open: &str, close: &str| {
        format!("select {}1{} from in into out;", open.repeat(200), close.repeat(200))
    };
    let found = "nested more than 128 levels deep";
    query(&deep("(", ")"), &[("nested_too_deep", "1:136", found)]);
    query(&deep("[", "]"), &[("nested_too_deep", "1:136", found)]);
    query(
        &format!("select 1{} from in into out;", " + 1".repeat(200)),
        &[("nested_too_deep", "1:522", found)],
    );
}

#[test]
fn a_name_with_a_minus_is_told_once_at_each_place_and_read_as_it_was_meant() {
    inline_query(
        "create stream my-stream;\nselect event from in into my-stream;\nselect event from my-stream into out;",
        &[
            ("name_with_minus", "1:15", "a name has no `-`: `my-stream`\nhelp: write `my_stream`"),
            ("name_with_minus", "2:27", "write `my_stream`"),
            ("name_with_minus", "3:19", "write `my_stream`"),
        ],
    );
    let log = "define qos::wal operator my-log-2 with read-count = 1, max_elements = 9 end;
create operator my-log-2;
select event from in into my-log-2;
select event from my-log-2 into out;";
    inline_query(
        log,
        &[
            ("name_with_minus", "1:26", "write `my_log_2`"),
            ("name_with_minus", "1:40", "write `read_count`"),
            ("name_with_minus", "2:17", ""),
            ("name_with_minus", "3:27", ""),
            ("name_with_minus", "4:19", ""),
        ],
    );
    definitions(
        "#[allow(unused_artefact)] define offramp my-sink from blackhole end;",
        &[("name_with_minus", "1:42", "write `my_sink`")],
    );
    flow(
        "pub pipeline my-flow;\nselect event from in into out;",
        &[("name_with_minus", "1:14", "write `MyFlow`")],
    );
    file(
        "create stream my-stream;\nselect event from in into my-stream;\nselect event from my-stream into out;",
        &[],
    );
}

#[test]
fn the_value_of_a_variable_is_shown_in_quotes_as_a_whole() {
    let mapping = |value: &str| {
        format!(
            "define binding main links
/onramp/metronome/{{i}}/out => /pipeline/main/{{i}}/in,
/pipeline/main/{{i}}/out => /offramp/sink/{{i}}/in
end;
create binding /binding/main/01 with i = {value} end;"
        )
    };
    for (value, help) in
        [("eu-west", "write `\"eu-west\"`"), ("3", "write `\"3\"`"), ("a.b-1", "write `\"a.b-1\"`")]
    {
        links(&mapping(value), &[("unquoted_string", "5:42", help)]);
    }
}
