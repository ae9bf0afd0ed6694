//! The parser, on whole flows: what it reads, and where it goes on after an error.

mod support;

use expect_test::expect;
use support::{dump, errors, parsed};

const FOUNDING: &str = include_str!("support/founding.flow");

#[test]
fn the_founding_flow_is_read_whole() {
    let (flow, diagnostics) = parsed(FOUNDING);
    assert_eq!(errors(diagnostics), "");
    expect![[r#"
        onramp metronome from metronome with interval = 1000
        offramp ws0 from ws with url = "ws://localhost:8080/"
        offramp ws1 from ws with url = "ws://localhost:8081/"
        offramp ws2 from ws with url = "ws://localhost:8082/"
        pipeline roundrobin
          use tremor::system
          define qos::wal operator in_memory_wal with read_count = 20, max_elements = 1000, max_bytes = 10485760
          define qos::roundrobin operator roundrobin with outputs = ["ws0", "ws1", "ws2"]
          create operator in_memory_wal
          create operator roundrobin
          select merge event of {"hostname": system::hostname()} end from in into in_memory_wal
          select event from in_memory_wal into roundrobin
          select event from roundrobin/ws0 into out/ws0
          select event from roundrobin/ws1 into out/ws1
          select event from roundrobin/ws2 into out/ws2
        binding default
          /onramp/metronome/{instance}/out => /pipeline/roundrobin/{instance}/in
          /pipeline/roundrobin/{instance}/ws0 => /offramp/ws0/{instance}/in
          /pipeline/roundrobin/{instance}/ws1 => /offramp/ws1/{instance}/in
          /pipeline/roundrobin/{instance}/ws2 => /offramp/ws2/{instance}/in
        mapping /binding/default/01 instance=01
    "#]].assert_eq(&dump(&flow.unwrap()));
}
