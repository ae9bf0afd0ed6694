//! Flows as people have them in production: the shapes of the original's tutorials, with what this version builds.

use foreshock::core::Endpoint;

use crate::{Stage, check, play};

foreshock::pipeline! {
    /// A metronome, a log and three servers in turn.
    pub(crate) flow RoundRobin;

    define onramp metronome from metronome with interval = 1000 end;

    define offramp ws0 from ws with url = "ws://localhost:8080" end;
    define offramp ws1 from ws with url = "ws://localhost:8081" end;
    define offramp ws2 from ws with url = "ws://localhost:8082" end;

    define pipeline roundrobin
        use tremor::system;

        define qos::wal operator in_memory_wal
        with
            read_count = 20,
            max_elements = 1000, // Capacity limit of 1000 stored events
            max_bytes = 10485760 // Capacity limit of 1MB of events
        end;

        define qos::roundrobin operator roundrobin
        with
            outputs = [ "ws0", "ws1", "ws2" ]
        end;

        create operator in_memory_wal;
        create operator roundrobin;

        // Enrich the event with the hostname and pass it to the log
        select merge event of { "hostname": system::hostname() } end
        from in into in_memory_wal;

        select event from in_memory_wal into roundrobin;

        select event from roundrobin/ws0 into out/ws0;
        select event from roundrobin/ws1 into out/ws1;
        select event from roundrobin/ws2 into out/ws2;
    end;

    define binding default
    links
        "/onramp/metronome/{instance}/out" => [ "/pipeline/roundrobin/{instance}/in" ],
        "/pipeline/roundrobin/{instance}/ws0" => [ "/offramp/ws0/{instance}/in" ],
        "/pipeline/roundrobin/{instance}/ws1" => [ "/offramp/ws1/{instance}/in" ],
        "/pipeline/roundrobin/{instance}/ws2" => [ "/offramp/ws2/{instance}/in" ],
    end;

    create binding "/binding/default/01"
    with
        instance = "01"
    end;
}

#[test]
fn three_servers_in_turn() {
    play(async {
        let mut stage = Stage::new();
        stage.serve("localhost", 8080).serve("localhost", 8081).serve("localhost", 8082);
        stage.run(RoundRobin::builder(), 6500).await;
        for (server, ids) in [(0, [0, 3]), (1, [1, 4]), (2, [2, 5])] {
            let seen = stage.places[server].1.borrow().clone();
            assert_eq!(seen.len(), 2, "{seen:?}");
            for (event, id) in seen.iter().zip(ids) {
                assert!(event.contains(&format!("\"id\":{id},")), "{event}");
                assert!(event.ends_with(r#","hostname":"simulated"}"#), "{event}");
            }
        }
    });
}

foreshock::pipeline! {
    /// A log shipper: lines of JSON, cleaned, routed by level, what cannot be read kept aside.
    pub(crate) flow Shipper;
    require at_least_once;

    define onramp applog from file with source = env("APP_LOG") end;
    define offramp search from ws with
        url = "wss://search.example.org/ingest", bearer = env("SEARCH_TOKEN"), window_events = 128, ack_timeout = 10_000
    end;
    define offramp archive from file with file = "archive.jsonl" end;
    define offramp pager from ws with url = "ws://pager:9000/alarm" end;
    define offramp unreadable from file with file = "unreadable.txt", codec = "string" end;

    define pipeline clean
        use std::string;
        use std::record;
        use core::datetime;

        const keep = ["at", "level", "message", "service", "code"];

        select patch record::r#select(event, keep) of
            update "level" => string::lowercase(event.level),
            upsert "service" => string::trim(event.service),
            insert "at_text" => datetime::iso8601(event.at),
            erase "at",
        end
        from in
        where present event.level and present event.service and present event.at
        into out
        having event.level != "debug";

        select { "incomplete": event } from in
        where absent event.level or absent event.service or absent event.at
        into out/incomplete;
    end;

    define pipeline route
        define qos::wal operator to_search with read_count = 100, max_elements = 10_000, max_bytes = 64 * 1024 * 1024 end;
        define qos::wal operator to_pager with read_count = 1, max_elements = 1000 end;
        define qos::wal operator to_archive with read_count = 100, max_elements = 1000 end;
        create operator to_search;
        create operator to_pager;
        create operator to_archive;

        select event from in into to_search;
        select event from in into to_archive;
        select { "alarm": "#{event.service}: #{event.message}", "code": event.code } from in
        where event.level == "error" and (present event.code and event.code >= 500)
        into to_pager;
        select event from in/incomplete into to_archive;

        select event from to_search into out/search;
        select event from to_pager into out/pager;
        select event from to_archive into out/archive;
    end;

    define pipeline aside
        select event.r#event from in into out;
    end;

    define binding shipping links
        /onramp/applog/main/out => /pipeline/clean/main/in,
        /onramp/applog/main/err => /pipeline/aside/main/in,
        /pipeline/clean/main/out => /pipeline/route/main/in,
        /pipeline/clean/main/incomplete => /pipeline/route/main/incomplete,
        /pipeline/route/main/search => /offramp/search/main/in,
        /pipeline/route/main/pager => /offramp/pager/main/in,
        /pipeline/route/main/archive => /offramp/archive/main/in,
        /pipeline/aside/main/out => /offramp/unreadable/main/in
    end;
    create binding /binding/shipping/main;
}

const LOG: &str = r#"{"at": 0, "level": "INFO", "service": " shop ", "message": "up", "password": "x"}
{"at": 1000000000, "level": "Error", "service": "shop", "message": "down", "code": 503}
{"at": 1, "level": "DEBUG", "service": "shop", "message": "noise"}
{"level": "info"}
this is no JSON
{"at": 2, "level": "error", "service": "shop", "message": "odd", "code": 404}
"#;

#[test]
fn a_log_shipper() {
    play(async {
        let mut stage = Stage::new();
        stage.variable("APP_LOG", "app.log").variable("SEARCH_TOKEN", "s3cret");
        stage.give(Endpoint::ReadFile("app.log".to_owned()), LOG);
        stage.serve("search.example.org", 443).serve("pager", 9000);
        stage.keep_file("archive.jsonl").keep_file("unreadable.txt");
        stage.run(Shipper::builder(), 10_000).await;
        let clean = [
            r#"{"level":"info","service":"shop","message":"up","at_text":"1970-01-01T00:00:00.000000000+00:00"}"#,
            r#"{"level":"error","service":"shop","message":"down","code":503,"at_text":"1970-01-01T00:00:01.000000000+00:00"}"#,
            r#"{"level":"error","service":"shop","message":"odd","code":404,"at_text":"1970-01-01T00:00:00.000000002+00:00"}"#,
        ];
        assert_eq!(stage.seen("search.example.org"), clean);
        assert_eq!(stage.seen("pager"), [r#"{"alarm":"shop: down","code":503}"#]);
        assert_eq!(
            stage.seen("archive.jsonl"),
            [clean[0], clean[1], r#"{"incomplete":{"level":"info"}}"#, clean[2]]
        );
        assert_eq!(stage.seen("unreadable.txt"), ["this is no JSON"]);
    });
}

foreshock::pipeline! {
    /// Measurements of sensors: units converted, limits looked up in a table, a grade without `match`.
    pub(crate) pipeline Sensors;
    use std::math;
    use std::string;
    use std::record;
    use std::type;

    const limits = {
        "boiler": { "low": 40, "high": 90 },
        "freezer": { "low": -30, "high": -12 },
    };
    const grades = ["low", "fine", "high"];
    const default_limits = { "low": 0, "high": 50 };

    mod convert with
        const factor = 5.0 / 9.0;
        const offset = 32;
    end;

    create stream celsius;
    create stream known;

    select event from in where absent event.unit or event.unit == "C" into celsius;
    select patch event of
        update "value" => math::round((event.value - convert::offset) * convert::factor * 10) / 10,
        update "unit" => "C"
    end from in where present event.unit and event.unit == "F" into celsius;
    select { "error": "unit", "event": event } from in
        where present event.unit and event.unit != "C" and event.unit != "F" into err;

    select merge event of { "limits": limits[event.kind] } end from celsius where record::contains(limits, event.kind) into known;
    select merge event of { "limits": default_limits } end from celsius where not record::contains(limits, event.kind) into known;

    select {
        "id": string::format("{}/{}", event.kind, event.id),
        "value": event.value,
        "grade": grades[0],
    } from known where event.value < event.limits.low into out;
    select {
        "id": string::format("{}/{}", event.kind, event.id),
        "value": event.value,
        "grade": grades[1],
    } from known where event.value >= event.limits.low and event.value <= event.limits.high into out;
    select {
        "id": string::format("{}/{}", event.kind, event.id),
        "value": event.value,
        "grade": grades[2],
    } from known where event.value > event.limits["high"] into out;
    select event.id from known into out/numbers having type::is_number(event);
}

#[test]
fn sensors() {
    check::<sensors::Sensors>(
        &[
            r#"in {"kind": "boiler", "id": 1, "value": 212, "unit": "F"}"#,
            r#"in {"kind": "freezer", "id": "x", "value": -20.5}"#,
            r#"in {"kind": "room", "id": 3, "value": -1, "unit": "C"}"#,
            r#"in {"kind": "room", "id": 3, "value": 300, "unit": "K"}"#,
        ],
        &[
            r#"out {"id":"boiler/1","value":100.0,"grade":"high"}"#,
            "numbers 1",
            r#"out {"id":"freezer/x","value":-20.5,"grade":"fine"}"#,
            r#"out {"id":"room/3","value":-1,"grade":"low"}"#,
            "numbers 3",
            r#"err {"error":"unit","event":{"kind":"room","id":3,"value":300,"unit":"K"}}"#,
        ],
    );
}

foreshock::pipeline! {
    /// Two regions behind one switch: each with its own metronome, servers and log on disk.
    pub(crate) flow Regions;
    require durable;

    define onramp beat from metronome with interval = 500 end;
    define offramp primary from ws with url = "ws://primary:80/" end;
    define offramp backup from ws with url = "ws://backup:80/", backoff_min = 500, backoff_max = 2000 end;

    define pipeline stored
        use tremor::system;
        define qos::wal operator wal with read_count = 50, dir = "wal", max_bytes = 100 * 1024 * 1024, sync = "batch" end;
        define qos::roundrobin operator either with outputs = ["primary", "backup"] end;
        create operator wal;
        create operator either;
        select { "host": system::hostname(), "id": event.id, "at": event.ingest_ns, "version": system::version() } from in into wal;
        select event from wal into either;
        select event from either/primary into out/primary;
        select event from either/backup into out/backup;
    end;

    define binding region links
        /onramp/beat/{region}/out => /pipeline/stored/{region}/in,
        /pipeline/stored/{region}/primary => /offramp/primary/{region}/in,
        /pipeline/stored/{region}/backup => /offramp/backup/{region}/in
    end;
    create binding /binding/region/eu with region = "eu" end;
    create binding /binding/region/us with region = "us" end;
}

#[test]
fn regions() {
    play(async {
        let mut stage = Stage::new();
        stage.serve("primary", 80).run(Regions::builder(), 5100).await;
        let seen = stage.seen("primary");
        assert!(seen.len() >= 4, "the backup is away, and nothing is lost: {seen:?}");
        for id in 0..2 {
            let of_it = seen.iter().filter(|event| event.contains(&format!("\"id\":{id},"))).count();
            assert_eq!(of_it, 2, "one of each region: {seen:?}");
        }
    });
}
