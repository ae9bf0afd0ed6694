//! Generated code allocates nothing per event in the steady state: acknowledgements, replays, filters and a full log
//! included. The machine of a real flow is stepped by hand; the sinks are blackholes that confirm, or fail now and then.

use allocation_counter::measure;
use foreshock::core::{Machine, Random, Time};
use foreshock::program::{Program, Start};

/// The steps before counting: tables and buffers have grown by then.
const WARM_UP: u64 = 3_000;
/// The steps counted.
const COUNTED: u64 = 10_000;

mod founding {
    foreshock::pipeline! {
        pub(super) flow Founding;
        define onramp metronome from metronome with interval = 1 end;
        define offramp ws0 from blackhole end;
        define offramp ws1 from blackhole with fail_every = 7, delay = 5 end;
        define offramp ws2 from blackhole with delay = 20 end;
        define pipeline roundrobin
            use tremor::system;
            define qos::wal operator in_memory_wal with read_count = 20, max_elements = 1000 end;
            define qos::roundrobin operator roundrobin with outputs = ["ws0", "ws1", "ws2"] end;
            create operator in_memory_wal;
            create operator roundrobin;
            select merge event of { "hostname": system::hostname() } end from in into in_memory_wal;
            select event from in_memory_wal into roundrobin;
            select event from roundrobin/ws0 into out/ws0;
            select event from roundrobin/ws1 into out/ws1;
            select event from roundrobin/ws2 into out/ws2;
        end;
        define binding default links
            /onramp/metronome/{i}/out    => /pipeline/roundrobin/{i}/in,
            /pipeline/roundrobin/{i}/ws0 => /offramp/ws0/{i}/in,
            /pipeline/roundrobin/{i}/ws1 => /offramp/ws1/{i}/in,
            /pipeline/roundrobin/{i}/ws2 => /offramp/ws2/{i}/in
        end;
        create binding /binding/default/01 with i = "01" end;
    }
}

mod branching {
    foreshock::pipeline! {
        pub(super) flow Branching;
        define onramp metronome from metronome with interval = 1 end;
        define offramp a from blackhole with fail_every = 5 end;
        define offramp b from blackhole with delay = 3 end;
        define pipeline first
            define qos::wal operator log with read_count = 4, max_elements = 4 end;
            create operator log;
            select { "id": event.id, "name": event.onramp, "in": { "ns": event.ingest_ns } } from in into log;
            select { "id": event.id + 1, "name": event.name } from log where event.id % 3 != 0 into out;
            select event from log where event.name == "metronome" into out/all;
        end;
        define pipeline second
            define qos::wal operator log with read_count = 9, max_elements = 9 end;
            create operator log;
            select event from in into log;
            select { "twice": event.id * 2 } from log into out;
        end;
        define binding default links
            /onramp/metronome/{i}/out => /pipeline/first/{i}/in,
            /pipeline/first/{i}/out   => /pipeline/second/{i}/in,
            /pipeline/first/{i}/all   => /offramp/b/{i}/in,
            /pipeline/second/{i}/out  => [/offramp/a/{i}/in, /offramp/b/{i}/in]
        end;
        create binding /binding/default/01 with i = "01" end;
    }
}

mod patching {
    foreshock::pipeline! {
        pub(super) flow Patching;
        define onramp metronome from metronome with interval = 1 end;
        define offramp ws0 from blackhole with fail_every = 7 end;
        define offramp side from blackhole end;
        define pipeline logged
            use tremor::system;
            const most = 1000;
            mod qos_things with
                define qos::wal operator wal with read_count = 20, max_elements = most end;
            end;
            create operator log from qos_things::wal;
            create stream named;
            select patch event of insert "hostname" => system::hostname() end from in into named;
            select event from named into log having event.id >= 0;
            select event from log into out;
            select patch event of erase "ingest_ns", move "id" => "n", merge "x" => { "host": event.hostname } end
            from named into out/side having event.n % 3 == 0;
        end;
        define binding default links
            /onramp/metronome/{i}/out => /pipeline/logged/{i}/in,
            /pipeline/logged/{i}/out  => /offramp/ws0/{i}/in,
            /pipeline/logged/{i}/side => /offramp/side/{i}/in
        end;
        create binding /binding/default/01 with i = "01" end;
    }
}

/// Steps the program's machine for a virtual millisecond each; gives allocations while counting, and events acknowledged.
fn run(program: &Program) -> (u64, u64) {
    let settings = foreshock::__private::Settings::new(program.definitions);
    let mut start = Start { hostname: "host".to_owned(), random: Random::from_seed([1; 32]) };
    let mut machine = (program.machines[0].make)(&settings, &mut start);
    machine.start_sources(Time::ZERO);
    let mut now = 0;
    let mut step = |steps: u64, machine: &mut Box<dyn Machine>| {
        for _ in 0..steps {
            now += 1;
            let time = Time::ZERO.plus_ms(now);
            while machine.step(time, now * 1_000_000) == foreshock::core::Progress::Again {}
        }
    };
    step(WARM_UP, &mut machine);
    let before = acknowledged(&*machine);
    let allocations = measure(|| step(COUNTED, &mut machine));
    (allocations.count_total, acknowledged(&*machine) - before)
}

fn acknowledged(machine: &dyn Machine) -> u64 {
    let mut acked = 0;
    machine.report(&mut |report| {
        if report.path == "onramp.metronome" {
            acked = report.counts.acked;
        }
    });
    acked
}

fn check(program: &Program, least_events: u64) {
    let (allocations, events) = run(program);
    assert!(events >= least_events, "{}: only {events} events", program.name);
    assert_eq!(allocations, 0, "{}: {allocations} allocations for {events} events", program.name);
}

#[test]
fn the_founding_flow_allocates_nothing_per_event() {
    check(&founding::founding::PROGRAM, COUNTED - 100);
}

#[test]
fn logs_in_a_row_splits_and_filters_allocate_nothing_per_event() {
    check(&branching::branching::PROGRAM, 1_000);
}

#[test]
fn patches_streams_and_having_allocate_nothing_per_event() {
    check(&patching::patching::PROGRAM, COUNTED - 100);
}
