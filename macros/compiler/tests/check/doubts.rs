//! Warnings about values: what is legal and hardly meant, where the warning stands, and what is meant and makes none.

use crate::{errors, flow, warnings};

/// The warnings of an onramp's or offramp's definition, whose config stands alone on line 5.
#[track_caller]
fn ramp(kind: &str, config: &str, expected: &[(&str, &str)]) {
    let definition = format!("#[allow(unused_artefact)] define {kind} with\n{config}\nend;");
    warnings(&flow(&definition, "select event from in into out;"), expected);
}

#[track_caller]
fn metronome(config: &str, expected: &[(&str, &str)]) {
    ramp("onramp other from metronome", config, expected);
}

/// A websocket offramp's config stands behind its url.
#[track_caller]
fn ws(config: &str, expected: &[(&str, &str)]) {
    ramp("offramp other from ws", &format!("url = \"ws://h/\", {config}"), expected);
}

/// A log's config stands alone on line 8.
#[track_caller]
fn wal(config: &str, expected: &[(&str, &str)]) {
    let query = format!(
        "define qos::wal operator wal with\n{config}\nend;
        create operator wal; select event from in into wal; select event from wal into out;"
    );
    warnings(&flow("", &query), expected);
}

#[test]
fn a_value_in_another_unit() {
    let days = "`interval` is in milliseconds, and 1000000000 are 11 days\n\
                help: write 1000 if nanoseconds are meant, or 1000000 if microseconds are meant";
    metronome("interval = 1000000000", &[("5:11", days)]);
    metronome("interval = 86400000", &[]);
    let seconds =
        "`keepalive` is in milliseconds, and 30 are hardly meant\nhelp: write 30000 if seconds are meant";
    ws("keepalive = 30", &[("5:29", seconds)]);
    ws("ack_timeout = 5000000", &[("5:31", "an hour\nhelp: write 5000 if microseconds are meant")]);
    ws("keepalive = 100, ack_timeout = 50, connect_timeout = 3600000", &[]);
    let bytes = "`max_bytes` is in bytes, and 10 are hardly meant\n\
                 help: write 10240 if KiB are meant, or 10485760 if MiB are meant";
    wal("read_count = 1, max_bytes = 10", &[("8:28", bytes)]);
    wal("read_count = 1, max_bytes = 1000", &[]);
    // 0 has a meaning of its own
    ramp("offramp other from blackhole", "delay = 0, fail_every = 0, capacity = 0", &[]);
}

#[test]
fn a_value_out_of_range_in_another_unit_is_an_error_with_that_help() {
    let definition = "define onramp other from metronome with\ninterval = 60000000000\nend;";
    let text =
        "`interval` must be at most 31536000000, not 60000000000\nhelp: write 60000 if nanoseconds are";
    errors(&flow(definition, "select event from in into out;"), &[("5:11", text)]);
}

#[test]
fn a_text_with_a_unit_is_told_in_the_unit_of_the_key() {
    let check = |kind: &str, config: &str, place: &str, help: &str| {
        let definition = format!("define {kind} with\n{config}\nend;");
        errors(&flow(&definition, "select event from in into out;"), &[(place, help)]);
    };
    let interval = |text: &str, help: &str| {
        check("onramp other from metronome", &format!("interval = \"{text}\""), "5:11", help);
    };
    interval("1s", "must be an integer, not \"1s\"\nhelp: write 1000: `interval` is in milliseconds");
    interval("1.5 s", "help: write 1500:");
    interval("2 Minutes", "help: write 120000:");
    interval("1_000ms", "help: write 1000:");
    interval("1 fortnight", "help: give an integer from 1");
    interval("0.1ms", "help: give an integer from 1");
    let bytes = |text: &str, help: &str| {
        check("offramp other from stdout", &format!("window_bytes = \"{text}\""), "5:15", help);
    };
    bytes("10MB", "help: write 10000000: `window_bytes` is in bytes");
    bytes("10 MiB", "help: write 10485760: `window_bytes` is in bytes");
    check(
        "offramp other from stdout",
        "window_events = 10 / 2",
        "5:16",
        "help: write 5, which is an integer",
    );
}

#[test]
fn more_than_another_key_allows() {
    let text = "`read_count` = 20 is more than `max_elements` = 10\n\
                help: more has no use: write 10 or less, or a greater `max_elements`";
    wal("read_count = 20, max_elements = 10", &[("8:13", text)]);
    wal("max_elements = 10, read_count = 20", &[("8:32", text)]);
    wal("read_count = 10, max_elements = 10", &[]);
    wal("read_count = 20, max_bytes = 1000", &[]);
    ws(
        "backoff_min = 5000, backoff_max = 100",
        &[("5:31", "`backoff_min` = 5000 is more than `backoff_max` = 100")],
    );
    ws("backoff_min = 20000", &[("5:31", "`backoff_min` = 20000 is more than `backoff_max` = 10000")]);
}

#[test]
fn a_secret_in_the_flow() {
    let bearer = "`bearer` is a secret, and here everybody sees it who has the source\n\
                  help: leave it to the environment: write `env(\"BEARER\")`, and set that variable at start";
    ws("bearer = \"abc\"", &[("5:26", bearer)]);
    ws("basic = \"a:b\"", &[("5:25", "write `env(\"BASIC\")`")]);
    ws("bearer = env(\"TOKEN\")", &[]);
    let header = "the header `X-Api-Key` is a secret, and here everybody sees it who has the source\n\
                  help: leave it to the environment: write `env(\"X_API_KEY\")`";
    ws("headers = {\"X-Room\": \"a\", \"X-Api-Key\": \"b\"}", &[("5:56", header)]);
    ws("headers = {\"authorization\": env(\"A\")}", &[]);
    let url = |url: &str, expected: &[(&str, &str)]| {
        ramp("offramp other from ws", &format!("url = \"{url}\""), expected);
    };
    let parameter = "the parameter `access_token` of `url` is a secret";
    url("ws://h/?room=1&access_token=abc", &[("5:6", parameter)]);
    url("ws://h/?room=1&access_token=", &[]);
    url("ws://h/?monkey=1", &[]);
    ws("#[allow(secret_in_the_flow)] bearer = \"abc\"", &[]);
}

/// A flow with three websocket servers behind a log of `limit` events; `windows` stands in the config of the first.
fn three_servers(log: &str, windows: &str, urls: [&str; 3]) -> String {
    let [a, b, c] = urls;
    format!(
        "pub flow Test;
define onramp metronome from metronome with interval = 1 end;
define offramp ws0 from ws with url = \"{a}\"{windows} end;
define offramp ws1 from ws with url = \"{b}\" end;
define offramp ws2 from ws with url = \"{c}\" end;
define pipeline shared
define qos::wal operator wal with read_count = 1,
{log} end;
define qos::roundrobin operator rr with outputs = [\"ws0\", \"ws1\", \"ws2\"] end;
create operator wal; create operator rr;
select event from in into wal; select event from wal into rr;
select event from rr/ws0 into out/ws0; select event from rr/ws1 into out/ws1; select event from rr/ws2 into out/ws2;
end;
define binding main links
/onramp/metronome/01/out => /pipeline/shared/01/in,
/pipeline/shared/01/ws0 => /offramp/ws0/01/in,
/pipeline/shared/01/ws1 => /offramp/ws1/01/in,
/pipeline/shared/01/ws2 => /offramp/ws2/01/in
end;
create binding /binding/main/01;"
    )
}

const URLS: [&str; 3] = ["ws://localhost:1/", "ws://localhost:2/", "ws://localhost:3/"];

#[test]
fn a_log_smaller_than_the_windows_behind_it() {
    let check = |log: &str, windows: &str, expected: &[(&str, &str)]| {
        warnings(&three_servers(log, windows, URLS), expected);
    };
    check("max_elements = 1000", "", &[]);
    // None holds it all, and two of them do.
    let unwritten = "keeps 500 events at most, and the windows of the sinks behind it hold 768: `ws0` 256";
    check("max_elements = 500", "", &[("8:15", unwritten)]);
    check("max_elements = 768", "", &[]);
    let text = "`wal` keeps 100 events at most, and the windows of the sinks behind it hold 768: `ws0` 256, `ws1` 256, \
                `ws2` 256\nhelp: sinks that do not answer can hold the whole log: write a greater `max_elements`, or \
                a smaller `window_events`";
    check("max_elements = 100", "", &[("8:15", text)]);
    let written = "keeps 1000 events at most, and the windows of the sinks behind it hold 1512: `ws0` 1000";
    check("max_elements = 1000", ", window_events = 1000", &[("8:15", written)]);
    check("max_elements = 2000", ", window_events = 1000", &[]);
    check("max_bytes = 100000", ", window_events = 1000", &[]);
    check("#[allow(log_smaller_than_windows)] max_elements = 100", "", &[]);
    // One sink alone keeps nobody waiting.
    wal("read_count = 1, max_elements = 1", &[]);
}

#[test]
fn each_instance_of_a_sink_has_a_window() {
    let check = |links: &str, expected: &[(&str, &str)]| {
        let text = three_servers("max_elements = 500", "", URLS);
        let ws0 = "/pipeline/shared/01/ws0 => /offramp/ws0/01/in";
        let others = ["ws1", "ws2"].map(|ws| format!("/pipeline/shared/01/{ws} => /offramp/{ws}/01/in"));
        let text = others.iter().fold(text.replace(ws0, links), |text, other| {
            text.replace(
                other.as_str(),
                &other.replace("ws1/01/in", "ws0/01/in").replace("ws2/01/in", "ws0/01/in"),
            )
        });
        warnings(&text.replace("define offramp ws", "#[allow(unused_artefact)] define offramp ws"), expected);
    };
    check("/pipeline/shared/01/ws0 => /offramp/ws0/01/in", &[]);
    let twice =
        "`wal` keeps 500 events at most, and the windows of the sinks behind it hold 512: `ws0` 2 times 256";
    check("/pipeline/shared/01/ws0 => /offramp/ws0/02/in", &[("8:15", twice)]);
}

#[test]
fn two_offramps_with_one_url() {
    let check = |urls: [&str; 3], expected: &[(&str, &str)]| {
        warnings(&three_servers("max_elements = 1000", "", urls), expected);
    };
    let text = "`url` is that of `offramp.ws0` too: one server gets the events of both\n\
                help: give each its own server, or use one offramp for both\nnote: `ws0` has it at line 3";
    check(["ws://h:1/a", "ws://h:2/a", "ws://h:1/a"], &[("5:38", text)]);
    check(["ws://H", "ws://h:80/", "ws://i"], &[("4:38", text)]);
    check(["ws://h", "wss://h", "ws://h/b"], &[]);
}

#[test]
fn what_events_never_have_is_asked_for() {
    let check = |condition: &str, expected: &[(&str, &str)]| {
        warnings(&flow("", &format!("select event from in where\n{condition} into out;")), expected);
    };
    let text = "this is always false: no event has a field `idd` here\nhelp: did you mean `id`?";
    check("present event.idd", &[("8:0", text)]);
    check("absent event[\"x\"]", &[("8:0", "this is always true: no event has a field `x` here")]);
    check("present event.id.x", &[("8:0", "this is always false: what it looks into is an integer")]);
    check("present event.id", &[]);
    let of_constants = "const has = {\"a\": true}; select event from in where present has.b into out;";
    warnings(&flow("", of_constants), &[]);
    let open = "pub pipeline P; select event from in where present event.x into out;";
    warnings(open, &[]);
}

#[test]
fn what_is_never_equal() {
    let check = |condition: &str, expected: &[(&str, &str)]| {
        warnings(&flow("", &format!("select event from in where\n{condition} into out;")), expected);
    };
    let text = "this is always false: an integer never equals a string\nhelp: write 3, without quotes";
    check("event.id == \"3\"", &[("8:0", text)]);
    check("event.onramp != event.id", &[("8:0", "this is always true: a string never equals an integer")]);
    check("event.id == 3.0", &[]);
    check("event.id == null", &[]);
    check("event == {\"id\": 3}", &[]);
    check("event.onramp == string::into_binary(\"metronome\")", &[]);
}
