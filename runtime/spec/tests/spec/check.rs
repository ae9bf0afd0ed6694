//! Configs against their rows: each mistake, each with its words.

use foreshock_spec::{Given, Problem, Value, check_config, find_offramp, find_onramp, find_operator};

/// The mistakes of a config, each as `entry: text / help`. `config` is a JSON record, whose keys may repeat: it is given
/// as pairs.
fn mistakes(row: &str, config: &[(&str, &str)]) -> Vec<String> {
    let entries: Vec<(String, Value)> = config
        .iter()
        .map(|(key, json)| {
            ((*key).to_owned(), Value::parse(json.as_bytes()).unwrap_or_else(|e| panic!("{json}: {e}")))
        })
        .collect();
    told(&check(row, &entries))
}

fn check(row: &str, entries: &[(String, Value)]) -> Vec<Problem> {
    let entries: Vec<(String, Given)> =
        entries.iter().map(|(key, value)| (key.clone(), Given::from(value.clone()))).collect();
    let entries = entries.as_slice();
    if let Some(row) = find_operator(row) {
        return check_config(row.keys, row.one_of, entries);
    }
    let keys = find_onramp(row).map(|row| row.keys).or(find_offramp(row).map(|row| row.keys));
    check_config(keys.unwrap_or_else(|| panic!("no row {row}")), &[], entries)
}

fn told(problems: &[Problem]) -> Vec<String> {
    let one = |problem: &Problem| {
        let place = problem.key.map_or(String::from("-"), |key| key.to_string());
        format!("{place}: {} / {}", problem.text, problem.help.as_deref().unwrap_or("-"))
    };
    problems.iter().map(one).collect()
}

#[track_caller]
fn check_all(row: &str, config: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(mistakes(row, config), expected, "{row} with {config:?}");
}

/// A `ws` with a good URL and this key beside it.
#[track_caller]
fn check_ws(key: &str, json: &str, expected: &[&str]) {
    check_all("ws", &[("url", "\"ws://localhost/\""), (key, json)], expected);
}

const METRONOME_KEYS: &str = "`interval`, `max_event_bytes`, `codec`, `description`";

#[test]
fn the_configs_of_the_founding_flow_are_right() {
    check_all("metronome", &[("interval", "1000")], &[]);
    check_all("ws", &[("url", "\"ws://localhost:8080/\"")], &[]);
    check_all("qos::wal", &[("read_count", "20"), ("max_elements", "1000"), ("max_bytes", "10485760")], &[]);
    check_all("qos::roundrobin", &[("outputs", r#"["ws0","ws1","ws2"]"#)], &[]);
}

#[test]
fn what_may_be_left_out_may_be_left_out() {
    check_all("qos::wal", &[("read_count", "20"), ("max_bytes", "1")], &[]);
    check_all("qos::roundrobin", &[], &[]);
    check_all("blackhole", &[], &[]);
    check_all("blackhole", &[("delay", "0"), ("fail_every", "0"), ("capacity", "0")], &[]);
}

#[test]
fn description_and_the_json_codec_pass_everywhere() {
    for (row, needed) in [
        ("metronome", &[("interval", "1")][..]),
        ("ws", &[("url", "\"ws://h\"")]),
        ("blackhole", &[]),
        ("qos::wal", &[("read_count", "1"), ("max_bytes", "1")]),
        ("qos::roundrobin", &[]),
    ] {
        let with = |key, json| -> Vec<(&str, &str)> { needed.iter().copied().chain([(key, json)]).collect() };
        check_all(row, &with("description", "\"what it is for\""), &[]);
        if !row.starts_with("qos") {
            check_all(row, &with("codec", "\"json\""), &[]);
        }
    }
}

#[test]
fn an_unknown_key_is_answered_with_the_near_and_all_legal_ones() {
    check_all(
        "metronome",
        &[("interval", "1"), ("codex", "\"json\"")],
        &[&format!("1: there is no key `codex` / did you mean `codec`? Legal keys: {METRONOME_KEYS}")],
    );
    check_all(
        "metronome",
        &[("interval", "1"), ("colour", "1")],
        &[&format!("1: there is no key `colour` / legal keys: {METRONOME_KEYS}")],
    );
}

#[test]
fn a_slip_in_a_required_key_is_one_mistake() {
    check_all(
        "metronome",
        &[("intervall", "1000")],
        &[&format!("0: there is no key `intervall` / did you mean `interval`? Legal keys: {METRONOME_KEYS}")],
    );
    let keys = "`read_count`, `max_elements`, `max_bytes`, `dir`, `sync`, `sync_interval`, `description`";
    check_all(
        "qos::wal",
        &[("read_count", "1"), ("max_element", "1")],
        &[&format!("1: there is no key `max_element` / did you mean `max_elements`? Legal keys: {keys}")],
    );
}

#[test]
fn a_missing_key_is_told_with_what_it_takes() {
    check_all(
        "metronome",
        &[],
        &["-: `interval` is missing / \
           add `interval`, an integer from 1 to 31536000000 (ms): the time from one event to the next"],
    );
    check_all(
        "ws",
        &[],
        &[
            "-: `url` is missing / add `url`, a URL such as `ws://host:port/path` or `wss://host:port/path`: the server to connect to",
        ],
    );
}

#[test]
fn a_log_needs_one_of_its_limits() {
    check_all(
        "qos::wal",
        &[("read_count", "1")],
        &["-: neither `max_elements` nor `max_bytes` is set / set at least one of them"],
    );
}

#[test]
fn all_mistakes_are_told_at_once_in_their_order() {
    let mistakes = mistakes("qos::wal", &[("colour", "1"), ("description", "1")]);
    let starts: Vec<&str> = mistakes.iter().map(|text| text.split(" / ").next().unwrap()).collect();
    assert_eq!(
        starts,
        [
            "0: there is no key `colour`",
            "1: `description` must be a string, not 1",
            "-: `read_count` is missing",
            "-: neither `max_elements` nor `max_bytes` is set",
        ]
    );
}

#[test]
fn a_key_given_twice_points_at_both() {
    let entries = [("interval".to_owned(), Value::from(1)), ("interval".to_owned(), Value::from(2))];
    let problems = check("metronome", &entries);
    assert_eq!(told(&problems), ["1: `interval` is given twice / remove one of the two"]);
    assert_eq!(problems[0].also, Some(0));
}

#[test]
fn a_limit_of_nothing_is_refused() {
    check_all(
        "qos::wal",
        &[("read_count", "0"), ("max_elements", "0"), ("max_bytes", "0")],
        &[
            "0: `read_count` must be at least 1, not 0 / give an integer from 1 to 4294967295 (events)",
            "1: `max_elements` must be at least 1, not 0 / give an integer from 1 to 2147483648 (events)",
            "2: `max_bytes` must be at least 1, not 0 / give an integer from 1 to 9223372036854775807 (bytes)",
        ],
    );
    check_all("qos::wal", &[("read_count", "1"), ("max_elements", "2147483648")], &[]);
    check_all(
        "qos::wal",
        &[("read_count", "1"), ("max_elements", "2147483649")],
        &[
            "1: `max_elements` must be at most 2147483648, not 2147483649 / give an integer from 1 to 2147483648 (events)",
        ],
    );
    check_all(
        "metronome",
        &[("interval", "0")],
        &["0: `interval` must be at least 1, not 0 / give an integer from 1 to 31536000000 (ms)"],
    );
}

#[test]
fn a_number_out_of_range_is_refused() {
    check_all(
        "metronome",
        &[("interval", "-5")],
        &["0: `interval` must be at least 1, not -5 / give an integer from 1 to 31536000000 (ms)"],
    );
    check_all(
        "metronome",
        &[("interval", "18446744073709551615")],
        &["0: `interval` must be at most 31536000000, not 18446744073709551615 / \
           give an integer from 1 to 31536000000 (ms)"],
    );
    check_ws(
        "max_frame_bytes",
        "124",
        &["1: `max_frame_bytes` must be at least 125, not 124 / \
           give an integer from 125 to 9223372036854775807 (bytes)"],
    );
}

#[test]
fn a_value_of_a_wrong_type_is_shown() {
    let check_interval =
        |json: &str, expected: &str| check_all("metronome", &[("interval", json)], &[expected]);
    check_interval("\"1000\"", "0: `interval` must be an integer, not \"1000\" / write 1000, without quotes");
    let give = "give an integer from 1 to 31536000000 (ms)";
    let second = "write 1000: `interval` is in milliseconds";
    check_interval("\"1s\"", &format!("0: `interval` must be an integer, not \"1s\" / {second}"));
    let whole = "write 1000, which is an integer (`/` always gives a float)";
    check_interval("1000.0", &format!("0: `interval` must be an integer, not 1000.0 / {whole}"));
    check_interval("1000.5", &format!("0: `interval` must be an integer, not 1000.5 / {give}"));
    check_interval("true", &format!("0: `interval` must be an integer, not true / {give}"));
    check_interval("null", &format!("0: `interval` must be an integer, not null / {give}"));
    check_interval("[1000]", &format!("0: `interval` must be an integer, not a list / {give}"));
    let long = format!("\"{}\"", "x".repeat(1000));
    check_interval(&long, &format!("0: `interval` must be an integer, not a string / {give}"));
    check_ws("ack", "true", &["1: `ack` must be a string, not true / give one of `received`, `written`"]);
    check_all(
        "ws",
        &[("url", "8080")],
        &[
            "0: `url` must be a string, not 8080 / give a URL such as `ws://host:port/path` or `wss://host:port/path`",
        ],
    );
}

#[test]
fn a_value_that_is_no_choice_is_answered_with_the_choices() {
    check_ws("ack", "\"received\"", &[]);
    check_ws("ack", "\"written\"", &[]);
    check_ws(
        "ack",
        "\"recieved\"",
        &["1: `ack` cannot be `recieved` / did you mean `received`? Legal values: `received`, `written`"],
    );
    check_ws("ack", "\"never\"", &["1: `ack` cannot be `never` / legal values: `received`, `written`"]);
    check_ws(
        "codec",
        "\"jsno\"",
        &["1: `codec` cannot be `jsno` / did you mean `json`? Legal codecs: `json`"],
    );
}

#[test]
fn outputs_are_distinct_names() {
    let give = "give a list of distinct names, such as [\"a\", \"b\"]";
    let check = |json: &str, expected: &str| check_all("qos::roundrobin", &[("outputs", json)], &[expected]);
    check("[]", &format!("0: `outputs` is an empty list / {give}"));
    check(r#"["a","b","a"]"#, "0: `a` is in `outputs` twice / remove one of the two");
    check(r#"["a",""]"#, "0: `outputs` has an empty name in it / give it a name, or remove it");
    check(r#"["a",5]"#, &format!("0: `outputs` must be a list of strings, but has 5 in it / {give}"));
    check(
        r#"["overflow"]"#,
        "0: `overflow` cannot be in `outputs`: that name is taken / choose another name",
    );
    check(r#"["err"]"#, "0: `err` cannot be in `outputs`: that name is taken / choose another name");
    check("\"ws0\"", &format!("0: `outputs` must be a list of strings, not \"ws0\" / {give}"));
}

#[test]
fn the_item_that_is_wrong_is_named() {
    let outputs = Value::parse(br#"["a","b","a"]"#).unwrap();
    let problems = check("qos::roundrobin", &[("outputs".to_owned(), outputs)]);
    assert_eq!((problems[0].key, problems[0].item), (Some(0), Some(2)));
}

#[test]
fn what_is_not_built_is_told_apart_from_slips() {
    check_all(
        "qos::wal",
        &[("read_count", "1"), ("max_bytes", "1"), ("flush_on_evnt", "true")],
        &["2: `flush_on_evnt` is not supported yet / remove it; legal keys: \
           `read_count`, `max_elements`, `max_bytes`, `dir`, `sync`, `sync_interval`, `description`"],
    );
    for key in ["postprocessors", "linked"] {
        let mistakes = mistakes("ws", &[("url", "\"ws://h\""), (key, "true")]);
        assert!(
            mistakes[0].starts_with(&format!("1: `{key}` is not supported yet / remove it")),
            "{mistakes:?}"
        );
        assert_eq!(mistakes.len(), 1);
    }
    check_ws(
        "ack",
        "\"processed\"",
        &["1: `ack` = `processed` is not supported yet / legal values: `received`, `written`"],
    );
    for (row, needed) in
        [("metronome", Some(("interval", "1"))), ("ws", Some(("url", "\"ws://h\""))), ("blackhole", None)]
    {
        let with_codec: Vec<_> = needed.into_iter().chain([("codec", "\"string\"")]).collect();
        let place = with_codec.len() - 1;
        let expected = format!("{place}: `codec` = `string` is not supported yet / legal codecs: `json`");
        check_all(row, &with_codec, &[&expected]);
    }
}

#[track_caller]
fn check_url(url: &str, expected: &str) {
    let json = Value::from(url).to_string();
    check_all("ws", &[("url", &json)], &[expected]);
}

#[test]
fn good_urls_pass() {
    for url in [
        "ws://localhost",
        "ws://localhost/",
        "ws://localhost:8080/",
        "ws://127.0.0.1:1/a/b?c=d",
        "ws://[::1]:65535/",
        "ws://[::1]/",
        "WS://example.com/",
        "wss://example.com/",
        "wss://[::1]:65535/a?b",
    ] {
        let json = Value::from(url).to_string();
        check_all("ws", &[("url", &json)], &[]);
    }
}

#[test]
fn a_scheme_that_does_not_fit_is_answered_with_the_legal_ones() {
    check_url(
        "http://h/",
        "0: `url` cannot have the scheme `http` / did you mean `ws`? Legal schemes: `ws`, `wss`",
    );
    check_url(
        "wz://h/",
        "0: `url` cannot have the scheme `wz` / did you mean `ws`? Legal schemes: `ws`, `wss`",
    );
    let write = "write a URL such as `ws://host:port/path` or `wss://host:port/path`";
    check_url(
        "localhost:8080",
        "0: `url` must be a URL with a scheme, not `localhost:8080` / write `ws://localhost:8080`",
    );
    check_url("", &format!("0: `url` is empty / {write}"));
    let meant = |url: &str, whole: &str| {
        check_url(url, &format!("0: `url` must be a URL with a scheme, not `{url}` / write `{whole}`"));
    };
    meant("ws:/localhost", "ws://localhost");
    meant("wss//localhost:8080", "wss://localhost:8080");
    meant("wss:localhost", "wss://localhost");
    meant("//localhost/", "ws://localhost/");
    meant(" ws.example.org", "ws://ws.example.org");
}

#[test]
fn what_is_wrong_with_the_host_of_a_url_is_told() {
    let write = "write a URL such as `ws://host:port/path` or `wss://host:port/path`";
    let check = |url: &str, flaw: &str| check_url(url, &format!("0: `url` {flaw} / {write}"));
    check("ws://", "is no URL: no host is named in `ws://`");
    check("ws:///events", "is no URL: no host is named in `ws:///events`");
    check("ws://h/a b", "is no URL: there is a space in `ws://h/a b`");
    check("ws://[::1:80/", "is no URL: a `[` is not closed in `ws://[::1:80/`");
    check("ws://h:1:2/", "is no URL: there is more than one `:` behind the host in `ws://h:1:2/`");
    check("ws://300.1.1.1:80/", "has a host of digits that is no address, in `300.1.1.1:80`");
    check("ws://*:80/", "has a host with `*` in it, `*:80`");
}

#[test]
fn a_url_with_a_variable_in_it_is_answered_with_env() {
    let env = |name: &str| {
        format!(
            "a whole URL that is in the environment at start is written `env(\"{name}\")`, without quotes around it"
        )
    };
    for url in ["$WS_URL", "${WS_URL}", "%WS_URL%", "env(WS_URL)", "{WS_URL}"] {
        let text = format!("0: `url` must be a URL with a scheme, not `{url}` / {}", env("WS_URL"));
        check_url(url, &text);
    }
    let text = "`url` is no URL: `ws://${HOST}:80/` names a variable, and nothing puts in its value";
    check_url("ws://${HOST}:80/", &format!("0: {text} / {}", env("HOST")));
}

#[test]
fn a_port_is_from_1_to_65535() {
    let write = "write a URL such as `ws://host:port/path` or `wss://host:port/path`";
    check_url("ws://h:0/", &format!("0: `url` has port 0, to which nothing can connect / {write}"));
    for port in ["65536", "99999999999", ""] {
        check_url(
            &format!("ws://h:{port}/"),
            &format!("0: `url` has the port `{port}`, but a port is a number from 1 to 65535 / {write}"),
        );
    }
}

#[test]
fn a_url_names_a_host_and_nothing_a_server_never_sees() {
    let write = "write a URL such as `ws://host:port/path` or `wss://host:port/path`";
    check_url("ws://h/#top", &format!("0: `url` has a fragment (`#…`), which a server never sees / {write}"));
    check_url(
        "ws://a:b@h/",
        &format!("0: `url` has a user name in it (`…@`), which `basic` is for / {write}"),
    );
    for url in ["ws://", "ws:///path", "ws://:8080/", "ws://h h/", "ws://[::1", "ws://h:80x/"] {
        let json = Value::from(url).to_string();
        let mistakes = mistakes("ws", &[("url", &json)]);
        assert_eq!(mistakes.len(), 1, "{url}");
        assert!(mistakes[0].ends_with(write), "{url}: {mistakes:?}");
    }
}

/// A `qos::wal` with these keys beside `read_count`.
#[track_caller]
fn check_log(config: &[(&str, &str)], expected: &[&str]) {
    let config: Vec<_> = [("read_count", "1")].into_iter().chain(config.iter().copied()).collect();
    check_all("qos::wal", &config, expected);
}

#[test]
fn a_log_on_disk_needs_no_limit_and_has_one() {
    check_log(&[("dir", "\"./wal\"")], &[]);
    check_log(&[("dir", "\"/var/lib/x\""), ("sync", "\"always\"")], &[]);
    check_log(&[("sync_interval", "1"), ("sync", "\"interval\""), ("dir", "\"wal\"")], &[]);
    let row = find_operator("qos::wal").expect("there is a log");
    let key = row.keys.iter().find(|key| key.name == "max_bytes").expect("it has limits");
    assert_eq!(key.among(|other| other == "dir").default, foreshock_spec::Literal::Int(1 << 30));
    assert_eq!(key.among(|_| false).default, foreshock_spec::Literal::None);
}

#[test]
fn a_directory_must_have_a_name() {
    let give = "give the path of a directory, such as \"./wal\"";
    check_log(&[("dir", "\"\"")], &[&format!("1: `dir` is empty / {give}")]);
    check_log(
        &[("dir", "\"a\\u0000\"")],
        &[&format!("1: `dir` has a character that no path can have / {give}")],
    );
    check_log(
        &[("dir", "7"), ("max_elements", "1")],
        &[&format!("1: `dir` must be a string, not 7 / {give}")],
    );
}

#[test]
fn files_have_a_least_limit() {
    let most = i64::MAX;
    let expected = format!(
        "1: `max_bytes` must be at least 16384, not 16383 / give an integer from 16384 to {most} (bytes), since `dir` is set"
    );
    check_log(&[("max_bytes", "16383"), ("dir", "\"x\"")], &[&expected]);
    check_log(&[("max_bytes", "16384"), ("dir", "\"x\"")], &[]);
    check_log(&[("max_bytes", "16383")], &[]);
    let wrong =
        format!("1: `max_bytes` must be at least 1, not 0 / give an integer from 1 to {most} (bytes)");
    check_log(&[("max_bytes", "0")], &[&wrong]);
}

#[test]
fn what_needs_another_key_says_which() {
    let sync = "2: `sync` needs `dir` / set `dir` too, or leave `sync` out";
    check_log(&[("max_elements", "1"), ("sync", "\"batch\"")], &[sync]);
    check_log(
        &[("max_elements", "1"), ("sync", "\"daily\"")],
        &["2: `sync` cannot be `daily` / legal values: `always`, `batch`, `interval`"],
    );
    let interval = "2: `sync_interval` needs `sync` = `interval` / set `sync` to `interval`, or leave `sync_interval` out";
    check_log(&[("dir", "\"x\""), ("sync_interval", "5")], &[interval]);
    check_log(&[("dir", "\"x\""), ("sync_interval", "5"), ("sync", "\"batch\"")], &[interval]);
    check_log(
        &[("max_elements", "1"), ("sync_interval", "5")],
        &["2: `sync_interval` needs `dir` / set `dir` too, or leave `sync_interval` out"],
    );
}

#[test]
fn a_slip_in_a_needed_key_is_one_mistake() {
    check_log(
        &[("max_elements", "1"), ("dri", "\"x\""), ("sync", "\"batch\"")],
        &["2: there is no key `dri` / did you mean `dir`? Legal keys: \
           `read_count`, `max_elements`, `max_bytes`, `dir`, `sync`, `sync_interval`, `description`"],
    );
}

#[test]
fn a_needed_value_may_come_from_the_environment() {
    let entries = [
        ("read_count".to_owned(), Given::Value(Value::from(1_i64))),
        ("dir".to_owned(), Given::Env("DIR".to_owned())),
        ("sync".to_owned(), Given::Env("SYNC".to_owned())),
        ("sync_interval".to_owned(), Given::Value(Value::from(5_i64))),
    ];
    let row = find_operator("qos::wal").expect("there is a log");
    assert_eq!(check_config(row.keys, row.one_of, &entries), []);
}
