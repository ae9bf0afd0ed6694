//! The family *names*: what is named, and where it is defined.

use super::rules::{definitions, file, inline_query, links, query};

const FED: &str = "select event from in into log;\nselect event from log into out;";
const LOG: &str = "define qos::wal operator log with read_count = 1, max_elements = 9 end;";

#[test]
fn an_unknown_stream_is_one_error_at_its_first_use() {
    query(
        "select event from in into midle;\nselect event from midle into out;\nselect event from midle into err;",
        &[("unknown_stream", "1:27", "a stream is made by `create stream midle;`")],
    );
    query(
        "create stream middle;\nselect event from in into midle;\nselect event from middle into out;",
        &[("unknown_stream", "2:27", "did you mean `middle`? Legal names: `out`, `err`, `middle`")],
    );
    query(
        "create stream middle;\nselect event from in into middle;\nselect event from midle into out;",
        &[("unknown_stream", "3:19", "did you mean `middle`?")],
    );
}

#[test]
fn what_is_never_created_is_told_with_the_line_that_is_missing() {
    query(
        &format!("{LOG}\n{FED}"),
        &[("operator_not_created", "2:27", "add the line `create operator log;`")],
    );
    query(
        &format!("{LOG}\nselect event from in into lag;\nselect event from lag into out;"),
        &[("unknown_stream", "2:27", "did you mean `log`? It is not created: add `create operator log;`")],
    );
    query(
        &format!("mod m with {LOG} end;\n{FED}"),
        &[("operator_not_created", "2:27", "add the line `create operator log from m::log;`")],
    );
}

#[test]
fn unknown_names_have_the_near_one() {
    query(
        "use std::strings;\nselect string::len(\"a\") from in into out;",
        &[("unknown_module", "1:5", "did you mean `std::string`?")],
    );
    query(
        "use tremor::system;\nselect { \"h\": system::hostnam() } from in into out;",
        &[("unknown_function", "2:23", "did you mean `hostname`?")],
    );
    query(
        &format!("{}\ncreate operator log;\n{FED}", LOG.replace("qos::wal", "wal")),
        &[("unknown_operator_kind", "1:8", "did you mean `qos::wal`?")],
    );
    definitions(
        "define onramp x from metronom with interval = 1 end;",
        &[("unknown_onramp_kind", "1:22", "did you mean `metronome`?")],
    );
    definitions(
        "define offramp x from blackhol end;",
        &[("unknown_offramp_kind", "1:23", "did you mean `blackhole`?")],
    );
    definitions(
        "define offramp x from ws with url = \"ws://a/\", codec = \"jsn\" end;",
        &[("wrong_value", "1:56", "did you mean `json`? Legal codecs: `json`")],
    );
    links(
        "define binding main links
/onramp/metronom/01/out => /pipeline/mian/01/in,
/pipeline/mian/01/out => /offramp/snk/01/in
end;
create binding /binding/man/01;",
        &[
            ("unknown_artefact", "2:9", "did you mean `metronome`?"),
            (
                "unknown_artefact",
                "2:38",
                "did you mean `main`? Legal pipelines: `main`\nnote: also used at line 9",
            ),
            ("unknown_artefact", "3:35", "did you mean `sink`?"),
            ("unknown_binding", "5:25", "did you mean `main`?"),
        ],
    );
}

#[test]
fn what_is_defined_or_created_twice_or_reserved_is_an_error() {
    let stream = "select event from in into s;\nselect event from s into out;";
    query(&format!("create stream s; create stream s;\n{stream}"), &[("created_twice", "1:32", "")]);
    query(&format!("{LOG}\n{LOG}\ncreate operator log;\n{FED}"), &[("defined_twice", "2:26", "")]);
    query("const a = 1; const a = 2;\nselect a from in into out;", &[("defined_twice", "1:20", "")]);
    query(
        "create stream in;\nselect event from in into out;",
        &[("reserved_name", "1:15", "`create stream other;`")],
    );
    query(
        "use std::string; use std::string;\nmod string with const a = 1; end;\nselect string::a from in into out;",
        &[("module_name_in_use", "1:10", "call the module of the query otherwise")],
    );
    definitions("define offramp sink from blackhole end;", &[("defined_twice", "1:16", "is defined twice")]);
}

#[test]
fn what_is_defined_and_has_no_use_is_a_warning() {
    let select = "select event from in into out;";
    query(
        &format!("const a = 1; const b = a;\n{select}"),
        &[
            ("unused_constant", "1:7", "the constant `a` is defined and never used"),
            ("unused_constant", "1:20", "the constant `b` is defined and never used"),
        ],
    );
    query(&format!("{LOG}\n{select}"), &[("unused_operator", "1:26", "or add `create operator log;`")]);
    query(
        &format!("mod m with const a = 1; mod n with {LOG} end; end;\n{select}"),
        &[("unused_module", "1:5", "use what is in it: `m::…`")],
    );
    query(
        &format!("mod m with mod n with {LOG} end; const a = 1; end;\nselect m::a from in into out;"),
        &[("unused_module", "1:16", "the module `n` is defined and never used")],
    );
    query(
        &format!("mod m with {LOG} const a = 1; end;\nselect m::a from in into out;"),
        &[("unused_operator", "1:37", "`create operator log from m::log;`")],
    );
    query("mod m with const a = 1; const b = 2; end;\nselect m::a from in into out;", &[]);
    query(
        "const n = 9;\ndefine qos::wal operator log with read_count = 1, max_elements = n end;\ncreate operator log;\nselect event from in into log;\nselect event from log into out;",
        &[],
    );
    query(
        "mod m with const n = 1; end;\nconst a = m::n;\nselect event from in where event.id > a into out having event.id > a;",
        &[],
    );
    inline_query(&format!("#[allow(unused_constant)] const a = 1;\n{select}"), &[]);
}

#[test]
fn a_use_that_nothing_uses_is_a_warning() {
    let select = "select event from in into out;";
    query(
        &format!("use std::string;\n{select}"),
        &[("unused_use", "1:5", "nothing uses what `use std::string` names")],
    );
    query("use std::string;\nselect std::string::len(\"a\") from in into out;", &[("unused_use", "1:5", "")]);
    query("use tremor::system;\nselect \"#{system::hostname()}\" from in into out;", &[]);
    query(
        "use std::math; use std::string;\nselect event from in where math::max(event.id, 1) > 1 into out;",
        &[("unused_use", "1:20", "use what is in it: `string::…`")],
    );
    // in a module, and for one
    query(
        "use std::math;\nmod m with use std::string; const a = math::max(1, 2); end;\nselect m::a from in into out;",
        &[("unused_use", "2:16", "")],
    );
    query(
        "use std::math;\nmod m with use std::math; const a = math::max(1, 2); end;\nselect m::a from in into out;",
        &[("unused_use", "1:5", "")],
    );
    query(
        &format!("mod m with use std::math; const a = math::max(1, 2); end;\n{select}"),
        &[("unused_module", "1:5", "")],
    );
    // modules of the query
    let outer = format!("mod outer with mod inner with {LOG} const a = 1; end; end;");
    let log = "create operator log from inner::log;";
    query(&format!("{outer}\nuse outer::inner;\n{log}\n{FED}"), &[]);
    query(
        &format!("{outer}\nuse outer::inner;\n{}\n{FED}", log.replace("inner", "outer::inner")),
        &[("unused_use", "2:5", "`inner::…`")],
    );
    query(
        "mod a with mod b with mod c with const x = 1; end; end; end;\nuse a::b;\nuse b::c;\nselect c::x from in into out;",
        &[],
    );
    query(&format!("mod m with const a = 1; end;\nuse m;\n{select}"), &[("unused_module", "1:5", "")]);
    inline_query(&format!("#[allow(unused_use)] use std::string;\n{select}"), &[]);
    file(&format!("# allow(unused_use)\nuse std::string;\n{select}"), &[]);
}

#[test]
fn a_name_with_a_minus_that_looks_like_a_subtraction_is_told_apart() {
    let inline = |text: &str, help: &str| {
        inline_query(
            &format!("select {text} from in into out;"),
            &[("name_like_a_subtraction", "1:8", help)],
        );
    };
    inline("event.my-key", "write `event[\"my-key\"]`");
    inline("event.my-key-2", "write `event[\"my-key-2\"]`");
    inline("my-key", "write `my_key`");
    inline_query("const key = 1;\nselect event.id-key from in into out;", &[]);
    inline_query("select event.id-1 from in into out;", &[]);

    let in_file = |text: &str, place: &str, help: &str| {
        let text =
            format!("const a = 3; const b = a;\nselect {{ \"b\": b, \"x\": {text} }} from in into out;");
        file(&text, &[("name_like_a_subtraction", place, help)]);
    };
    in_file("event.id-1", "2:29", "write `id - 1` to subtract");
    in_file("a-1", "2:23", "write `a - 1` to subtract");
    in_file("a-b", "2:23", "write `a - b` to subtract");
    let looks = |text: &str, expected: &[(&str, &str, &str)]| {
        file(&format!("const a = 3; const b = a; const a-b = b;\nselect {text} from in into out;"), expected);
    };
    looks("a-b", &[("looks_like_subtraction", "2:8", "write `a - b` to subtract")]);
    looks("`a-b`", &[]);
    looks("a - b + `a-b`", &[]);
    file("select event.onramp.id-1 from in into out;", &[("wrong_index", "1:21", "")]);
}

#[test]
fn a_binding_that_nothing_creates_is_a_warning() {
    let text = |mapping: &str| {
        format!(
            "define binding main links
/onramp/metronome/01/out => /pipeline/main/01/in,
/pipeline/main/01/out => /offramp/sink/01/in
end;
define binding other links
/onramp/metronome/{{i}}/out => /offramp/sink/{{i}}/in
end;
create binding /binding/main/01;{mapping}"
        )
    };
    links(
        &text(""),
        &[(
            "binding_not_mapped",
            "5:16",
            "remove it, or add `create binding /binding/other/01 with i = \"01\" end;`",
        )],
    );
    links(&text("\ncreate binding /binding/other/01 with i = \"a\" end;"), &[]);
}

#[test]
fn a_variable_without_its_braces_is_told_at_the_link() {
    let text = |first: &str, rest: &str| {
        format!(
            "define binding main links
/onramp/metronome/{first}/out => /pipeline/main/{rest}/in,
/pipeline/main/{rest}/out => /offramp/sink/{rest}/in
end;
create binding /binding/main/01 with i = \"a\" end;
create binding /binding/main/02 with i = \"b\" end;"
        )
    };
    links(&text("i", "{i}"), &[("variable_without_braces", "2:19", "write `{i}`")]);
    links(&text("i", "i"), &[("variable_without_braces", "2:19", "also here at line 9")]);
    links(&text("{i}", "{i}"), &[]);
}
