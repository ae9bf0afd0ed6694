//! A mistake in the graph of a flow is told once, and hides no other one.

use super::graph::{links, query};
use crate::errors;

/// What is reported already causes no second error: one wrong thing, one message.
#[test]
fn one_mistake_in_a_query_is_one_error() {
    let one = |statements: &str, place: &str, part: &str| query(statements, &[(place, part)]);
    one(
        "create operator wal;
select event from in into wal;
select event from wal into wal2;
select event from wal2 into out;",
        "10:27",
        "no operator or stream `wal2`",
    );
    one(
        "select event from in into wal;\nselect event from wal into out;",
        "8:26",
        "`wal` is defined but never created",
    );
    let fed = "create operator rr;\nselect event from in into rr;\nselect event from rr/a into out;\n";
    one(&format!("{fed}select event from rr/c into out;"), "11:21", "no port `c`");
    one(&format!("{fed}select event from rr/b into;"), "11:27", "expected");
    one(&format!("{fed}select event from rr/b where into out;"), "11:29", "expected");
    one("select event from in into out;\nselect event from rr2/b into out;", "9:18", "`rr2`");
    one(
        "create operator wall;
select event from in into wal;
select event from wal into out;",
        "8:16",
        "no operator is defined as `wall`\nhelp: did you mean `wal`?",
    );
    one(
        "create operator x from y;\nselect event from in into x;\nselect event from x into out;",
        "8:23",
        "`y`",
    );
    one("create operator wal;\nselect event into wal;\nselect event from wal into out;", "9:13", "expected");
}

#[test]
fn one_mistake_in_a_link_is_one_error() {
    let first = "/onramp/metronome/01/out => /pipeline/second/01/in,\n";
    links(
        &format!("{first}/pipeline/second/01/out => [/offramp/sink/01/in, /pipeline/secand/01/in]"),
        &[("8:59", "no pipeline `secand`")],
    );
    links(&format!("{first}/pipeline/second/01/ou => /offramp/sink/01/in"), &[("8:20", "no port `ou`")]);
    links(&format!("{first}/pipeline/second/01/out => /offramp/snk/01/in"), &[("8:36", "no offramp `snk`")]);
    links(
        &format!("{first}/pipeline/second/01/out => /offramp/stdout/01/in"),
        &[("8:36", "no offramp `stdout`")],
    );
    links(&format!("{first}/pipeline/second/01/out = /offramp/sink/01/in"), &[("8:24", "expected `=>`")]);
}

#[test]
fn a_link_the_wrong_way_is_one_error() {
    let first = "/onramp/metronome/01/out => /pipeline/second/01/in,\n";
    let one = |link: &str, column: usize, help: &str| {
        let message = format!(
            "this link goes the wrong way: it leads from where events go in to where they come out\nhelp: link {help}"
        );
        links(&format!("{first}{link}"), &[(&format!("8:{column}"), &message)]);
    };
    let meant = "`/pipeline/second/01/out` to `/offramp/sink/01/in`";
    one("/offramp/sink/01/in => /pipeline/second/01/out", 0, meant);
    one("/offramp/sink/01 => /pipeline/second/01", 0, meant);
    one(
        "/offramp/sink/01/in => /pipeline/second/01/out,\n/pipeline/second/01/out => /offramp/sink/01/in",
        0,
        meant,
    );
    one("\"/offramp/sink/01/in\" => \"/pipeline/second/01/out\"", 0, meant);
    // the port that is not written may be `err` where nobody misses the events
    let out = "/pipeline/second/01/out => /offramp/sink/01/in";
    let no_start = "a link cannot start here: only the `err` of an offramp gives events";
    links(&format!("{first}{out},\n/offramp/sink/01 => /pipeline/second/01"), &[("9:0", no_start)]);
    links(&format!("{first}{out},\n/offramp/sink/01 => /pipeline/second/01/in"), &[("9:0", no_start)]);
    let text = |links: &str| {
        format!(
            "pub flow Test;
define onramp m from metronome with interval = 1 end;
define offramp o from blackhole end;
define pipeline p select event from in into out; end;
define pipeline q select event from in into out; end;
define binding b links
{links}
end;
create binding /binding/b/x with i = \"01\" end;"
        )
    };
    let wrong = "this link goes the wrong way";
    errors(
        &text("/pipeline/p/{i}/in => /onramp/m/{i}/out, /pipeline/p/{i}/out => /offramp/o/{i}/in"),
        &[("7:0", "help: link `/onramp/m/{i}/out` to `/pipeline/p/{i}/in`")],
    );
    errors(
        &text(
            "/onramp/m/{i} => /pipeline/p/{i},\n/pipeline/q/{i}/in => /pipeline/p/{i}/out,\n/offramp/o/{i}/in => /pipeline/q/{i}/out",
        ),
        &[("8:0", wrong), ("9:0", wrong)],
    );
}

/// A select that is wrong may be the one that has the port of a link.
#[test]
fn a_port_that_a_wrong_select_may_have_is_no_error() {
    let flow = |select: &str, expected: &[(&str, &str)]| {
        let text = format!(
            "pub flow Test;
define onramp metronome from metronome with interval = 1 end;
define offramp sink from blackhole end;
define pipeline main select event from in into out;
{select}
end;
define binding main links /onramp/metronome/01/out => /pipeline/main/01/in,
/pipeline/main/01/out => /offramp/sink/01/in, /pipeline/main/01/side => /offramp/sink/01/in
end;
create binding /binding/main/01;"
        );
        errors(&text, expected);
    };
    flow("select event from in into out/side;", &[]);
    flow("select event from in;", &[("5:20", "expected `into`, found `;`")]);
    flow("select event from in into sink;", &[("5:26", "no operator or stream `sink`")]);
    flow("select event from in into out into side;", &[("5:30", "a select leads to one place")]);
    flow("select event from in into out, side;", &[("5:29", "a select leads to one place")]);
    flow("select event from in into out/side into err;", &[("5:35", "a select leads to one place")]);
    flow("select event from in into out::side;", &[("5:29", "write `out/side`")]);
    // a near name is a slip of its own
    flow(
        "select event from;\nselect event from in into out/sid;",
        &[
            ("5:17", "expected `in` or the name of an operator"),
            ("9:64", "no port `side`\nhelp: did you mean `sid`?"),
        ],
    );
}

#[test]
fn a_wrong_mapping_creates_something() {
    let text = |mapping: &str| {
        format!(
            "pub flow Test;
define onramp metronome from metronome with interval = 1 end;
define offramp sink from blackhole end;
define binding main links /onramp/metronome/01/out => /offramp/sink/01/in end;
{mapping}"
        )
    };
    errors(&text("create binding /binding/mian/01;"), &[("5:24", "no binding `mian`")]);
    errors(&text("create binding /binding main/01;"), &[("5:24", "expected")]);
    errors(&text(""), &[("1:9", "nothing is created")]);
}

/// A flow whose links stand from line 7 and whose mapping stands on line 11; its first pipeline has a wrong operand.
#[track_caller]
fn slip(from: &str, to: &str, mapping: &str, expected: &[(&str, &str)]) {
    let text = format!(
        "pub flow Test;
define onramp metronome from metronome with interval = 1 end;
define offramp sink from blackhole end;
define pipeline first select event.nope from in into out; end;
define pipeline second select event from in into out; end;
define binding main links
{from} => {to},
/pipeline/first/{{instance}}/out => /pipeline/second/{{instance}}/in,
/pipeline/second/{{instance}}/out => /offramp/sink/{{instance}}/in
end;
{mapping}"
    );
    let typing = [("4:35", "`event` has no field `nope`")];
    let expected: Vec<(&str, &str)> = typing.iter().chain(expected).copied().collect();
    errors(&text, &expected);
}

#[test]
fn a_slip_in_a_link_or_mapping_is_one_error_and_hides_no_wrong_type() {
    let (onramp, first) = ("/onramp/metronome/{instance}/out", "/pipeline/first/{instance}/in");
    let mapping = "create binding /binding/main/01 with instance = \"01\" end;";
    slip(onramp, first, mapping, &[]);
    let misspelt =
        [("7:19", "no mapping gives the variable `instanc` a value\nhelp: did you mean `{instance}`?")];
    slip("/onramp/metronome/{instanc}/out", first, mapping, &misspelt);
    slip("/onramp/metronome/{instanc}/out", "/pipeline/first/{instanc}/in", mapping, &misspelt);
    let without = [("11:15", "the variable `id` has no value\nhelp: write `with id = \"01\" end`")];
    slip("/onramp/metronome/{id}/out", first, mapping, &without);
    slip("/onramp/metronome/{instance}/ou", first, mapping, &[("7:29", "no port `ou`")]);
    slip("/onramp/metronom/{instance}/out", first, mapping, &[("7:8", "no onramp `metronom`")]);
    slip(
        onramp,
        first,
        "create binding /binding/main/01;",
        &[("11:15", "the variable `instance` has no value")],
    );
    let with = |given: &str| format!("create binding /binding/main/01 with {given} end;");
    let unknown = [("11:37", "the binding has no variable `instanc`\nhelp: did you mean `instance`?")];
    slip(onramp, first, &with("instanc = \"01\""), &unknown);
    let unknown = [("11:37", "the binding has no variable `at`\nhelp: did you mean `instance`?")];
    slip(onramp, first, &with("at = \"01\""), &unknown);
    let unknown = [("11:54", "the binding has no variable `at`\nhelp: legal variables: `instance`")];
    slip(onramp, first, &with("instance = \"01\", at = \"1\""), &unknown);
    let mapping = mapping.replace("main", "mian");
    slip(onramp, first, &mapping, &[("11:24", "no binding `mian`")]);
    let mapping = mapping.replace("mian", "other");
    slip(onramp, first, &mapping, &[("11:24", "no binding `other`")]);
}

#[test]
fn a_variable_that_only_some_links_have_is_mended_where_it_is_used_least() {
    let text = |mappings: &str| {
        format!(
            "pub flow Test;
define onramp metronome from metronome with interval = 1 end;
define offramp sink from blackhole end;
define binding main links /onramp/metronome/01/out => /offramp/sink/{{where}}/in end;
{mappings}"
        )
    };
    let meant = "no mapping gives the variable `where` a value\nhelp: did you mean `{place}`?";
    let mapping =
        |name: &str, given: &str| format!("create binding /binding/main/{name} with {given} end;\n");
    let odd = mapping("01", "place = \"01\"");
    errors(&text(&odd), &[("4:69", meant)]);
    // another mapping knows it
    let text = text(&(odd + &mapping("02", "where = \"02\"")));
    errors(&text, &[("5:37", "the binding has no variable `place`\nhelp: did you mean `where`?")]);
}

#[test]
fn a_link_is_written_once_whether_it_is_mapped_or_not() {
    let text = |second: &str| {
        format!(
            "pub flow Test;
define onramp metronome from metronome with interval = 1 end;
define offramp sink from blackhole end;
define binding main links /onramp/metronome/01/out => /offramp/sink/01/in end;
define binding unused links
/onramp/metronome/{{a}}/out => /offramp/sink/{{a}}/in,
{second}
end;
create binding /binding/main/01;"
        )
    };
    let twice =
        "these two ports are linked twice\nhelp: remove one of the two links\nnote: first linked at line 6";
    errors(&text("/onramp/metronome/{a}/out => /offramp/sink/{a}/in"), &[("7:29", twice)]);
    errors(&text("/onramp/metronome/{a} => [/offramp/sink/01, /offramp/sink/{a}]"), &[("7:44", twice)]);
    errors(&text("/onramp/metronome/{a}/err => /offramp/sink/{a}/in"), &[]);
    errors(&text("/onramp/metronome/{b}/out => /offramp/sink/{b}/in"), &[]);
    errors(&text("/onramp/metronome/b/out => /offramp/sink/b/in"), &[]);
}

#[test]
fn an_artefact_that_is_missing_in_many_links_is_one_error() {
    links(
        "/onramp/metronome/01/out => /pipeline/none/01/in,
/pipeline/none/01/out => /offramp/sink/01/in,
/onramp/metronome/01/out => /offramp/none/01/in",
        &[
            (
                "7:38",
                "there is no pipeline `none`\nhelp: legal pipelines: `first`, `second`\nnote: also used at line 8",
            ),
            ("9:37", "there is no offramp `none`"),
        ],
    );
}

/// What could not be parsed of a binding hides nothing of its other links.
#[test]
fn a_link_that_cannot_be_parsed_is_one_error() {
    let first = "/onramp/metronome/01/out => /pipeline/second/01/in";
    let last = "/pipeline/second/01/out => /offramp/sink/01/in";
    let two = |expected: (&str, &str), text: &str| links(text, &[expected]);
    two(("7:48", "this link has no `,` behind it"), &format!("{first}\n{last}"));
    two(("7:50", "expected `,` or `end`, found `;`"), &format!("{first};\n{last}"));
    two(("8:46", "expected `,` or `end`, found `;`"), &format!("{first},\n{last};"));
    two(
        ("8:24", "expected `=>`, found `/`"),
        &format!("{first},\n/pipeline/second/01/out /offramp/sink/01/in"),
    );
    two(
        ("8:24", "expected `=>`, found `->`"),
        &format!("{first},\n/pipeline/second/01/out -> /offramp/sink/01/in"),
    );
    two(
        ("8:0", "found `pipeline`\nhelp: write `/pipeline/…`, with a `/` before it"),
        &format!("{first},\n{}", &last[1..]),
    );
    two(
        ("8:47", "expected `,` or `end`, found `=>`\nhelp: begin another link behind a `,`"),
        &format!("{first},\n{last} => /pipeline/second/02/in"),
    );
    two(
        ("9:0", "expected `=>`, found `end`\nhelp: several goals of a link stand in brackets"),
        &format!("{first},\n{last}, /offramp/sink/02/in"),
    );
    two(
        ("8:41", "expected the instance, found `$`"),
        &format!("{first},\n/pipeline/second/01/out => /offramp/sink/$/in"),
    );
    links(
        "/onramp/metronome/$/out => /pipeline/second/01/in,
/pipelin/second/01/out => /offramp/sink/01/in,
/pipeline/second/01/out => [/offramp/sink/$/in, /offramp/snk/01/in]",
        &[
            ("7:18", "expected the instance, found `$`"),
            ("8:1", "no kind of artefact called `pipelin`"),
            ("9:42", "expected the instance, found `$`"),
            ("9:57", "no offramp `snk`"),
        ],
    );
}

#[test]
fn an_end_that_is_missing_hides_nothing() {
    let text = |binding: &str, mapping: &str| {
        format!(
            "pub flow Test;
define onramp metronome from metronome with interval = 1 end;
define offramp sink from blackhole end;
define pipeline main select event.nope from in into out; end;
define binding main links /onramp/metronome/{{i}}/out => /pipeline/main/{{i}}/in,
/pipeline/main/{{i}}/out => /offramp/sink/{{i}}/in
{binding}
create binding /binding/main/01 with {mapping}"
        )
    };
    let typing = ("4:34", "`event` has no field `nope`");
    let end = "expected `,` or `end`, found `create`\nhelp: a binding's links end with `end`";
    errors(&text("", "i = \"1\" end;"), &[typing, ("8:0", end)]);
    errors(&text(";", "i = \"1\" end;"), &[typing, ("7:0", "expected `,` or `end`, found `;`")]);
    errors(&text("; end;", "i = \"1\" end;"), &[typing, ("7:0", "expected `,` or `end`, found `;`")]);
    errors(&text("end;", "i = \"1\";"), &[typing, ("8:44", "expected `,` or `end`, found `;`")]);
    errors(&text("end;", "i = \"1\"; end;"), &[typing, ("8:44", "expected `,` or `end`, found `;`")]);
    errors(
        &text("end;", "i: \"1\" end;"),
        &[typing, ("8:38", "expected `=`, found `:`\nhelp: write `i = …`")],
    );
}

#[test]
fn a_definition_without_a_name_is_one_error() {
    let text = |onramp: &str, pipeline: &str, binding: &str| {
        format!(
            "pub flow Test;
define onramp {onramp} from metronome with interval = 1 end;
define offramp sink from blackhole end;
define pipeline {pipeline} select event from in into out; end;
define binding {binding} links /onramp/metronome/01/out => /pipeline/central/01/in,
/pipeline/central/01/out => /offramp/sink/01/in end;
create binding /binding/whole/01;"
        )
    };
    errors(&text("metronome", "central", "whole"), &[]);
    errors(&text("", "central", "whole"), &[("2:15", "expected the onramp's name, found `from`")]);
    errors(&text("metronome", "", "whole"), &[("4:17", "expected the pipeline's name, found `select`")]);
    errors(&text("metronome", "5", "whole"), &[("4:16", "expected the pipeline's name, found `5`")]);
    errors(&text("metronome", "central", ""), &[("5:16", "expected the binding's name, found `links`")]);
    errors(&text("metronome", "central", "whole with"), &[("5:21", "expected `links`, found `with`")]);
    errors(&text("metronome", "from", "whole"), &[("5:65", "there is no pipeline `central`")]);
}

#[test]
fn an_instance_that_is_missing_before_a_port_is_one_error() {
    let check = |links: &str, expected: &[(&str, &str)]| {
        let text = format!(
            "pub flow Test;
define onramp m from metronome with interval = 1 end;
define offramp o from blackhole end;
define pipeline p select event from in into out; end;
define binding b links
{links}
end;
create binding /binding/b/01 with i = \"01\" end;"
        );
        errors(&text, expected);
    };
    let text = "before the port `in` stands the instance\nhelp: write `/offramp/o/{i}/in`";
    check(
        "/onramp/m/{i}/out => /pipeline/p/{i}/in,\n/pipeline/p/{i}/out => /offramp/o/in",
        &[("7:34", text)],
    );
    check(
        "/onramp/m/out => /pipeline/p/in,\n/pipeline/p/{i}/out => /offramp/o/{i}/in",
        &[
            ("6:10", "before the port `out` stands the instance\nhelp: write `/onramp/m/{i}/out`"),
            ("6:29", "before the port `in` stands the instance\nhelp: write `/pipeline/p/{i}/in`"),
        ],
    );
    // an instance may have such a name, if the port stands behind it
    check("/onramp/m/{i}/out => /pipeline/p/in/in,\n/pipeline/p/in/out => /offramp/o/{i}", &[]);
}
