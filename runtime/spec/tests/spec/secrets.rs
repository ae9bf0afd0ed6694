//! Headers, credentials, and values that only the environment knows: what is refused, and that nothing secret is ever
//! shown.

use foreshock_spec::{
    Definition, Given, Kind, Literal, Problem, Settings, Value, Variable, check_config, find_offramp,
};

/// What stands for a secret in these tests; no message may have it.
const SECRET: &str = "s3cr3t";

/// The mistakes of a `ws` whose url is right and whose other entries are these. `env:X` is `env("X")`, also in a record.
fn mistakes(entries: &[(&str, &str)]) -> Vec<Problem> {
    let url = [("url", "\"ws://h\"")];
    let entries: Vec<(String, Given)> = url
        .iter()
        .chain(entries)
        .map(|(key, json)| ((*key).to_owned(), given(Value::parse(json.as_bytes()).unwrap())))
        .collect();
    check_config(find_offramp("ws").unwrap().keys, &[], &entries)
}

fn given(value: Value) -> Given {
    match &value {
        Value::String(text) if text.starts_with("env:") => Given::Env(text[4..].to_owned()),
        Value::Record(fields) => Given::Record(
            fields.iter().map(|(name, value)| (name.to_owned(), given(value.clone()))).collect(),
        ),
        _ => Given::from(value),
    }
}

#[track_caller]
fn check(entries: &[(&str, &str)], expected: &[&str]) {
    let told = |problem: &Problem| {
        let item = problem.item.map_or(String::new(), |item| format!(".{item}"));
        let name = if problem.in_name { " (name)" } else { "" };
        format!(
            "{}{item}{name}: {} / {}",
            problem.key.unwrap(),
            problem.text,
            problem.help.as_deref().unwrap_or("-")
        )
    };
    let mistakes: Vec<String> = mistakes(entries).iter().map(told).collect();
    assert_eq!(mistakes, expected, "{entries:?}");
    assert!(!format!("{mistakes:?}").contains(SECRET), "{mistakes:?}");
}

#[test]
fn headers_are_a_record_of_strings() {
    let wanted = "give a record of strings, such as {\"X-Name\": \"value\"}";
    check(&[("headers", "{}")], &[]);
    check(&[("headers", r#"{"X-Name": "value", "x_y": "", "Authorization": "Digest x"}"#)], &[]);
    check(
        &[("headers", "\"s3cr3t\"")],
        &[&format!("1: `headers` must be a record of strings, not a string / {wanted}")],
    );
    check(
        &[("headers", "[]")],
        &[&format!("1: `headers` must be a record of strings, not a list / {wanted}")],
    );
    check(
        &[("headers", "\"env:X\"")],
        &[&format!("1: `headers` must be a record, not `env(\"X\")` / {wanted}")],
    );
    check(
        &[("headers", r#"{"X": "a", "Y": 5}"#)],
        &["1.1: the header `Y` must be a string, not an integer / write it in quotes"],
    );
    check(
        &[("headers", r#"{"X": "a", "Y": "s3cr3t\n"}"#)],
        &["1.1: the value of the header `Y` has a character that no header can have / \
           a value is one line of ASCII characters"],
    );
}

#[test]
fn names_of_headers_are_names_and_not_the_handshakes_own() {
    let name = "a name has letters, digits, `-` and `_`, and no spaces";
    for wrong in ["", "X Y", "X:", "Ü"] {
        let json = format!("{{\"{wrong}\": \"s3cr3t\"}}");
        check(&[("headers", &json)], &[&format!("1.0 (name): `{wrong}` is no name of a header / {name}")]);
    }
    for taken in
        ["Host", "UPGRADE", "connection", "Sec-WebSocket-Protocol", "content-length", "Transfer-Encoding"]
    {
        let json = format!("{{\"{taken}\": \"s3cr3t\"}}");
        let text = format!("1.0 (name): `headers` cannot have `{taken}`: the handshake sets it / remove it");
        check(&[("headers", &json)], &[&text]);
    }
    check(
        &[("headers", r#"{"X-A": "1", "x-b": "2", "x-a": "3"}"#)],
        &[
            "1.2 (name): `x-a` is in `headers` twice (upper and lower case are the same) / remove one of the two",
        ],
    );
}

#[test]
fn one_of_those_that_set_the_same_header_is_given() {
    check(&[("bearer", "\"s3cr3t\"")], &[]);
    check(&[("basic", "\"user:s3cr3t\"")], &[]);
    check(
        &[("bearer", "\"s3cr3t\""), ("basic", "\"env:B\"")],
        &["2: `basic` and `bearer` set the same header, `authorization` / remove one of the two"],
    );
    check(
        &[("headers", r#"{"X": "1", "AUTHORIZATION": "s3cr3t"}"#), ("bearer", "\"env:B\"")],
        &["1.1 (name): `bearer` sets the header `AUTHORIZATION` too / remove one of the two"],
    );
}

#[test]
fn tokens_and_passwords_are_checked_and_never_shown() {
    let token = "a token has visible ASCII characters only, and no spaces; give a string without spaces";
    let credentials = "user and password have no control characters; give a string such as \"user:password\"";
    for (key, rule) in [("bearer", token), ("basic", credentials)] {
        check(&[(key, "\"\"")], &[&format!("1: `{key}` is empty / {rule}")]);
        check(&[(key, "\"s3cr3t:x\\n\"")], &[&format!("1: `{key}` ends with a line end / {rule}")]);
        check(
            &[(key, "\"s3cr3t:\\u0001x\"")],
            &[&format!("1: `{key}` has a character that it cannot have / {rule}")],
        );
        let kind = rule.rsplit_once("; ").unwrap().1;
        check(&[(key, "5")], &[&format!("1: `{key}` must be a string, not an integer / {kind}")]);
    }
    check(
        &[("bearer", "\"s3cr3t x\"")],
        &[&format!("1: `bearer` has a character that it cannot have / {token}")],
    );
    check(&[("basic", "\"us er:s3cr3t ä\"")], &[]);
    check(
        &[("basic", "\"s3cr3t\"")],
        &["1: `basic` has no `:` between user and password / give a string such as \"user:password\""],
    );
}

#[test]
fn texts_that_a_start_may_change_may_come_from_the_environment() {
    for key in ["bearer", "basic", "ca_file", "ack"] {
        check(&[(key, "\"env:X_1\"")], &[]);
    }
    check(&[("headers", r#"{"X-A": "env:A", "X-B": "b"}"#)], &[]);
    check(
        &[("window_events", "\"env:X\"")],
        &["1: `window_events` must be an integer, not `env(\"X\")`, which is a string / \
           give an integer from 1 to 2147483648 (events); a start of the program may give another one, with \
           `--set ….window_events=…`"],
    );
    check(
        &[("binary", "\"env:X\"")],
        &["1: `binary` must be a boolean, not `env(\"X\")`, which is a string / give `true` or `false`; \
           a start of the program may give another one, with `--set ….binary=…`"],
    );
    for key in ["codec", "description"] {
        let text = format!(
            "1: `{key}` is part of the flow's structure and cannot be `env(\"X\")` / write its value here"
        );
        check(&[(key, "\"env:X\"")], &[&text]);
    }
    check(&[("linked", "\"env:X\"")], &[&format!("1: `linked` is not supported yet / {}", help_of_linked())]);
    let no_name = "names no environment variable / name one, as in `env(\"TOKEN\")`";
    check(&[("bearer", "\"env:\"")], &[&format!("1: `env(\"\")` {no_name}")]);
    check(&[("bearer", "\"env:A=b\"")], &[&format!("1: `env(\"A=b\")` {no_name}")]);
    check(&[("headers", r#"{"X": "env:A=b"}"#)], &[&format!("1.0: `env(\"A=b\")` {no_name}")]);
}

fn help_of_linked() -> String {
    mistakes(&[("linked", "true")])[0].help.clone().unwrap()
}

static DEFINITIONS: &[Definition] = &[
    Definition {
        path: "offramp.a",
        kind: Kind::Offramp,
        row: "ws",
        config: &[
            ("url", Literal::Env("URL")),
            ("ack", Literal::Env("ACK")),
            ("bearer", Literal::Env("TOKEN")),
            ("headers", Literal::Record(&[("X-A", Literal::Env("A")), ("X-B", Literal::Str("s3cr3t"))])),
        ],
    },
    Definition {
        path: "offramp.b",
        kind: Kind::Offramp,
        row: "ws",
        config: &[("url", Literal::Str("ws://b/?k=s3cr3t")), ("basic", Literal::Str("user:s3cr3t"))],
    },
];

/// `URL=ws://h ACK=bad`: what the environment has; a value `?` is not UTF-8. `, ` stands between variables.
fn environment(text: &str) -> impl Fn(&str) -> Variable {
    let variables: Vec<(String, String)> = text
        .split(", ")
        .filter_map(|variable| variable.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    move |name| match variables.iter().find(|(known, _)| known == name) {
        Some((_, value)) if value == "?" => Variable::NotUtf8,
        Some((_, value)) => Variable::Text(value.clone()),
        None => Variable::Missing,
    }
}

const GOOD: &str = "URL=wss://h:1/?token=s3cr3t, ACK=written, TOKEN=s3cr3t, A=s3cr3t";

/// The errors of a start in `text` after these overrides.
fn look_up(overrides: &[(&str, &str)], text: &str) -> (Settings, Vec<String>) {
    let mut settings = Settings::new(DEFINITIONS);
    for (path, text) in overrides {
        settings.set_text(path, text).unwrap_or_else(|error| panic!("{error}"));
    }
    let errors = settings.look_up(environment(text)).err().unwrap_or_default();
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(!format!("{settings:?} {errors:?}").contains(SECRET), "{settings:?} {errors:?}");
    (settings, errors)
}

#[track_caller]
fn check_start(overrides: &[(&str, &str)], text: &str, expected: &[&str]) {
    assert_eq!(look_up(overrides, text).1, expected, "{overrides:?} in {text}");
}

#[test]
fn what_the_environment_holds_is_a_value_like_any_other() {
    let (settings, errors) = look_up(&[], GOOD);
    assert_eq!(errors, [""; 0]);
    let node = settings.of(0);
    assert_eq!(node.str("url"), "wss://h:1/?token=s3cr3t");
    assert_eq!(node.str("ack"), "written");
    assert_eq!(node.opt_str("bearer"), Some("s3cr3t"));
    assert_eq!(node.opt_str("basic"), None);
    assert_eq!(node.named_strings("headers"), [("X-A", "s3cr3t"), ("X-B", "s3cr3t")]);
    assert!(settings.of(1).named_strings("headers").is_empty());
}

#[test]
fn all_that_is_missing_is_told_at_once() {
    let missing = |key: &str, variable: &str| {
        format!(
            "setting `offramp.a.{key}`: the environment variable `{variable}` is not set; \
             set it where the program starts: the flow says `env(\"{variable}\")`"
        )
    };
    let all = [("url", "URL"), ("ack", "ACK"), ("headers", "A"), ("bearer", "TOKEN")];
    let all: Vec<String> = all.into_iter().map(|(key, variable)| missing(key, variable)).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    check_start(&[], "", &all);
    let overridden = [("offramp.a.url", "ws://h"), ("offramp.a.bearer", "s3cr3t")];
    check_start(&overridden, "A=x, ACK=written", &[]);
    let not_utf8 = all[3].replace("is not set", "is not UTF-8");
    check_start(&[], &GOOD.replace("TOKEN=s3cr3t", "TOKEN=?"), &[&not_utf8]);
}

#[test]
fn what_is_wrong_is_told_in_the_words_for_any_value_but_without_it() {
    let wrong = |from: &str, to: &str, expected: &str| check_start(&[], &GOOD.replace(from, to), &[expected]);
    let write = "write a URL such as `ws://host:port/path` or `wss://host:port/path`";
    wrong(
        "wss://h:1",
        "s3cr3t://h",
        "setting `offramp.a.url`: `url` cannot have the scheme of the value of `env(\"URL\")`; \
         legal schemes: `ws`, `wss`",
    );
    wrong(
        "wss://h:1/?token=",
        "",
        &format!(
            "setting `offramp.a.url`: `url` must be a URL with a scheme, not the value of `env(\"URL\")`; {write}"
        ),
    );
    wrong(
        "wss://h:1",
        "wss://h:s3cr3t",
        &format!(
            "setting `offramp.a.url`: `url` has no port from 1 to 65535 in the value of `env(\"URL\")`; {write}"
        ),
    );
    wrong(
        "wss://h:1",
        "wss://user:s3cr3t@h",
        &format!(
            "setting `offramp.a.url`: `url` has a user name in it (`…@`), which `basic` is for, \
             in the value of `env(\"URL\")`; {write}"
        ),
    );
    wrong(
        "ACK=written",
        "ACK=s3cr3t",
        "setting `offramp.a.ack`: `ack` cannot be the value of `env(\"ACK\")`; legal values: `received`, `written`",
    );
    wrong(
        "TOKEN=s3cr3t",
        "TOKEN=s3cr3t\n",
        "setting `offramp.a.bearer`: `bearer` ends with a line end, in the value of `env(\"TOKEN\")`; \
         a token has visible ASCII characters only, and no spaces; give a string without spaces",
    );
    wrong(
        "A=s3cr3t",
        "A=s3cr3t\n",
        "setting `offramp.a.headers`: the value of the header `X-A` has a character that no header can have, \
         in the value of `env(\"A\")`; a value is one line of ASCII characters",
    );
}

#[test]
fn an_override_of_a_credential_takes_the_place_of_the_flows() {
    let (settings, _) = look_up(&[("offramp.b.bearer", "s3cr3t")], GOOD);
    assert_eq!((settings.of(1).opt_str("basic"), settings.of(1).opt_str("bearer")), (None, Some("s3cr3t")));
    let mut settings = Settings::new(DEFINITIONS);
    settings.set_text("offramp.b.bearer", "s3cr3t").unwrap();
    let refused = |settings: &mut Settings, path: &str, text: &str, expected: &str| {
        let error = settings.set_text(path, text).expect_err("two for one header").to_string();
        assert!(error.contains(expected) && !error.contains(SECRET), "{error}");
    };
    let same = "`bearer` and `basic` set the same header";
    let same_again = "`basic` and `bearer` set the same header";
    let error = settings.clone().set_text("offramp.b.basic", "user:s3cr3t").expect_err("two").to_string();
    assert!(error.contains(same) || error.contains(same_again), "{error}");
    refused(
        &mut settings,
        "offramp.b.headers",
        r#"{"authorization": "s3cr3t"}"#,
        "sets the header `authorization` too",
    );
    let no_json = "`headers` is no JSON: no value begins like this; a string stands in double quotes (column 1); give a record of strings";
    refused(&mut settings, "offramp.b.headers", "s3cr3t", no_json);
    let no_name = "what is given for `headers` is no JSON: the name of a field stands in double quotes (column 2); give a record";
    refused(&mut settings, "offramp.b.headers", r#"{X-A:"s3cr3t"}"#, no_name);
    refused(&mut settings, "offramp.b.headers", r#""s3cr3t""#, "must be a record of strings, not a string");
    refused(&mut settings, "offramp.b.headers", r#"{"X": 5}"#, "the header `X` must be a string");
    settings.set_text("offramp.b.headers", r#"{"X": "env"}"#).unwrap();
    assert_eq!(settings.of(1).named_strings("headers"), [("X", "env")]);
}

#[test]
fn a_setting_is_shown_by_where_it_comes_from() {
    let settings = look_up(&[("offramp.b.headers", r#"{"X": "s3cr3t"}"#)], GOOD).0;
    let shown: Vec<String> = settings
        .tunable()
        .map(|(path, key, given)| format!("{path} = {}", foreshock_spec::shown(key, given)))
        .collect();
    for expected in [
        "offramp.a.url = env(\"URL\")",
        "offramp.a.ack = env(\"ACK\")",
        "offramp.a.bearer = env(\"TOKEN\")",
        "offramp.a.basic = not set",
        "offramp.a.headers = {\"X-A\": env(\"A\"), \"X-B\": (secret)}",
        "offramp.a.connect_timeout = 5000 ms",
        "offramp.a.binary = false",
        "offramp.b.url = \"ws://b/?…\"",
        "offramp.b.basic = (secret)",
        "offramp.b.headers = {\"X\": (secret)}",
    ] {
        assert!(shown.iter().any(|line| line == expected), "no `{expected}` in {shown:#?}");
    }
    let everything = format!("{shown:?} {settings:?} {:?} {DEFINITIONS:?}", settings.of(0));
    assert!(!everything.contains(SECRET), "{everything}");
    assert!(everything.contains("TOKEN") && everything.contains("ws://b/?…"), "{everything}");
}

#[test]
fn what_only_the_environment_knows_cannot_be_asked_for_before() {
    let settings = Settings::new(DEFINITIONS);
    let error = settings.get("offramp.a.bearer").expect_err("nobody has looked").to_string();
    assert_eq!(
        error,
        "setting `offramp.a.bearer`: its value is env(\"TOKEN\"); \
         what the environment holds is read when the flow starts"
    );
    assert_eq!(settings.get("offramp.b.basic").unwrap(), Value::from("user:s3cr3t"));
}

#[test]
fn of_a_url_neither_user_nor_password_nor_query_is_shown() {
    let check = |url: &str, expected: &str| {
        let key = find_offramp("ws").unwrap().keys.iter().find(|key| key.name == "url").unwrap();
        let given = Given::Value(Value::from(url));
        assert_eq!(foreshock_spec::shown(key, &given), format!("\"{expected}\""), "{url}");
        assert_eq!(foreshock_spec::shown_value(key, &given), Value::from(expected), "{url}");
    };
    check("ws://h", "ws://h");
    check("ws://h:80/a/@b", "ws://h:80/a/@b");
    check("ws://[::1]/@b", "ws://[::1]/@b");
    check("ws://h/a?token=s3cr3t&b=c", "ws://h/a?…");
    check("ws://h?s3cr3t", "ws://h?…");
    check("ws://h/#s3cr3t", "ws://h/#…");
    check("ws://user:s3cr3t@h/a?token=s3cr3t", "ws://h/a?…");
    check("ws://user:s3/cr@3t@h/a", "ws://h/a");
    check("ws://user:s3?cr#3t@h", "ws://…");
    check("ws://h:x/?to=a@b&token=s3cr3t", "ws://…");
    check("h/?to=a@b&token=s3cr3t", "…");
    check("user:s3cr3t@h/a?s3cr3t", "h/a?…");
}

#[test]
fn a_wrong_url_is_told_without_what_may_be_secret_in_it() {
    let write = "write a URL such as `ws://host:port/path` or `wss://host:port/path`";
    let check = |url: &str, expected: &str| {
        let mut settings = Settings::new(DEFINITIONS);
        let error = settings.set_text("offramp.b.url", url).expect_err(url).to_string();
        assert_eq!(error, format!("setting `offramp.b.url`: {expected}; {write}"), "{url}");
    };
    let user = "`url` has a user name in it (`…@`), which `basic` is for";
    check("ws://user:s3cr3t@h", user);
    check("ws://s3cr3t@h", user);
    check("ws://user:s3/cr3t@h", user);
    check("user:s3cr3t@h/?token=s3cr3t", "`url` must be a URL with a scheme, not `h/?…`");
    // Another URL in it, whose `://` is not its own.
    check("ws:/h/?token=s3cr3t&to=http://x", "`url` must be a URL with a scheme, not `ws:/h/?…`");
    check("h/?to=http://x&token=s3cr3t", "`url` must be a URL with a scheme, not `h/?…`");
    check("user:s3cr3t@h/?to=http://x", "`url` must be a URL with a scheme, not `h/?…`");
    check("ws://h/?token=s3cr3t x", "`url` is no URL: there is a character that no URL has in `ws://h/?…`");
    check("ws://h/?token=$s3cr3t x", "`url` is no URL: there is a character that no URL has in `ws://h/?…`");
}
