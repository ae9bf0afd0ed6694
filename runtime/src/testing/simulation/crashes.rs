//! What befalls the machine that a simulated flow runs on: its process is killed, its power fails, its disk is slow, full,
//! failing or gone. A flow goes through several runs so, each of which finds what the ones before have left on the disk. What is
//! drawn is here, and the runs before the last one; the last one is the scene's.

use std::fmt;
use std::future::{pending, ready};
use std::time::Duration;

use super::Simulation;
use super::scene::{Scenario, Stage, drain_timeout_ms};
use super::watch::Ending;
use crate::core::Time;
use crate::program::{Builder, Handle};
use crate::testing::Dice;
use crate::testing::sim::{Crash, RequestKind, Sim};
use crate::world::World;

/// A disk that misbehaves does so for that long at most (milliseconds): a log waits twice as long at most until it tries again.
const LONGEST_TROUBLE_MS: u64 = 150;
/// After that time (milliseconds) a log has got over what its disk did: waits of 100 and 200 ms, and what it has to write anew.
pub(super) const DISK_SETTLES_MS: u64 = 700;
/// A log has opened after that time (milliseconds), if its disk is well.
const OPENS_WITHIN_MS: u64 = 150;
/// A log tries again behind a first failure after that time (milliseconds).
const FIRST_RETRY_MS: u64 = 100;
/// Where the machine is started again and again, a run takes so long at most (milliseconds), beside that wait.
const WEAK_RUN_MS: u64 = 63;
/// A run that is drained before the last one has so much time for it at most (milliseconds), or as much as the flow has.
const LONGEST_DRAIN_MS: u64 = 255;
/// A slow disk takes so long for a request at most.
const SLOWEST: u64 = 20;

/// A run that is not the last one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Episode {
    until: Time,
    /// The disk stops before, and what ends the run happens then.
    stop: Option<Stop>,
    trouble: Option<Trouble>,
    ending: Ending,
    /// It has no more time for its drain (milliseconds).
    drain_ms: u64,
}

/// After so much the disk stops.
#[derive(Clone, Copy, Debug)]
enum Stop {
    Requests(u64),
    Bytes(u64),
    /// Requests of one kind, of which it meets others only by chance.
    At(RequestKind, u64),
}

/// What a disk does for a while.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trouble {
    from: Time,
    until: Time,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Fails(RequestKind, u64),
    /// It has so many bytes for all files.
    Full(u64),
    ReadOnly,
    /// So many milliseconds for a request, at most.
    Slow(u64),
    /// Somebody removes the directories. What was promised is in memory then, and nowhere else.
    Vanishes,
}

impl Episode {
    /// Draws the runs before the last one, which begins at `until` at the latest; and what the disk does in that.
    pub(super) fn draw(dice: &mut Dice, until: Time, quiet_at: Time) -> (Vec<Episode>, Option<Trouble>) {
        let all_ms = ms(until).max(1);
        let longest_ms = dice.magnitude(all_ms.div_ceil(8), all_ms);
        // A sync fails now and then, and the machine is started again and again: what goes wrong comes together.
        let is_weak = dice.chance(25);
        let (mut episodes, mut at) = (Vec::new(), Time::ZERO);
        loop {
            let is_trying = is_weak && dice.chance(50);
            let end = at.plus_ms(match (is_weak, is_trying) {
                (false, _) => dice.magnitude(1, longest_ms),
                (true, false) => dice.magnitude(1, WEAK_RUN_MS),
                (true, true) => FIRST_RETRY_MS + dice.magnitude(1, WEAK_RUN_MS),
            });
            if end >= until || dice.chance(5) {
                break;
            }
            let ending = match dice.between(0, 99) {
                0..=39 => Ending::Killed(Crash::Process),
                40..=79 => Ending::Killed(Crash::Power),
                _ => Ending::Drained,
            };
            let stop = if is_trying && dice.chance(50) {
                // What was written anew is safe, and the old segment still there.
                Some(Stop::At(RequestKind::Remove, dice.magnitude(1, 4) - 1))
            } else {
                dice.chance(50).then(|| Stop::draw(dice))
            };
            let stop = stop.filter(|_| ending != Ending::Drained);
            let trouble = if is_trying {
                Some(Trouble { from: at, until: end, kind: Kind::Fails(RequestKind::Sync, 1) }.begun(dice))
            } else {
                dice.chance(35).then(|| Trouble::draw(dice, at, end, false))
            };
            let drain_ms = dice.magnitude(1, LONGEST_DRAIN_MS);
            episodes.push(Episode { until: end, stop, trouble, ending, drain_ms });
            at = end;
        }
        let last = dice.chance(35).then(|| Trouble::draw(dice, at, quiet_at, true));
        (episodes, last)
    }
}

impl Stop {
    fn draw(dice: &mut Dice) -> Stop {
        match dice.between(0, 9) {
            0..=2 => Stop::Requests(dice.magnitude(1, 256) - 1),
            3..=5 => Stop::Bytes(dice.magnitude(1, 32_768) - 1),
            6..=8 => Stop::At(RequestKind::Remove, dice.magnitude(1, 16) - 1),
            _ => Stop::At(dice.one_of(&[RequestKind::SyncDirectory, RequestKind::Rename]), 0),
        }
    }
}

impl Trouble {
    fn draw(dice: &mut Dice, from: Time, until: Time, is_last: bool) -> Trouble {
        let begin = from.plus_ms(dice.between(0, ms(until) - ms(from)));
        let end = begin.plus_ms(dice.magnitude(1, LONGEST_TROUBLE_MS)).min(until);
        use RequestKind::{Append, Remove, Rename, Sync, SyncDirectory};
        let kinds = [Append, Append, Sync, Sync, SyncDirectory, Remove, Rename, RequestKind::Open];
        let kind = match dice.between(0, 99) {
            0..=34 => Kind::Fails(dice.one_of(&kinds), dice.magnitude(1, 8)),
            35..=54 => Kind::Fails(dice.one_of(&kinds), u64::MAX),
            55..=69 => Kind::Full(dice.magnitude(64, 65_536)),
            70..=79 => Kind::ReadOnly,
            // Not while it is opened: nobody else has what was kept.
            80..=89 if is_last && begin >= from.plus_ms(OPENS_WITHIN_MS) => Kind::Vanishes,
            _ => Kind::Slow(dice.magnitude(1, SLOWEST)),
        };
        Trouble { from: begin, until: end, kind }
    }

    /// The same, and it begins some time later, so that the log has tried again before the run ends.
    fn begun(self, dice: &mut Dice) -> Trouble {
        let all = ms(self.until) - ms(self.from);
        let after = dice.between(0, all.saturating_sub(FIRST_RETRY_MS));
        Trouble { from: self.from.plus_ms(after), ..self }
    }

    /// The same, so much later.
    pub(super) fn later(self, by: Duration) -> Trouble {
        Trouble { from: self.from.plus(by), until: self.until.plus(by), ..self }
    }

    /// Begins and ends when its time has come; then waits for ever.
    async fn happen(self, sim: &Sim) {
        sim.sleep_until(self.from).await;
        let disk = sim.disk();
        match self.kind {
            Kind::Fails(kind, u64::MAX) => disk.fail_all(kind),
            Kind::Fails(kind, times) => disk.fail_next(kind, times),
            Kind::Full(bytes) => disk.limit_space(bytes),
            Kind::ReadOnly => disk.set_read_only(),
            Kind::Slow(most) => disk.set_latency(Duration::ZERO, Duration::from_millis(most)),
            Kind::Vanishes => disk.directories().iter().for_each(|path| disk.remove_directory(path)),
        }
        sim.sleep_until(self.until).await;
        heal(sim);
        pending().await
    }
}

/// All is well with the disk.
fn heal(sim: &Sim) {
    sim.disk().heal();
    sim.disk().set_latency(Duration::ZERO, Duration::from_millis(2));
}

fn ms(at: Time) -> u64 {
    u64::try_from(at.as_duration().as_millis()).unwrap_or(u64::MAX)
}

impl Simulation {
    /// The runs before the last one.
    pub(super) async fn play_episodes(&self, stage: &Stage, scenario: &Scenario) -> Result<(), String> {
        for episode in &scenario.episodes {
            self.play_episode(stage, &scenario.builder, *episode).await?;
        }
        Ok(())
    }

    async fn play_episode(&self, stage: &Stage, builder: &Builder, episode: Episode) -> Result<(), String> {
        let sim = &stage.sim;
        match episode.stop {
            Some(Stop::Requests(requests)) => sim.disk().freeze_after_requests(requests),
            Some(Stop::Bytes(bytes)) => sim.disk().freeze_after_bytes(bytes),
            Some(Stop::At(kind, after)) => sim.disk().freeze_at(kind, after),
            None => {}
        }
        let mut builder = builder.clone();
        if episode.ending == Ending::Drained {
            let drain_ms = episode.drain_ms.min(drain_timeout_ms(&builder));
            builder.set("flow.drain_timeout", drain_ms).map_err(|error| error.to_string())?;
        }
        let handle = self.start(stage, &builder)?;
        let trouble = async {
            match episode.trouble {
                Some(trouble) => trouble.happen(sim).await,
                None => pending().await,
            }
        };
        let over = async {
            tokio::select! {
                biased;
                () = sim.disk().frozen() => {}
                () = sim.sleep_until(episode.until) => {}
                () = trouble => {}
            }
        };
        stage.until(over).await?;
        heal(sim);
        stage.tell(|| format!("the run ends: {:?}", episode.ending));
        match episode.ending {
            Ending::Drained => self.drain(stage, &builder, handle).await.map(drop)?,
            Ending::Killed(crash) => {
                handle.kill();
                sim.crash_disk(crash);
            }
        }
        stage.watch.lock().endings.push(episode.ending);
        // What was killed goes now.
        stage.until(sim.sleep(Duration::from_millis(1))).await
    }

    /// Starts the last run, and lets happen to its disk what is drawn, until servers are healthy. If it has found its disk
    /// failing when it opened its logs, it can never go on; and is started again when the disk is well.
    pub(super) async fn play_last(&self, stage: &Stage, scenario: &Scenario) -> Result<Handle, String> {
        let sim = &stage.sim;
        let mut handle = self.start(stage, &scenario.builder)?;
        let Some(trouble) = scenario.trouble else {
            stage.until(sim.sleep_until(scenario.quiet_at)).await?;
            return Ok(handle);
        };
        let over = async {
            tokio::select! {
                biased;
                () = trouble.happen(sim) => {}
                () = sim.sleep_until(scenario.quiet_at) => {}
            }
        };
        stage.until(over).await?;
        heal(sim);
        let has_ended = tokio::select! {
            biased;
            () = handle.failed() => true,
            () = ready(()) => false,
        };
        if !has_ended && stage.until(handle.summary()).await?.failures.is_empty() {
            return Ok(handle);
        }
        stage.tell(|| "the run has failed, and is started again".to_owned());
        handle.kill();
        sim.crash_disk(Crash::Process);
        stage.watch.lock().endings.push(Ending::Killed(Crash::Process));
        stage.until(sim.sleep(Duration::from_millis(1))).await?;
        self.start(stage, &scenario.builder)
    }
}

/// In words, for who reads what a seed has drawn.
impl fmt::Display for Episode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "until {} ms, then {:?}", ms(self.until), self.ending)?;
        if let Some(stop) = self.stop {
            write!(f, "; the disk stops after {stop:?}, and that is the end")?;
        }
        self.trouble.map_or(Ok(()), |trouble| write!(f, "; {trouble}"))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} from {} to {} ms", self.kind, ms(self.from), ms(self.until))
    }
}
