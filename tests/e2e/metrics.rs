//! The numbers that a running flow tells over HTTP: all of those that the documentation has, and those of the summary; and that
//! nobody who asks for them holds the flow up.

use std::collections::BTreeMap;
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use foreshock_tests::harness::{Flow, Scrape, Server, address, half_a_request, scrape, until};

use crate::{LOG, Stage, await_line, flow_program, persistent};

const ANY_PORT: [&str; 2] = ["--metrics", "127.0.0.1:0"];

/// Scrapes until the page is as it is awaited.
#[track_caller]
fn until_scraped(flow: &Flow, what: &str, is_so: impl Fn(&Scrape) -> bool) -> Scrape {
    let at = address(flow);
    until(what, || {
        let page = scrape(at);
        if is_so(&page) { Ok(page) } else { Err(page.text) }
    })
}

/// Whether this number of each sink is at least so much.
fn all_have(page: &Scrape, name: &str, least: f64) -> bool {
    ["ws0", "ws1", "ws2"].iter().all(|ws| page.of(&format!("offramp.{ws}"), name) >= least)
}

/// Whether all sinks have confirmed something.
fn all_have_acked(page: &Scrape) -> bool {
    all_have(page, "foreshock_acked_events_total", 10.0)
}

/// Families with their types, as the documentation has them.
fn documented() -> BTreeMap<String, String> {
    let page = include_str!("../../runtime/docs/operations.md");
    let rows = page.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `foreshock_")?.split(" | ");
        let name = format!("foreshock_{}", cells.next()?.trim_end_matches('`'));
        Some((name, cells.next()?.to_owned()))
    });
    rows.collect()
}

#[test]
fn a_log_on_disk_and_websockets_have_all_that_is_documented_and_nothing_else() {
    let stage = Stage::new("documented");
    let flow = persistent::start(&stage, &ANY_PORT);
    let page = until_scraped(&flow, "confirmed events", all_have_acked);
    let documented = documented();
    assert!(documented.len() > 25, "{documented:?}");
    assert_eq!(page.types, documented);
    let log = "pipeline.roundrobin.on_disk_wal";
    let syncs = page.of(log, "foreshock_syncs_total");
    let (all, longest) =
        (page.of(log, "foreshock_sync_seconds_total"), page.of(log, "foreshock_longest_sync_seconds"));
    assert!(
        syncs > 0.0 && longest > 0.0 && all >= longest && all <= longest * syncs * 1.001,
        "{}",
        page.text
    );
    assert!(page.of(log, "foreshock_last_sync_seconds") <= longest);
    let bytes = page.of(log, "foreshock_room_bytes");
    assert!(bytes > 1e6 && bytes < 10_485_760.0, "{bytes}");
    flow.drain().assert_code(0);
}

#[test]
fn numbers_are_those_of_the_summary_and_grow_while_the_flow_runs() {
    let mut stage = Stage::new("numbers");
    let flow = stage.flow(2, &ANY_PORT);
    // On a loaded machine a window may be full for a moment, and a connection be left.
    let first = until_scraped(&flow, "confirmed events, and room", |page| {
        all_have_acked(page) && all_have(page, "foreshock_room_events", 1.0)
    });
    assert_eq!(first.find("foreshock_build_info", "flow=\"RoundRobin\",version=\"0.1.0\""), Some(1.0));
    assert_eq!(first.find("foreshock_instance_up", "flow=\"RoundRobin\",instance=\"01\""), Some(1.0));
    assert_eq!(first.find("foreshock_syncs_total", "node"), None, "nothing is on disk");
    assert!(first.series() < 200, "{}", first.series());
    let taken = "foreshock_taken_events_total";
    let labels = "flow=\"RoundRobin\",instance=\"01\",node=\"onramp.metronome\",kind=\"source\"";
    let before = first.find(taken, labels).expect("there is one");
    until_scraped(&flow, "more events", |page| page.of("onramp.metronome", taken) > before);
    for ws in ["offramp.ws0", "offramp.ws1", "offramp.ws2"] {
        let ended = first.of(ws, "foreshock_disconnects_total");
        assert_eq!(first.of(ws, "foreshock_connects_total"), ended + 1.0, "it is connected");
        let (last, smoothed) = (
            first.of(ws, "foreshock_round_trip_seconds"),
            first.of(ws, "foreshock_smoothed_round_trip_seconds"),
        );
        // A pong takes as long as it takes, on a loaded machine too, but no time at all it does not.
        assert!(last > 0.0 && last < 60.0 && smoothed > 0.0 && smoothed < 60.0, "{last} {smoothed}");
    }
    let (room, kept) = (first.of(LOG, "foreshock_room_events"), first.of(LOG, "foreshock_pending_events"));
    assert_eq!(room + kept, 1000.0, "the log's places");
    // What a frozen server has not confirmed fails with it.
    stage.servers.iter().for_each(Server::freeze);
    until_scraped(&flow, "unconfirmed events", |page| {
        page.of("offramp.ws0", "foreshock_pending_events") > 0.0
    });
    stage.servers.iter_mut().for_each(Server::kill);
    let broken = until_scraped(&flow, "a breaker", |page| {
        page.of("offramp.ws0", "foreshock_breaker_triggered") == 1.0
    });
    assert!(broken.of("offramp.ws0", "foreshock_breaker_triggers_total") >= 1.0);
    assert_eq!(broken.of("offramp.ws0", "foreshock_room_events"), 0.0);
    stage.servers.iter_mut().for_each(Server::start);
    let healed = until_scraped(&flow, "its end", |page| {
        page.of("offramp.ws0", "foreshock_breaker_triggered") == 0.0
            && page.of(LOG, "foreshock_replayed_deliveries_total") > 0.0
    });
    assert!(healed.of("offramp.ws0", "foreshock_disconnects_total") >= 1.0);
    let at = address(&flow);
    let outcome = flow.drain();
    outcome.assert_code(0);
    let made = outcome.summary().count("onramp.metronome", "taken");
    assert!(made as f64 >= healed.of("onramp.metronome", taken));
    assert!(TcpStream::connect(at).is_err(), "nobody listens any more");
    assert!(stage.tally().len() >= made);
}

#[test]
fn who_reads_slowly_or_not_at_all_holds_up_neither_the_flow_nor_its_end() {
    let mut stage = Stage::new("scrapers");
    let flow = stage.flow(2, &ANY_PORT);
    let at = address(&flow);
    let silent: Vec<TcpStream> = (0..20).map(|_| half_a_request(at)).collect();
    stage.await_events(0..3, 200);
    // The first of them are left after five seconds; the others need not be.
    let began = Instant::now();
    flow.drain().assert_code(0);
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    drop(silent);
}

#[test]
fn an_address_at_which_nobody_can_listen_is_told_with_the_option() {
    let stage = Stage::new("in_use");
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let taken = listener.local_addr().expect("it has an address").to_string();
    for (address, reason) in [(&*taken, "in use"), ("192.0.2.1:9000", "")] {
        let outcome = stage.flow(2, &["--metrics", address]).wait();
        outcome.assert_code(1);
        let expected = format!("`--metrics {address}`: nobody can listen there: ");
        assert!(outcome.stderr.contains(&expected) && outcome.stderr.contains(reason), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("help: name an address of this host"), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("started"), "{}", outcome.stderr);
    }
    let outcome = Flow::start(&flow_program(), &stage.directory, &["--metrics", "here"]).wait();
    outcome.assert_code(2);
    assert!(outcome.stderr.contains("--metrics") && outcome.stderr.contains("127.0.0.1:9000"), "{outcome:?}");
}

#[test]
fn without_the_option_nobody_listens() {
    let mut stage = Stage::new("no_metrics");
    let flow = stage.flow(2, &[]);
    stage.await_events(0..3, 20);
    await_line(&flow, &["started"]);
    assert!(!flow.stderr().contains("metrics"), "{}", flow.stderr());
    flow.drain().assert_code(0);
}
