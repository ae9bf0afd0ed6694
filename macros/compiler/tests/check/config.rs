//! Rules on configs: each wrong one, where the error stands, and what it says.

use crate::{errors, flow};

/// The errors of an onramp's config, which stands alone on line 5.
#[track_caller]
fn metronome(config: &str, expected: &[(&str, &str)]) {
    let definition = format!("define onramp other from metronome with\n{config}\nend;");
    errors(&flow(&definition, "select event from in into out;"), expected);
}

/// The errors of a log's config, which stands alone on line 8.
#[track_caller]
fn wal(config: &str, expected: &[(&str, &str)]) {
    let query = format!(
        "define qos::wal operator wal with\n{config}\nend;
        create operator wal; select event from in into wal; select event from wal into out;"
    );
    errors(&flow("", &query), expected);
}

#[test]
fn unknown_key() {
    metronome("interval = 1, intervall = 2", &[("5:14", "there is no key `intervall`")]);
    wal("read_count = 1, max_element = 1, max_bytes = 1", &[("8:16", "there is no key `max_element`")]);
}

#[test]
fn key_given_twice() {
    metronome("interval = 1, interval = 2", &[("5:14", "`interval` is given twice")]);
}

#[test]
fn wrong_type() {
    metronome("interval = \"1\"", &[("5:11", "`interval` must be an integer, not \"1\"")]);
    metronome("interval = 1.5", &[("5:11", "`interval` must be an integer, not 1.5")]);
    metronome("interval = null", &[("5:11", "not null")]);
    metronome("interval = [1]", &[("5:11", "not a list")]);
    metronome(
        "codec = core::string::into_binary(\"json\"), interval = 1",
        &[("5:8", "must be a string, not a binary")],
    );
}

#[test]
fn out_of_range() {
    metronome("interval = 0", &[("5:11", "`interval` must be at least 1")]);
    metronome("interval = -1", &[("5:11", "must be at least 1, not -1")]);
    wal("read_count = 1, max_elements = 0", &[("8:31", "`max_elements` must be at least 1")]);
}

#[test]
fn missing_key() {
    metronome("codec = \"json\"", &[("4:14", "`interval` is missing")]);
    wal("max_elements = 1", &[("7:25", "`read_count` is missing")]);
}

#[test]
fn one_of_several_keys_is_needed() {
    wal("read_count = 1", &[("7:25", "neither `max_elements` nor `max_bytes` is set")]);
}

/// The errors of a blaster's config, which stands alone on line 5.
#[track_caller]
fn blaster(config: &str, expected: &[(&str, &str)]) {
    let definition = format!("define onramp other from blaster with\n{config}\nend;");
    errors(&flow(&definition, "select event from in into out;"), expected);
}

#[test]
fn exactly_one_of_two_keys() {
    blaster("source = \"a\"", &[]);
    blaster("lines = [\"a\", \"a\"], rate = 5", &[]);
    blaster("rate = 5", &[("4:14", "neither `source` nor `lines` is set\nhelp: set one of them")]);
    let both = "`lines` does not go with `source`\nhelp: remove one of the two";
    blaster("source = \"a\", lines = [\"a\"]", &[("5:14", both)]);
    blaster("sourc = \"a\"", &[("5:0", "there is no key `sourc`")]);
    blaster("source = \"a\", source = \"b\"", &[("5:14", "`source` is given twice")]);
}

#[test]
fn lines_are_strings_that_are_not_empty() {
    blaster("lines = []", &[("5:8", "`lines` is an empty list")]);
    blaster("lines = \"a\"", &[("5:8", "`lines` must be a list of strings, not \"a\"")]);
    blaster("lines = [\"a\", \"\"]", &[("5:14", "`lines` has an empty line in it")]);
    blaster("lines = [\"a\", 1]", &[("5:14", "`lines` must be a list of strings, but has 1 in it")]);
}

#[test]
fn a_key_of_the_original_names_the_one_that_is_here() {
    let rate = "there is no key `interval` here, but `rate`\nhelp: write `rate`, how many events per second it makes";
    blaster("source = \"a\", interval = 5", &[("5:14", rate)]);
}

/// What could not be parsed of a config hides nothing of its other entries.
#[test]
fn an_entry_that_cannot_be_parsed_is_one_error() {
    let unknown = |at| (at, "there is no key `nope`");
    metronome("interval =, nope = 1", &[("5:10", "expected an expression, found `,`"), unknown("5:12")]);
    metronome("interval = merge 1, nope = 1", &[("5:18", "expected `of`, found `,`")]);
    metronome("interval = [1 2], nope = 1", &[("5:14", "expected `,` or `]`"), unknown("5:18")]);
    metronome("5 = 1, nope = 1", &[("5:0", "expected a key or `end`"), unknown("5:7")]);
    let equals = "expected `=`, found `:`\nhelp: write `interval = …`";
    metronome("interval: 0, nope = 1", &[("5:8", equals), ("5:10", "must be at least 1"), unknown("5:13")]);
    metronome("interval 0", &[("5:9", "expected `=`, found `0`"), ("5:9", "must be at least 1")]);
    let comma = "found `nope`\nhelp: `,` stands between the entries";
    metronome("interval = 1 nope = 1", &[("5:13", comma), unknown("5:13")]);
    metronome("interval = 1; nope = 1", &[("5:12", "expected `,` or `end`, found `;`"), unknown("5:14")]);
    metronome(
        "interval = 1;",
        &[("5:12", "expected `,` or `end`, found `;`\nhelp: `with …` ends with `end`")],
    );
    wal("read_count: 1", &[("7:25", "neither"), ("8:10", "expected `=`, found `:`")]);
    wal(
        "read_count 1 max_elements 0",
        &[("8:11", "expected `=`, found `1`"), ("8:13", "expected `,` or `end`, found `max_elements`")],
    );
}

/// A key of another name in place of one that is missing is one mistake.
#[test]
fn a_strange_key_in_place_of_a_missing_one_is_one_error() {
    let ramp = |kind: &str, config: &str, expected: &[(&str, &str)]| {
        let definition = format!("define {kind} with\n{config}\nend;");
        errors(&flow(&definition, "select event from in into out;"), expected);
    };
    let meant = "there is no key `path`\nhelp: did you mean `source`, which is missing? Legal keys: `source`";
    ramp("onramp other from file", "path = \"x\"", &[("5:0", meant)]);
    ramp("onramp other from blaster", "file = \"x\"", &[("5:0", "did you mean `source`, which is missing?")]);
    ramp(
        "offramp other from ws",
        "address = \"ws://h\"",
        &[("5:0", "did you mean `url`, which is missing?")],
    );
    let both = "did you mean `max_elements` or `max_bytes`, which is missing?";
    wal("read_count = 1, size = 1000", &[("8:16", both)]);
    // What is of another type, or one of several, stands for nothing.
    ramp(
        "offramp other from ws",
        "address = 5",
        &[("4:15", "`url` is missing"), ("5:0", "no key `address`")],
    );
    let two = [("4:14", "`interval` is missing"), ("5:0", "no key `every`"), ("5:11", "no key `after`")];
    metronome("every = 1, after = 2", &two);
}

#[test]
fn an_empty_path_is_no_files() {
    let definition = "define offramp other from file with file =\n\"\" end;";
    let text = "`file` is empty\nhelp: give the path of a file";
    errors(&flow(definition, "select event from in into out;"), &[("5:0", text)]);
}

#[test]
fn url_scheme() {
    let check = |url: &str, expected: &[(&str, &str)]| {
        let definition = format!("define offramp ws from ws with url =\n{url} end;");
        errors(&flow(&definition, "select event from in into out;"), expected);
    };
    check("\"ws://localhost:8080/\"", &[]);
    check("\"wss://localhost/\"", &[]);
    check("env(\"URL\")", &[]);
    check("\"ws://a:b@localhost/\"", &[("5:0", "`url` has a user name in it (`…@`), which `basic` is for")]);
    let meant = "`url` cannot have the scheme `http`\nhelp: did you mean `ws`?";
    check("\"http://localhost:8080/\"", &[("5:0", meant)]);
    let whole = "must be a URL with a scheme, not `localhost:8080`\nhelp: write `ws://localhost:8080`";
    check("\"localhost:8080\"", &[("5:0", whole)]);
    check("\"localhost:x\"", &[("5:0", "help: write a URL such as `ws://host:port/path`")]);
    let env = "as the whole value of a key or of a header\nhelp: put the whole text into the variable";
    check("\"ws://\" + env(\"HOST\")", &[("5:10", env)]);
}

#[test]
fn file_is_read_and_emptied() {
    let check = |onramp: &str, offramp: &str, expected: &[(&str, &str)]| {
        let definitions = format!(
            "define onramp other from {onramp} end; define offramp copy from file with file =\n{offramp} end;"
        );
        errors(&flow(&definitions, "select event from in into out;"), expected);
    };
    let text = "`file` is the file that `onramp.other` reads: it would be emptied before anything is read\n\
                help: write to another file\nnote: it is read at line 4";
    check("file with source = \"a.json\"", "\"a.json\"", &[("5:0", text)]);
    check("file with source = \"./a.json\"", "\"a.json\"", &[("5:0", text)]);
    check("blaster with source = \"x//y/a.json\"", "\"x/./y/a\" + \".json\"", &[("5:0", text)]);
    check("file with source = \"a.json\"", "\"b.json\"", &[]);
    check("file with source = \"a.json\"", "\"/a.json\"", &[]);
    check("blaster with lines = [\"a.json\"]", "\"a.json\"", &[]);
    check("file with source = env(\"A\")", "env(\"A\")", &[]);
    // What has nothing to lose.
    check("file with source = \"/dev/null\"", "\"/dev/null\"", &[]);
}

#[test]
fn key_without_use() {
    let check = |config: &str, expected: &[(&str, &str)]| {
        let definition = format!("define offramp ws from ws with\n{config} end;");
        errors(&flow(&definition, "select event from in into out;"), expected);
    };
    let text = "`ca_file` is used with `wss://` only, and `url` begins with `ws://`\n\
                help: leave `ca_file` away (or empty), or write `wss://`";
    check("url = \"ws://localhost/\", ca_file = \"ca.pem\"", &[("5:35", text)]);
    check("ca_file = \"ca.pem\", url = \"WS://localhost/\"", &[("5:10", text)]);
    // That may be empty.
    check("url = \"ws://localhost/\", ca_file = env(\"CA\")", &[]);
    check("url = \"wss://localhost/\", ca_file = \"ca.pem\"", &[]);
    check("url = \"ws://localhost/\", ca_file = \"\"", &[]);
    check("url = env(\"URL\"), ca_file = \"ca.pem\"", &[]);
    check("url = \"http://localhost/\", ca_file = \"ca.pem\"", &[("5:6", "cannot have the scheme `http`")]);
}

/// The errors of a websocket offramp's config, which stands alone on line 5 behind its url.
#[track_caller]
fn ws(config: &str, expected: &[(&str, &str)]) {
    let definition = format!("define offramp ws from ws with url = \"wss://h\",\n{config}\nend;");
    errors(&flow(&definition, "select event from in into out;"), expected);
}

#[test]
fn values_from_the_environment() {
    ws("bearer = env(\"TOKEN\")", &[]);
    ws("ca_file = env(\"A\" + \"_B\"), headers = {\"X\": env(\"X\"), \"Y\": \"y\"}", &[]);
    let argument = "`env` takes the name of an environment variable\nhelp: write it as in `env(\"TOKEN\")`";
    ws("bearer = env()", &[("5:9", argument)]);
    ws("bearer = env(5)", &[("5:9", argument)]);
    ws("bearer = env(\"A\", \"B\")", &[("5:9", argument)]);
    ws("bearer = env(abc)", &[("5:13", "there is no name `abc`")]);
    ws("bearer = env(core::system::hostname())", &[("5:9", argument)]);
    ws("bearer = env(\"\")", &[("5:9", "`env(\"\")` names no environment variable")]);
    ws(
        "window_events = env(\"N\")",
        &[("5:16", "`window_events` must be an integer, not `env(\"N\")`, which")],
    );
    ws(
        "codec = env(\"C\")",
        &[("5:8", "`codec` is part of the flow's structure and cannot be `env(\"C\")`")],
    );
    ws("headers = env(\"H\")", &[("5:10", "`headers` must be a record, not `env(\"H\")`")]);
    ws("headers = {\"A\": env(\"\")}", &[("5:16", "`env(\"\")` names no environment variable")]);
    metronome("interval = env(\"I\")", &[("5:11", "`interval` must be an integer, not `env(\"I\")`")]);
    wal("read_count = env(\"R\"), max_elements = 1", &[("8:13", "`read_count` must be an integer")]);
}

#[test]
fn a_value_comes_from_the_environment_as_a_whole() {
    let whole = "`env` is possible in a config only, as the whole value of a key or of a header";
    ws("bearer = \"x\" + env(\"TOKEN\")", &[("5:15", whole)]);
    ws("bearer = \"#{env(\\\"TOKEN\\\")}\"", &[("5:9", whole)]);
    ws("headers = {\"A\": [env(\"TOKEN\")]}", &[("5:17", whole)]);
    errors(&flow("", "select env(\"TOKEN\") from in into out;"), &[("7:7", whole)]);
}

#[test]
fn headers() {
    ws("headers = {\"X-A\": \"a\", \"X-B\": \"b\" + \"c\"}", &[]);
    ws("headers = {}", &[]);
    ws("headers = merge {\"A\": \"a\"} of {\"B\": \"b\"} end", &[]);
    ws(
        "headers = merge {\"A\": \"a\"} of {\"B\": 1} end",
        &[("5:10", "the header `B` must be a string, not an")],
    );
    ws("headers = \"X-A: a\"", &[("5:10", "`headers` must be a record of strings, not a string")]);
    ws("headers = {\"X A\": \"a\"}", &[("5:11", "`X A` is no name of a header")]);
    ws("headers = {\"A\": \"a\", \"Host\": \"a\"}", &[("5:21", "cannot have `Host`: the handshake sets it")]);
    ws("headers = {\"A\": \"a\", \"a\": \"b\"}", &[("5:21", "`a` is in `headers` twice")]);
    ws("headers = {\"A\": \"a\", \"A\": \"b\"}", &[("5:21", "`A` is in `headers` twice")]);
    ws("headers = {\"A\": 5}", &[("5:16", "the header `A` must be a string, not an integer")]);
    ws("headers = {\"A\": \"a\\nb\"}", &[("5:16", "a character that no header can have")]);
    ws("headers = {\"#{1}\": \"a\"}", &[("5:11", "a name in a config is written out, not computed")]);
}

#[test]
fn who_we_are_is_said_once() {
    ws("bearer = \"a\", basic = \"b:c\"", &[("5:14", "`basic` and `bearer` set the same header")]);
    ws(
        "headers = {\"authorization\": \"a\"}, basic = env(\"B\")",
        &[("5:11", "`basic` sets the header `authorization` too")],
    );
    ws("basic = \"b\"", &[("5:8", "`basic` has no `:` between user and password")]);
    ws("bearer = \"a b\"", &[("5:9", "`bearer` has a character that it cannot have")]);
    ws("bearer = \"Bearer a\"", &[("5:9", "begins with `Bearer`, which the handshake adds itself")]);
}

#[test]
fn a_value_is_a_constant() {
    metronome("interval = 500 * 2", &[]);
    metronome("interval = core::string::len(\"ab\")", &[]);
    metronome("interval = event", &[("5:11", "there is no `event` here")]);
    metronome(
        "interval = core::system::nanotime()",
        &[("5:11", "the value of `interval` must be a constant")],
    );
    metronome("interval = 1 % 0", &[("5:11", "`%` by zero")]);
    metronome("interval = abc", &[("5:11", "there is no name `abc`")]);
}

#[test]
fn a_broken_value_does_not_make_its_key_missing() {
    wal("read_count = x, max_elements = y", &[("8:13", "there is no name"), ("8:31", "there is no name")]);
    wal("read_count = x, max_elements = 0", &[("8:13", "there is no name"), ("8:31", "0")]);
}

#[test]
fn outputs_of_a_round_robin() {
    let check = |outputs: &str, expected: &[(&str, &str)]| {
        let query = format!(
            "define qos::roundrobin operator rr with\noutputs = {outputs}\nend;
            create operator rr; select event from in into rr; select event from rr/a into out;"
        );
        errors(&flow("", &query), expected);
    };
    check("[\"a\"]", &[]);
    check("[\"a\", \"a\"]", &[("8:16", "`a` is in `outputs` twice")]);
    check("[\"a\", 7]", &[("8:16", "must be a list of strings")]);
    check("\"a\"", &[("8:10", "must be a list of strings")]);
    check("[]", &[("8:10", "`outputs` is an empty list")]);
    check("[\"a\", \"err\"]", &[("8:16", "`err` cannot be in `outputs`: that name is taken")]);
    check("env(\"X\")", &[("8:10", "the names of outputs cannot be computed")]);
}

#[test]
fn a_definition_that_nothing_creates_is_checked() {
    let query = "define qos::wal operator unused with read_count =\n0, max_elements = 1 end;
        select event from in into out;";
    errors(&flow("", query), &[("8:0", "`read_count` must be at least 1")]);
}
