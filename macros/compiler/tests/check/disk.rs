//! Rules on logs on disk: each wrong flow, where the error stands, and what it says.

use crate::{errors, flow};

/// The errors of a log's config, which stands alone on line 8.
#[track_caller]
fn log(config: &str, expected: &[(&str, &str)]) {
    let query = format!(
        "define qos::wal operator wal with\n{config}\nend;
        create operator wal; select event from in into wal; select event from wal into out;"
    );
    errors(&flow("", &query), expected);
}

#[test]
fn what_goes_with_a_directory_stands_beside_one() {
    log("read_count = 1, dir = \"x\"", &[]);
    log("read_count = 1, dir = env(\"DIR\"), sync = env(\"SYNC\")", &[]);
    log("sync_interval = 5, read_count = 1, sync = \"interval\", dir = \"x\", max_bytes = 16384", &[]);
    log("read_count = 1, dir = \"\"", &[("8:22", "`dir` is empty")]);
    log(
        "read_count = 1, max_elements = 1, sync = \"batch\"",
        &[("8:34", "`sync` needs `dir`\nhelp: set `dir` too, or leave `sync` out")],
    );
    log(
        "read_count = 1, dir = \"x\", sync_interval = 1",
        &[("8:27", "`sync_interval` needs `sync` = `interval`")],
    );
    log(
        "read_count = 1, dir = \"x\", max_bytes = 10",
        &[(
            "8:39",
            "`max_bytes` must be at least 16384, not 10\nhelp: write 10485760 if MiB are meant; else give an integer from 16384",
        )],
    );
}

#[test]
fn what_is_needed_may_be_there_and_wrong() {
    log(
        "read_count = 1, max_elements = 1, dri = \"x\", sync = \"batch\"",
        &[("8:34", "there is no key `dri`")],
    );
    log("read_count = 1, max_elements = 1, dir = 7, sync = \"batch\"", &[("8:40", "`dir` must be a string")]);
    log(
        "read_count = 1, max_elements = 1, dir = nix, sync = \"batch\"",
        &[("8:40", "there is no name `nix`")],
    );
}

const BOTH: &str = "create operator a from log; create operator b from log;
select event from in into a; select event from a into b; select event from b into out;";

#[test]
fn two_logs_of_one_definition_have_one_directory() {
    let query = format!("define qos::wal operator log with read_count = 1, dir = \"x\" end;\n{BOTH}");
    errors(
        &flow("", &query),
        &[(
            "8:44",
            "the logs `a` and `b` have the same `dir`\nhelp: give each its own, as in `create operator b from … with dir",
        )],
    );
    let apart = query.replace("b from log", "b from log with dir = \"y\" end");
    errors(&flow("", &apart), &[]);
    let same = query.replace("b from log", "b from log with dir = \"./x/\" end");
    errors(&flow("", &same), &[("8:66", "the logs `a` and `b` have the same `dir`")]);
}

/// Two logs with these directories, in one pipeline: do they meet?
#[track_caller]
fn check_meet(a: &str, b: &str, meet: bool) {
    let query = format!(
        "define qos::wal operator a with read_count = 1, dir = {a} end;
define qos::wal operator b with read_count = 1, dir = {b} end;
create operator a; create operator b;
select event from in into a; select event from a into b; select event from b into out;"
    );
    let expected = [("8:54", "the logs `a` and `b` have the same `dir`")];
    errors(&flow("", &query), if meet { &expected } else { &[] });
}

#[test]
fn a_directory_is_the_same_however_it_is_written() {
    check_meet("\"x\"", "\"x\"", true);
    check_meet("\"./x\"", "\"x/\"", true);
    check_meet("\"a/../x//y/.\"", "\"x/y\"", true);
    check_meet("\"../x\"", "\"x\"", false);
    check_meet("\"../../x\"", "\"../x\"", false);
    check_meet("\"/x\"", "\"x\"", false);
    check_meet("\"x\"", "\"x/01\"", false);
    check_meet("env(\"X\")", "env(\"X\")", false);
}

#[test]
fn logs_of_different_pipelines_have_different_directories_too() {
    let other = "define pipeline other
define qos::wal operator far with read_count = 1, dir = \"./x\" end;
create operator far;
select event from in into far; select event from far into out;
end;";
    let query = "define qos::wal operator wal with read_count = 1, dir = \"x\" end;
create operator wal; select event from in into wal; select event from wal into out;";
    let links =
        "/onramp/metronome/01/out => /pipeline/other/01/in, /pipeline/other/01/out => /offramp/sink/01/in,";
    let text = flow(other, query)
        .replace("define binding main links", &format!("define binding main links {links}"));
    errors(&text, &[("11:56", "the logs `far` and `wal` have the same `dir`")]);
}

#[test]
fn a_pipeline_without_a_flow_keeps_nothing_on_disk() {
    errors(
        "pub pipeline P;
define qos::wal operator log with read_count = 1, dir = \"x\" end;
create operator log;
select event from in into log; select event from log into out;",
        &[(
            "2:50",
            "a pipeline without a flow keeps nothing on disk\nhelp: remove `dir`; only a `flow` has a program",
        )],
    );
}

#[test]
fn an_instance_with_a_log_on_disk_is_a_directory() {
    let query = "define qos::wal operator wal with read_count = 1, dir = \"x\" end;
create operator wal; select event from in into wal; select event from wal into out;";
    let text = flow("", query);
    let odd = text.replace("/pipeline/main/01/in", "\"/pipeline/main/../in\"");
    let odd = odd.replace("/pipeline/main/01/out", "\"/pipeline/main/../out\"");
    assert!(odd != text, "{text}");
    errors(&odd, &[("11:28", "the instance `..` gives no directory to the log `wal`")]);
    errors(&odd.replace("/../", "/.../"), &[]);
}
