//! How a run went, for people.

use std::fmt;
use std::time::Duration;

use super::Options;
use super::field::{Resident, Strikes};
use super::ledger::Verdict;
use super::recovery::Times;

/// What a strike repeats per connection that it ends, on average: the frames that a connection has unconfirmed when it
/// begins. One that is busy may have more (`window_events`, 256 unless told otherwise), but few are when they are struck.
const WINDOW: u64 = 32;
/// The flow's connections. A flow that is killed loses sight of all of them, and of what was confirmed since it last wrote
/// to its log.
const SERVERS: u64 = 3;
/// How much memory the flow may have beyond what it had before the first strike, in KiB: the log may have filled meanwhile, and a long run
/// shows whether each connection leaves something behind.
const MOST_GROWTH_KIB: u64 = 32 * 1024;
/// For the few strikes of a short run, which may be far from the average: a full window of each connection, and some.
const AT_LEAST: u64 = 1000;

/// All that is known at the end.
#[derive(Clone, Debug)]
pub struct Report {
    pub(super) options: Options,
    pub(super) strikes: Strikes,
    pub(super) verdict: Verdict,
    /// From the first strike until all were well again.
    pub(super) took: Duration,
    pub(super) servers: Times,
    pub(super) flow: Times,
    pub(super) resident: Resident,
    /// How often the log of a killed flow was looked at, and how many events it had.
    pub(super) looks: (u64, usize),
    /// The flow's last exit code.
    pub(super) code: i32,
    /// What else is not as it should be.
    pub(super) problems: Vec<String>,
}

impl Report {
    /// How many events may have come twice: what was under way over the connections that were struck.
    pub fn most_repeats(&self) -> u64 {
        let Strikes { servers_killed, servers_frozen, cut, flow_killed, flow_frozen } = self.strikes;
        let connections = servers_killed + servers_frozen + cut + (flow_killed + flow_frozen) * SERVERS;
        AT_LEAST + connections * WINDOW
    }

    /// Whether the flow's memory is bounded, where the system tells.
    fn is_lean(&self) -> bool {
        let Resident { first, most, .. } = self.resident;
        first.zip(most).is_none_or(|(first, most)| most <= first + MOST_GROWTH_KIB)
    }

    /// Nothing lost or mistaken, no more repeated than the send windows allow, memory that is bounded, and a flow that drained.
    pub fn is_good(&self) -> bool {
        self.verdict.lost == 0
            && self.verdict.mistaken == 0
            && self.verdict.repeats <= self.most_repeats()
            && self.is_lean()
            && self.code == 0
            && self.problems.is_empty()
    }

    /// Events that arrived in each second, on average.
    pub fn rate(&self) -> u64 {
        (self.verdict.events as f64 / self.took.as_secs_f64().max(0.001)) as u64
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { options, strikes, verdict, resident, .. } = self;
        let judgement = if self.is_good() { "good" } else { "BAD" };
        writeln!(f, "{judgement}: {}", options.again())?;
        writeln!(
            f,
            "  strikes        killed: servers {}, flow {}; frozen: servers {}, flow {}; connections cut off {}",
            strikes.servers_killed,
            strikes.flow_killed,
            strikes.servers_frozen,
            strikes.flow_frozen,
            strikes.cut
        )?;
        writeln!(
            f,
            "  events         {} in {} s: {} per second",
            verdict.events,
            self.took.as_secs(),
            self.rate()
        )?;
        writeln!(f, "  account        lost {}, ids used twice {}", verdict.lost, verdict.mistaken)?;
        if !verdict.named.is_empty() {
            writeln!(f, "                 the first (metronome, id): {:?}", verdict.named)?;
        }
        writeln!(f, "  repeated       {}, of at most {}", verdict.repeats, self.most_repeats())?;
        let (looks, promises) = self.looks;
        if looks > 0 {
            writeln!(
                f,
                "  on disk        {promises} events, in {looks} logs that were looked at behind a kill"
            )?;
        }
        writeln!(f, "  to recover     {}", Line { of: "servers", times: &self.servers })?;
        if !self.flow.is_empty() {
            writeln!(f, "                 {}", Line { of: "the flow", times: &self.flow })?;
        }
        if let Resident { first: Some(first), most: Some(most), last: Some(last) } = resident {
            writeln!(f, "  flow's memory  {first} KiB at first, {most} at most, {last} at the end")?;
        }
        for problem in &self.problems {
            writeln!(f, "  problem        {problem}")?;
        }
        write!(f, "  exit code      {}", self.code)
    }
}

/// How long servers or flow took, once they were back, until they got or made an event.
struct Line<'a> {
    of: &'static str,
    times: &'a Times,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Line { of, times } = self;
        let [median, most_of_them, most] =
            [50, 99, 100].map(|percent| times.percentile(percent).as_secs_f64());
        write!(f, "{of}: median {median:.3} s, 99 % within {most_of_them:.3} s, most {most:.3} s")?;
        write!(f, " ({} times; {} more were struck again before)", times.len(), times.unfinished)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_good_only_if_all_of_it_is() {
        fn check(change: impl FnOnce(&mut Report), is_good: bool, told: &str) {
            let strikes =
                Strikes { servers_killed: 2, cut: 1, flow_killed: 1, flow_frozen: 1, servers_frozen: 3 };
            let mut report = Report {
                options: Options::parse([], 9).expect("there is nothing wrong"),
                strikes,
                verdict: Verdict { events: 6000, ..Verdict::default() },
                took: Duration::from_secs(3),
                servers: Times::default(),
                flow: Times::default(),
                resident: Resident::default(),
                looks: (0, 0),
                code: 0,
                problems: Vec::new(),
            };
            change(&mut report);
            let text = report.to_string();
            assert_eq!(report.is_good(), is_good, "{text}");
            let judgement = if is_good { "good: --flow transient " } else { "BAD: --flow transient " };
            assert!(text.starts_with(judgement) && text.contains(told), "{text}");
        }
        let most = AT_LEAST + (6 + 2 * SERVERS) * WINDOW;
        check(|_| {}, true, "6000 in 3 s: 2000 per second");
        check(|_| {}, true, "killed: servers 2, flow 1; frozen: servers 3, flow 1; connections cut off 1");
        check(|report| report.verdict.repeats = most, true, &format!("{most}, of at most {most}"));
        check(|report| report.verdict.repeats = most + 1, false, &format!("{}, of at most {most}", most + 1));
        check(|report| report.verdict.lost = 1, false, "lost 1, ids used twice 0");
        check(|report| report.verdict.mistaken = 1, false, "lost 0, ids used twice 1");
        check(|report| report.verdict.named = vec![(3, 17)], true, "(metronome, id): [(3, 17)]");
        let resident = |most| Resident { first: Some(6000), most: Some(most), last: Some(7000) };
        let most = 6000 + MOST_GROWTH_KIB;
        check(|report| report.resident = resident(most), true, "6000 KiB at first");
        check(|report| report.resident = resident(most + 1), false, &format!("{} at most", most + 1));
        check(|report| report.code = 1, false, "exit code      1");
        check(|report| report.problems.push("smoke".to_owned()), false, "problem        smoke");
    }
}
