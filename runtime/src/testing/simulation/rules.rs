//! What holds of every flow after each step, whatever it is made of: limits of logs, sums of counts, no busy loop, nothing
//! confirmed that was not received, healthy servers are not left.

use foreshock_spec::Value;

use super::watch::{Node, Phase, Step};
use crate::core::{Counts, NodeKind, Progress, Time};
use crate::program::Builder;
use crate::testing::sim::SimDisk;

/// Steps that an instance may make without that time passes.
const STEPS_AT_ONCE: u64 = 100_000;
/// Steps to which an instance may be woken for nothing while all is well: so many, and for each frame that it writes so many.
const IDLE_STEPS: u64 = 50;
const IDLE_STEPS_PER_FRAME: u64 = 8;

/// The rules for one machine.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    logs: Vec<Log>,
    /// For each server the offramps that believe it when it confirms: their nodes, which the first step tells of their paths.
    believers: Vec<Vec<usize>>,
    paths: Option<Vec<Vec<&'static str>>>,
    last: Vec<Counts>,
    last_now: Time,
    steps_at_once: u64,
    was_idle: bool,
    idle_steps: u64,
    frames: u64,
    disconnects: Option<u64>,
}

#[derive(Clone, Debug)]
struct Log {
    path: &'static str,
    most_elements: u64,
    most_bytes: u64,
    /// Where it is, if it is on disk.
    directory: Option<String>,
    /// What it kept after the last step: events that it found, and bytes.
    last: (u64, u64, u64),
}

impl Rules {
    /// For a flow as `builder` sets it, and these servers.
    pub(super) fn new(builder: &Builder, instance: &str, servers: &[(String, u16)]) -> Rules {
        let number = |path: String| match builder.setting(&path) {
            Ok(Value::Uint(n)) => n,
            Ok(Value::Int(n)) => u64::try_from(n).unwrap_or(u64::MAX),
            _ => u64::MAX,
        };
        let of = |row: &'static str| {
            builder.program().definitions.iter().filter(move |definition| definition.row == row)
        };
        let directory = |path: &str| match builder.setting(&format!("{path}.dir")) {
            Ok(Value::String(dir)) => Some(format!("{}/{instance}", dir.trim_end_matches('/'))),
            _ => None,
        };
        let logs = of("qos::wal").map(|log| Log {
            directory: directory(log.path),
            last: (0, 0, 0),
            path: log.path,
            most_elements: number(format!("{}.max_elements", log.path)),
            most_bytes: number(format!("{}.max_bytes", log.path)),
        });
        let text = |path: String| match builder.setting(&path) {
            Ok(Value::String(text)) => text.to_string(),
            _ => String::new(),
        };
        let believers = servers.iter().map(|(host, port)| {
            let of_server = of("ws").filter(|offramp| {
                text(format!("{}.ack", offramp.path)) == "received"
                    && leads_to(&text(format!("{}.url", offramp.path)), host, *port)
            });
            of_server.map(|offramp| offramp.path).collect()
        });
        Rules {
            logs: logs.collect(),
            believers: Vec::new(),
            paths: Some(believers.collect()),
            last: Vec::new(),
            last_now: Time::ZERO,
            steps_at_once: 0,
            was_idle: false,
            idle_steps: 0,
            frames: 0,
            disconnects: None,
        }
    }

    /// Looks at a step.
    pub(super) fn step(&mut self, step: &Step<'_>, progress: Progress, disk: &SimDisk) -> Result<(), String> {
        if let Some(paths) = self.paths.take() {
            let nodes = |paths: &Vec<&str>| {
                let all = step.nodes.iter().enumerate();
                all.filter(|(_, node)| paths.contains(&node.path.as_str())).map(|(index, _)| index).collect()
            };
            self.believers = paths.iter().map(nodes).collect();
        }
        self.nobody_is_busy_with_nothing(step, progress)?;
        for node in step.nodes {
            sums_are_right(node)?;
            if node.kind == NodeKind::Operator {
                self.limits_hold(node)?;
            }
        }
        if !step.answered.is_empty() {
            self.files_keep_their_limits(disk)?;
        }
        self.nothing_is_believed_that_nobody_said(step)?;
        self.healthy_servers_are_not_left(step)
    }

    fn nobody_is_busy_with_nothing(&mut self, step: &Step<'_>, progress: Progress) -> Result<(), String> {
        self.steps_at_once = if step.now == self.last_now { self.steps_at_once + 1 } else { 0 };
        self.last_now = step.now;
        if self.steps_at_once > STEPS_AT_ONCE {
            return Err(format!("a busy loop: {STEPS_AT_ONCE} steps while no time passed"));
        }
        let was_idle = std::mem::replace(&mut self.was_idle, progress == Progress::Idle);
        if step.phase != Phase::Steady {
            return Ok(());
        }
        self.frames += step.written.len() as u64;
        let counts = || step.nodes.iter().map(|node| node.counts);
        let is_new = !step.written.is_empty() || !self.last.iter().copied().eq(counts());
        if is_new || progress == Progress::Again || !was_idle {
            self.last.clear();
            self.last.extend(counts());
            return Ok(());
        }
        self.idle_steps += 1;
        if self.idle_steps > IDLE_STEPS + self.frames * IDLE_STEPS_PER_FRAME {
            return Err(format!(
                "it is woken for nothing: {} times, for {} frames",
                self.idle_steps, self.frames
            ));
        }
        Ok(())
    }

    fn limits_hold(&mut self, node: &Node) -> Result<(), String> {
        let Some(log) = self.logs.iter_mut().find(|log| log.path == node.path) else { return Ok(()) };
        let (kept, bytes) = (node.counts.pending, node.counts.pending_bytes);
        let now = (node.counts.recovered, kept, bytes);
        let before = std::mem::replace(&mut log.last, now);
        // What it finds on disk it keeps, also what is confirmed, where the power failed before it knew that safely.
        let is_less = now.0 > before.0 || (kept <= before.1 && bytes <= before.2);
        if log.directory.is_some() && is_less {
            return Ok(());
        }
        if kept > log.most_elements || bytes > log.most_bytes {
            let Log { path, most_elements, most_bytes, .. } = log;
            return Err(format!(
                "{path} keeps {kept} events (at most {most_elements}), {bytes} bytes (at most {most_bytes})"
            ));
        }
        Ok(())
    }

    fn files_keep_their_limits(&self, disk: &SimDisk) -> Result<(), String> {
        for Log { path, most_bytes, directory, .. } in &self.logs {
            let Some(directory) = directory else { continue };
            let bytes = disk.most_log_bytes(directory);
            if bytes > *most_bytes {
                return Err(format!("the files of {path} have had {bytes} bytes (at most {most_bytes})"));
            }
        }
        Ok(())
    }

    /// What servers have covered by pongs is the most that offramps may count as confirmed.
    fn nothing_is_believed_that_nobody_said(&self, step: &Step<'_>) -> Result<(), String> {
        for (server, believers) in step.records.servers.iter().zip(&self.believers) {
            if server.has_lied || believers.is_empty() {
                continue;
            }
            let believed: u64 = believers.iter().map(|&index| step.nodes[index].counts.acked).sum();
            if believed > server.covered {
                return Err(format!(
                    "{believed} events count as confirmed by {}, which has confirmed {}",
                    server.host, server.covered
                ));
            }
        }
        Ok(())
    }

    fn healthy_servers_are_not_left(&mut self, step: &Step<'_>) -> Result<(), String> {
        if step.phase != Phase::Steady {
            return Ok(());
        }
        let all = self.believers.iter().flatten();
        let now: u64 = all.map(|&index| step.nodes[index].counts.disconnects).sum();
        let before = *self.disconnects.get_or_insert(now);
        if now > before { Err("a connection to a healthy server has ended".to_owned()) } else { Ok(()) }
    }
}

/// What went into a node is what has come out, and what is in it.
fn sums_are_right(node: &Node) -> Result<(), String> {
    let counts = &node.counts;
    let accounted = match node.kind {
        NodeKind::Source => counts.acked + counts.lost + counts.pending,
        NodeKind::Sink => counts.acked + counts.failed + counts.rejected + counts.pending,
        // Disks here lose what was not synced, and nothing else: what that leaves is no loss.
        NodeKind::Operator if counts.broken_events > 0 => {
            return Err(format!("{} counts events as lost with what is broken: {counts:?}", node.path));
        }
        NodeKind::Operator => return Ok(()),
    };
    if counts.taken != accounted {
        return Err(format!(
            "{} has taken {} events and accounts for {accounted}: {counts:?}",
            node.path, counts.taken
        ));
    }
    Ok(())
}

fn leads_to(url: &str, host: &str, port: u16) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let (name, number) = authority.split_once(':').unwrap_or((authority, "80"));
    name == host && number == port.to_string()
}
