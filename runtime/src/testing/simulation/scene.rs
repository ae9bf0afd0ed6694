//! One seed: what it draws, and the run.

use std::fmt::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::crashes::{Episode, Trouble};
use super::rules::Rules;
use super::tap::Tap;
use super::watch::{Phase, Watch, Watched};
use super::{Run, Simulation, settles_after_ms};
use crate::core::Time;
use crate::program::{Builder, Handle, Summary};
use crate::testing::Dice;
use crate::testing::peers::{Life, Poison, Records, Server};
use crate::testing::sim::{Sim, VirtualClock};
use crate::world::World;

/// How long the drain of a flow may take at most before the simulation gives up, beyond what the flow allows itself.
const DRAIN_MARGIN: Duration = Duration::from_secs(10);

/// What a seed has drawn.
pub(super) struct Scenario {
    pub(super) builder: Builder,
    lives: Vec<Life>,
    /// The runs before the last one, and what the disk does in that.
    pub(super) episodes: Vec<Episode>,
    pub(super) trouble: Option<Trouble>,
    /// When the last run begins at the latest, as it was drawn.
    last_at: Time,
    /// It drains while not all is well yet.
    is_hasty: bool,
    pub(super) quiet_at: Time,
    steady_at: Time,
    drain_at: Time,
    dice: Dice,
}

impl Simulation {
    /// Plays one seed: how it went, and, if that is wanted, what was drawn and what happened in words.
    pub(super) fn play(&self, seed: u64, with_journal: bool) -> (Result<Run, String>, String) {
        let mut scenario = self.draw(seed);
        let clock = Arc::new(VirtualClock::default());
        let probes = self.probes.iter().map(|make| make(&scenario.builder)).collect();
        let watch = Arc::new(Watch::new(probes));
        let records = Arc::new(Mutex::new(Records::new(&self.servers, with_journal)));
        let runtime = {
            let (clock, watch) = (Arc::clone(&clock), Arc::clone(&watch));
            // Nobody has anything to do: time goes on to the next moment that somebody waits for.
            let go_on = move || {
                if !clock.go_on() {
                    watch.condemn(
                        "nothing will ever happen any more: everybody waits for somebody else".to_owned(),
                    );
                }
            };
            tokio::runtime::Builder::new_current_thread().on_thread_park(go_on).build().expect("a runtime")
        };
        let sim = Sim::with_clock(seed, clock);
        let stage = Stage { sim, watch, records };
        let summary = runtime.block_on(self.act(&stage, &mut scenario));
        let words = if with_journal { scenario.in_words(&stage) } else { String::new() };
        let records = stage.records.lock().expect("nobody panics while holding it").clone();
        let run = summary.and_then(|summary| {
            let (steps, trace) = (stage.watch.lock().steps, records.hash());
            let endings = stage.watch.lock().endings.clone();
            let run = Run { seed, summary, records, endings, steps, trace };
            self.judge(&stage, &run)?;
            Ok(run)
        });
        (run, words)
    }

    fn draw(&self, seed: u64) -> Scenario {
        let mut dice = Dice::new(seed);
        let mut builder = (self.make)();
        (self.vary)(&mut builder, &mut dice);
        let quiet_at = Time::from_duration(self.hostile);
        let codes = [1003, 1007, 1009];
        let poison = (self.mischief.complains && dice.chance(20))
            .then(|| Poison { one_in: dice.magnitude(5, 100), code: dice.one_of(&codes) });
        let lives = self
            .servers
            .iter()
            .map(|server| Life::draw(&mut dice, server, quiet_at, self.mischief, poison))
            .collect();
        // The last run has some time of its own under servers that misbehave.
        let last_at = Time::from_duration(self.hostile * 3 / 4);
        let (episodes, trouble) =
            if self.crashes { Episode::draw(&mut dice, last_at, quiet_at) } else { Default::default() };
        let settles_ms = settles_after_ms(&builder, trouble.is_some());
        let (mut steady_at, mut drain_at) =
            (quiet_at.plus_ms(settles_ms), quiet_at.plus_ms(settles_ms).plus(self.steady));
        // Now and then it drains when servers have just become healthy, with all that waits, if it allows itself the time.
        let is_hasty = dice.chance(15) && drain_timeout(&builder).as_millis() > 2 * u128::from(settles_ms);
        if is_hasty {
            (steady_at, drain_at) = (quiet_at, quiet_at);
        }
        Scenario { last_at, is_hasty, builder, lives, episodes, trouble, quiet_at, steady_at, drain_at, dice }
    }

    /// The run itself.
    async fn act(&self, stage: &Stage, scenario: &mut Scenario) -> Result<Summary, String> {
        for (number, life) in scenario.lives.iter().enumerate() {
            let dice = scenario.dice.fork();
            let server = Server::new(&stage.sim, number, life.clone(), dice, &stage.records);
            tokio::spawn(server.run());
        }
        self.play_episodes(stage, scenario).await?;
        scenario.put_off(stage.sim.now());
        let handle = self.play_last(stage, scenario).await?;
        stage.watch.lock().phase = Phase::Settling;
        if scenario.is_hasty {
            return self.drain(stage, &scenario.builder, handle).await;
        }
        for (until, next) in [(scenario.steady_at, Phase::Steady), (scenario.drain_at, Phase::Draining)] {
            stage.until(stage.sim.sleep_until(until)).await?;
            stage.watch.lock().phase = next;
        }
        let before = stage.until(handle.summary()).await?;
        if let Some(node) = before.nodes.iter().find(|node| node.triggered) {
            return Err(format!("the breaker of {} is triggered, with all servers healthy", node.path));
        }
        self.drain(stage, &scenario.builder, handle).await
    }

    pub(super) async fn drain(
        &self,
        stage: &Stage,
        builder: &Builder,
        handle: Handle,
    ) -> Result<Summary, String> {
        let limit = stage.sim.now().plus(drain_limit(builder));
        let summary = stage.until(async {
            tokio::select! {
                biased;
                summary = handle.drain() => Some(summary),
                () = stage.sim.sleep_until(limit) => None,
            }
        });
        summary.await?.ok_or_else(|| "the drain does not end".to_owned())
    }

    pub(super) fn start(&self, stage: &Stage, builder: &Builder) -> Result<Handle, String> {
        let handle = builder.start_watched(&stage.sim, |instance, inner| {
            Box::new(Watched {
                inner,
                instance,
                watch: Arc::clone(&stage.watch),
                records: Arc::clone(&stage.records),
                rules: Rules::new(builder, instance, &self.servers),
                tap: Tap::default(),
                disk: stage.sim.disk().clone(),
                nodes: Vec::new(),
                is_over: false,
            })
        });
        handle.map_err(|error| format!("it does not start: {error}"))
    }

    /// What must be true of a run at its end.
    fn judge(&self, stage: &Stage, run: &Run) -> Result<(), String> {
        let summary = &run.summary;
        if !summary.panicked.is_empty() {
            return Err(format!("instances died of a panic: {}", summary.panicked.join(", ")));
        }
        if let Some(failure) = summary.failures.first() {
            return Err(failure.clone());
        }
        if summary.undelivered > 0 {
            return Err(format!("{} events stay undelivered\n{summary}", summary.undelivered));
        }
        if summary.kept > 0 {
            return Err(format!("{} events stay on disk\n{summary}", summary.kept));
        }
        if summary.lost > 0 && self.loses_nothing {
            return Err(format!("{} events are lost\n{summary}", summary.lost));
        }
        let mut probes = std::mem::take(&mut stage.watch.lock().probes);
        probes.iter_mut().try_for_each(|probe| probe.end(run))?;
        self.checks.iter().try_for_each(|check| check(run))
    }
}

fn drain_limit(builder: &Builder) -> Duration {
    drain_timeout(builder) + DRAIN_MARGIN
}

fn drain_timeout(builder: &Builder) -> Duration {
    Duration::from_millis(drain_timeout_ms(builder))
}

pub(super) fn drain_timeout_ms(builder: &Builder) -> u64 {
    match builder.setting("flow.drain_timeout") {
        Ok(foreshock_spec::Value::Int(ms)) => u64::try_from(ms).unwrap_or(0),
        _ => 0,
    }
}

/// What a run takes place in.
pub(super) struct Stage {
    pub(super) sim: Sim,
    pub(super) watch: Arc<Watch>,
    records: Arc<Mutex<Records>>,
}

impl Stage {
    /// A line for the journal, if somebody reads it.
    pub(super) fn tell(&self, line: impl FnOnce() -> String) {
        self.records.lock().expect("nobody panics while holding it").tell(self.sim.now(), line);
    }

    /// Waits for something, or for a verdict.
    pub(super) async fn until<T>(&self, what: impl Future<Output = T>) -> Result<T, String> {
        let done = tokio::select! {
            biased;
            () = self.watch.news.notified() => None,
            done = what => Some(done),
        };
        match (self.watch.lock().verdict.clone(), done) {
            (Some(verdict), _) => Err(verdict),
            (None, Some(done)) => Ok(done),
            (None, None) => Err("the simulation was woken for nothing".to_owned()),
        }
    }
}

impl Scenario {
    /// The last run begins now: if the ones before have taken longer than they were to, by waiting for a drain, all that is drawn
    /// for it is put off.
    fn put_off(&mut self, now: Time) {
        let late = now.since(self.last_at.min(now));
        for at in [&mut self.quiet_at, &mut self.steady_at, &mut self.drain_at] {
            *at = at.plus(late);
        }
        self.trouble = self.trouble.map(|trouble| trouble.later(late));
    }

    fn in_words(&self, stage: &Stage) -> String {
        let mut out = String::from("settings:\n");
        for (path, value) in self.builder.overridden() {
            let _ = writeln!(out, "  {path} = {value}");
        }
        out.push_str("servers:\n");
        for life in &self.lives {
            let _ = writeln!(out, "  {life}");
        }
        if let Some(Poison { one_in, code }) = self.lives.first().and_then(|life| life.poison) {
            let _ = writeln!(out, "  one event in {one_in} makes them close with {code}");
        }
        for episode in &self.episodes {
            let _ = writeln!(out, "a run {episode}");
        }
        if let Some(trouble) = self.trouble {
            let _ = writeln!(out, "in the last run: {trouble}");
        }
        let ms = |at: Time| at.as_duration().as_millis();
        let (quiet, steady, drain) = (ms(self.quiet_at), ms(self.steady_at), ms(self.drain_at));
        let _ = writeln!(
            out,
            "all are healthy from {quiet} ms on; steady from {steady} ms, drains at {drain} ms"
        );
        out.push_str("what happened:\n");
        let records = stage.records.lock().expect("nobody panics while holding it");
        for line in records.journal.iter().flatten() {
            let _ = writeln!(out, "  {line}");
        }
        out
    }
}
