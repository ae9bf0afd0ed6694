//! Settings of a log: what goes with a directory, and what goes without.

use super::*;

static ON_DISK: &[Definition] = &[Definition {
    path: "pipeline.p.log",
    kind: Kind::Operator,
    row: "qos::wal",
    config: &[("read_count", Literal::Int(20)), ("dir", Literal::Str("./wal"))],
}];

/// Sets these one after the other, on a log on disk; what is said of the last one?
#[track_caller]
fn check_on_disk(overrides: &[(&str, &str)], expected: Result<&str, &str>) {
    let mut settings = Settings::new(ON_DISK);
    let path = |key: &str| format!("pipeline.p.log.{key}");
    let Some(((key, text), before)) = overrides.split_last() else { panic!("nothing is set") };
    for (key, text) in before {
        settings.set_text(&path(key), text).unwrap_or_else(|error| panic!("{error}"));
    }
    let set = settings.set_text(&path(key), text).map_err(|error| error.to_string());
    let found = set.map(|()| settings.get(&path(key)).expect("it is set").to_string());
    let expected = expected.map(str::to_owned);
    assert_eq!(found, expected.map_err(|text| format!("setting `{}`: {text}", path(key))), "{overrides:?}");
}

#[test]
fn a_log_is_on_disk_where_the_flow_says_so_and_nowhere_else() {
    let what = "change it in the flow; what can be changed: `read_count`, `max_elements`, `max_bytes`";
    for (key, text, why) in [
        (
            "dir",
            "/x",
            "the flow has no `dir` here, which is part of its structure and cannot be added when it starts",
        ),
        ("sync", "always", "`sync` needs `dir`, which the flow does not have here"),
        ("sync_interval", "5", "`sync_interval` needs `dir`, which the flow does not have here"),
    ] {
        let path = format!("pipeline.roundrobin.in_memory_wal.{key}");
        check_refused(&path, text, &format!("setting `{path}`: {why}; {what}"));
    }
    check_on_disk(&[("dir", "/data/wal")], Ok("\"/data/wal\""));
    check_on_disk(&[("dir", "")], Err("`dir` is empty; give the path of a directory, such as \"./wal\""));
}

#[test]
fn what_goes_with_a_directory_can_be_overridden() {
    let settings = Settings::new(ON_DISK);
    let get =
        |key: &str| settings.get(&format!("pipeline.p.log.{key}")).expect("there is such a key").to_string();
    let values = ["max_elements", "max_bytes", "dir", "sync", "sync_interval"].map(get);
    assert_eq!(values, ["null", "1073741824", "\"./wal\"", "\"batch\"", "1000"]);
    check_on_disk(&[("max_bytes", "16384")], Ok("16384"));
    check_on_disk(
        &[("max_bytes", "10")],
        Err("`max_bytes` must be at least 16384, not 10; \
             write 10485760 if MiB are meant; else give an integer from 16384 to 9223372036854775807 (bytes), since `dir` is set"),
    );
    check_on_disk(&[("sync", "interval"), ("sync_interval", "5")], Ok("5"));
    check_on_disk(
        &[("sync_interval", "5")],
        Err(
            "`sync_interval` needs `sync` = `interval`; set `sync` to `interval`, or leave `sync_interval` out",
        ),
    );
}

#[test]
fn what_events_survive_is_told_by_the_settings_in_force() {
    use foreshock_spec::Durability::{Memory, Safe, Written};
    fn check(
        definitions: &'static [Definition],
        path: &str,
        sync: Option<&str>,
        expected: foreshock_spec::Durability,
    ) {
        let mut settings = Settings::new(definitions);
        if let Some(sync) = sync {
            settings.set(&format!("{path}.sync"), sync).unwrap_or_else(|error| panic!("{error}"));
        }
        assert_eq!(settings.durability(path), expected, "{path} with {sync:?}");
    }
    check(ON_DISK, "pipeline.p.log", None, Safe);
    check(ON_DISK, "pipeline.p.log", Some("always"), Safe);
    check(ON_DISK, "pipeline.p.log", Some("interval"), Written);
    check(DEFINITIONS, "pipeline.roundrobin.in_memory_wal", None, Memory);
    check(DEFINITIONS, "pipeline.roundrobin.roundrobin", None, Memory);
    check(DEFINITIONS, "offramp.ws0", None, Memory);
    static BY_ENV: &[Definition] = &[Definition {
        path: "pipeline.p.log",
        kind: Kind::Operator,
        row: "qos::wal",
        config: &[
            ("read_count", Literal::Int(20)),
            ("dir", Literal::Env("DIR")),
            ("sync", Literal::Env("SYNC")),
        ],
    }];
    check(BY_ENV, "pipeline.p.log", None, Written);
    check(BY_ENV, "pipeline.p.log", Some("batch"), Safe);
}

#[test]
fn what_means_nothing_is_not_listed() {
    fn check(definitions: &'static [Definition], keys: &[&str], tunable: &[&str]) {
        let settings = Settings::new(definitions);
        let is_log = |path: &str| path.starts_with("pipeline.p.log");
        let listed = settings.in_force().filter(|all| is_log(all.definition.path)).map(|all| all.key.name);
        assert_eq!(listed.collect::<Vec<_>>(), keys);
        let listed = settings.tunable().filter(|(path, ..)| is_log(path)).map(|(_, key, _)| key.name);
        assert_eq!(listed.collect::<Vec<_>>(), tunable);
    }
    static IN_MEMORY: &[Definition] = &[Definition {
        path: "pipeline.p.log",
        kind: Kind::Operator,
        row: "qos::wal",
        config: &[("read_count", Literal::Int(20)), ("max_elements", Literal::Int(1))],
    }];
    let limits = ["read_count", "max_elements", "max_bytes"];
    check(IN_MEMORY, &[&limits[..], &["dir", "description"]].concat(), &limits);
    let disk = ["dir", "sync", "sync_interval"];
    check(ON_DISK, &[&limits[..], &disk, &["description"]].concat(), &[&limits[..], &disk].concat());
}
