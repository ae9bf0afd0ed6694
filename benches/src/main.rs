//! The command: chooses parts, prints tables. What is measured and how is told in the library.

use std::io::{self, Write};
use std::process::ExitCode;

use foreshock_benches::feed::Wakes;
use foreshock_benches::latency::histogram::Histogram;
use foreshock_benches::measure::Compared;
use foreshock_benches::websocket::server::Records;
use foreshock_benches::{compile_time, in_process, latency, log, memory, rebuild, start, websocket};

const USAGE: &str = "usage: foreshock-benches \
    [in-process | websocket | latency | memory | start | log | compile-time | rebuild] [--quick]\n";

/// How much is measured.
#[derive(Clone, Copy)]
struct Amount {
    in_process: in_process::Amount,
    websocket_rounds: u32,
    /// The events of a websocket round are divided by this.
    websocket_share: u64,
    latency: latency::Amount,
    memory_rounds: u32,
    /// Kept events, at most.
    memory_kept: u32,
    start_rounds: u32,
    log: log::Amount,
    expansions: u32,
    /// Whether cargo is to build the example too.
    builds: bool,
    /// Whether cargo is to build the programs whose start is measured, which is soon done; else they are there.
    builds_programs: bool,
}

const FULL: Amount = Amount {
    in_process: in_process::Amount { rounds: 41, events: 200_000 },
    websocket_rounds: 9,
    websocket_share: 1,
    latency: latency::Amount { rounds: 5, ms: 2000 },
    memory_rounds: 5,
    memory_kept: 1_000_000,
    start_rounds: 21,
    log: log::Amount { rounds: 5, events: 1_000_000, alone: 300, recovered: 1_000_000 },
    expansions: 9,
    builds: true,
    builds_programs: true,
};

const QUICK: Amount = Amount {
    in_process: in_process::Amount { rounds: 3, events: 20_000 },
    websocket_rounds: 1,
    websocket_share: 100,
    latency: latency::Amount { rounds: 1, ms: 20 },
    memory_rounds: 1,
    memory_kept: 1000,
    start_rounds: 1,
    log: log::Amount { rounds: 1, events: 5000, alone: 20, recovered: 10_000 },
    expansions: 1,
    builds: false,
    builds_programs: false,
};

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let all = arguments.len();
    arguments.retain(|argument| argument != "--quick");
    let amount = if arguments.len() < all { QUICK } else { FULL };
    let parts: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = io::stdout().lock();
    let done = match parts[..] {
        [] => in_process(amount, &mut out)
            .and_then(|()| websocket(amount, &mut out))
            .and_then(|()| latency(amount, &mut out))
            .and_then(|()| memory(amount, &mut out))
            .and_then(|()| start(amount, &mut out))
            .and_then(|()| log(amount, &mut out))
            .and_then(|()| compile_time(Amount { builds: false, ..amount }, &mut out)),
        ["in-process"] => in_process(amount, &mut out),
        ["websocket"] => websocket(amount, &mut out),
        ["latency"] => latency(amount, &mut out),
        ["memory"] => memory(amount, &mut out),
        ["start"] => start(amount, &mut out),
        ["log"] => log(amount, &mut out),
        ["compile-time"] => compile_time(amount, &mut out),
        ["rebuild"] => rebuild(amount, &mut out),
        ["serve", ref records @ ..] => {
            drop(out);
            websocket::server::serve(Records::of(records.first().copied()))
        }
        ["keep", side, kept] => {
            drop(out);
            memory::keep(side, kept)
        }
        _ => {
            let _ = io::stderr().write_all(USAGE.as_bytes());
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "foreshock-benches: {error}");
            ExitCode::FAILURE
        }
    }
}

fn in_process(amount: Amount, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "in process: nanoseconds of processor time an event\n")?;
    writeln!(out, "| case | generated | yardstick | ratio | allocations an event |")?;
    writeln!(out, "|---|---|---|---|---|")?;
    for line in in_process::measure(amount.in_process) {
        let (case, time, each) = (line.case.name(), line.time, line.allocations as f64 / line.watched as f64);
        writeln!(out, "| {case} | {} | {} | {} | {each} |", time.ours, time.yardstick, time.ratio)?;
        out.flush()?;
    }
    writeln!(out)
}

fn websocket(amount: Amount, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "three websocket servers in another process: nanoseconds an event, until it is confirmed\n"
    )?;
    writeln!(out, "| events per flush | foreshock | by hand | ratio | foreshock, events per second |")?;
    writeln!(out, "|---|---|---|---|---|")?;
    let program = std::env::current_exe()?;
    for (per_flush, time) in websocket::measure(&program, amount.websocket_rounds, amount.websocket_share)? {
        let rate = 1e9 / time.ours.median;
        writeln!(out, "| {per_flush} | {} | {} | {} | {rate:.0} |", time.ours, time.yardstick, time.ratio)?;
    }
    out.flush()?;
    writeln!(
        out,
        "\n256 events per flush, windows of 1024 events, a log of 10000: what confirms an event\n"
    )?;
    writeln!(
        out,
        "| `ack` | foreshock | by hand | ratio | foreshock, events per second |\n|---|---|---|---|---|"
    )?;
    let acks = websocket::acks(&program, amount.websocket_rounds, amount.websocket_share)?;
    for (ack, time) in acks.lines {
        let rate = 1e9 / time.ours.median;
        let ack = match ack {
            websocket::Ack::Received => "received",
            websocket::Ack::Written => "written",
        };
        writeln!(out, "| `{ack}` | {} | {} | {} | {rate:.0} |", time.ours, time.yardstick, time.ratio)?;
    }
    let Compared { ours, yardstick, ratio } = acks.promise;
    writeln!(out, "\n| foreshock, `received` | foreshock, `written` | ratio |\n|---|---|---|")?;
    writeln!(out, "| {ours} | {yardstick} | {ratio} |\n")
}

fn latency(amount: Amount, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "latency: microseconds from when an event was due to when it arrived, p50 / p99 / p99.9 / greatest\n"
    )?;
    writeln!(out, "| to | the source is asked | events per second | foreshock | by hand | ratio of p99 |")?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    let us = |histogram: &Histogram| {
        let [p50, p99, p999] =
            [0.5, 0.99, 0.999].map(|share| (histogram.quantile(share) as f64 / 1000.0).round());
        format!("{p50} / {p99} / {p999} / {}", (histogram.max() as f64 / 1000.0).round())
    };
    latency::measure(&std::env::current_exe()?, amount.latency, |line| {
        let to = match line.to {
            latency::To::Blackholes => "blackholes",
            latency::To::Servers => "servers",
        };
        let asked = match line.schedule.wakes {
            Wakes::Timer => "by timer",
            Wakes::Spin => "spinning",
        };
        let (rate, ours, by_hand) = (line.schedule.rate, us(&line.ours), us(&line.by_hand));
        writeln!(out, "| {to} | {asked} | {rate} | {ours} | {by_hand} | {} |", line.p99)?;
        out.flush()
    })?;
    writeln!(out)
}

fn memory(amount: Amount, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "memory: resident KiB of a fresh process that keeps events\n")?;
    writeln!(
        out,
        "| kept events | foreshock | of these payload | bytes an event beside it | by hand | of these payload | bytes an event \
         beside it |\n|---|---|---|---|---|---|---|"
    )?;
    let lines = memory::measure(&std::env::current_exe()?, amount.memory_rounds, amount.memory_kept)?;
    for memory::Line { kept, ours, by_hand } in &lines {
        write!(out, "| {kept} ")?;
        for (size, idle) in [(ours, &lines[0].ours), (by_hand, &lines[0].by_hand)] {
            write!(out, "| {} | {:.0} ", size.resident, size.payload)?;
            match kept {
                0 => write!(out, "| – ")?,
                _ => write!(out, "| {:.1} ", size.beside(idle, *kept))?,
            }
        }
        writeln!(out, "|")?;
    }
    writeln!(out)
}

fn start(amount: Amount, out: &mut impl Write) -> io::Result<()> {
    let found = start::measure(&std::env::current_exe()?, amount.start_rounds, amount.builds_programs)?;
    let Compared { ours, yardstick, ratio } = &found.time;
    writeln!(
        out,
        "the founding flow as a program\n\n| what | foreshock | by hand | ratio |\n|---|---|---|---|"
    )?;
    writeln!(out, "| start to the first event at a server, milliseconds | {ours} | {yardstick} | {ratio} |")?;
    let mut size = |what: &str, ours: u64, by_hand: u64| {
        let (ours, by_hand) = (ours as f64 / 1024.0, by_hand as f64 / 1024.0);
        writeln!(out, "| {what}, KiB | {ours:.0} | {by_hand:.0} | {:.2} |", ours / by_hand)
    };
    size("size as built", found.ours.whole, found.by_hand.whole)?;
    if let (Some(ours), Some(by_hand)) = (found.ours.stripped, found.by_hand.stripped) {
        size("size without symbols", ours, by_hand)?;
    }
    writeln!(out)
}

fn log(amount: Amount, out: &mut impl Write) -> io::Result<()> {
    let program = std::env::current_exe()?;
    writeln!(
        out,
        "a log on disk: nanoseconds an event, until it is confirmed; beside it, plain writes and syncs of the same groups\n"
    )?;
    writeln!(
        out,
        "| sync | foreshock | plain | ratio | events per second | MB/s of payload | of files | syncs per million events |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|")?;
    for log::Line { sync, time, asked } in log::measure(&program, amount.log)? {
        let (rate, events) = (1e9 / time.ours.median, asked.events as f64);
        let mb = |bytes: u64| bytes as f64 / events * rate / 1e6;
        let (payload, appended, syncs) =
            (mb(asked.payload), mb(asked.appended), asked.syncs as f64 * 1e6 / events);
        let Compared { ours, yardstick, ratio } = time;
        writeln!(
            out,
            "| {sync} | {ours} | {yardstick} | {ratio} | {rate:.0} | {payload:.1} | {appended:.1} | {syncs:.0} |"
        )?;
        out.flush()?;
    }
    let log::Recovery { time, events, bytes } = log::recovery(&program, amount.log)?;
    let (mb, Compared { ours, yardstick, ratio }) = (bytes as f64 / 1e6, &time);
    writeln!(
        out,
        "\n{events} events that are kept, {mb:.1} MB: milliseconds from the start to the first event at the sink; beside \
         it, the same files read\n"
    )?;
    writeln!(out, "| foreshock | read | ratio | foreshock, milliseconds per 100 MB |\n|---|---|---|---|")?;
    writeln!(out, "| {ours} | {yardstick} | {ratio} | {:.0} |\n", ours.median * 100.0 / mb)
}

fn compile_time(amount: Amount, out: &mut impl Write) -> io::Result<()> {
    let profile = if cfg!(debug_assertions) { "unoptimised, as in a dev build" } else { "optimised" };
    writeln!(out, "compile time\n\n| what | time |\n|---|---|")?;
    for statements in compile_time::STATEMENTS {
        let time = compile_time::expansion(statements, amount.expansions);
        writeln!(out, "| the macro ({profile}), {statements} statements | {time} ms |")?;
        out.flush()?;
    }
    if amount.builds {
        let builds = compile_time::builds()?;
        writeln!(out, "| the example, dev build from nothing | {:.1} s |", builds.clean.as_secs_f64())?;
        writeln!(out, "| after an edit of the flow | {:.1} s |", builds.incremental.as_secs_f64())?;
    }
    writeln!(out)
}

fn rebuild(amount: Amount, out: &mut impl Write) -> io::Result<()> {
    let sizes: &[usize] = if amount.builds { &rebuild::STATEMENTS } else { &[5] };
    let heads: Vec<String> = sizes.iter().map(|statements| format!(" {statements} |")).collect();
    writeln!(
        out,
        "release build after an edit, by the statements of a flow: seconds of processor time; and milliseconds of each further \
         statement, from size to size\n"
    )?;
    writeln!(out, "| flow |{} growth |\n|---|{}---|", heads.concat(), "---|".repeat(sizes.len()))?;
    rebuild::measure(sizes, |line| {
        let times: Vec<String> =
            line.times.iter().map(|(_, time)| format!(" {:.1} |", time.as_secs_f64())).collect();
        let growth: Vec<String> = line.growth().iter().map(|ms| format!("{ms:.0}")).collect();
        let (events, shape) = (line.events, line.shape);
        writeln!(out, "| {events:?}, {shape:?} |{} {} |", times.concat(), growth.join(", "))?;
        out.flush()
    })?;
    writeln!(out)
}
