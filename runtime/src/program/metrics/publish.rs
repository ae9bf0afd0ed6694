//! Publishes a flow's numbers through the `metrics` facade: once a second, and when the flow has ended. Who takes them there is
//! up to the program that the flow is in.

use std::time::Duration;

use metrics::Label;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::families::{Family, Number, Type, Unit, all, visit};
use super::{Seen, Watch};
use crate::program::Program;

/// How often numbers are published.
const EVERY: Duration = Duration::from_secs(1);

/// A task that publishes; it ends when this is dropped.
#[derive(Debug)]
pub(in crate::program) struct Publisher(JoinHandle<()>);

impl Publisher {
    /// Publishes what `watch` sees, from now on.
    pub(in crate::program) fn start(watch: Watch) -> Publisher {
        Publisher(tokio::spawn(run(watch)))
    }

    /// Stops, and publishes these as the last numbers. May be dropped and called again.
    pub(in crate::program) async fn finish(&mut self, program: &Program, instances: &[Seen<'_>]) {
        self.0.abort();
        // Its task may be publishing at this moment what it saw before. If this was waited for already, it has ended.
        if !self.0.is_finished() {
            let _ = (&mut self.0).await;
        }
        publish(program, instances);
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn run(mut watch: Watch) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    describe();
    loop {
        ticks.tick().await;
        let program = watch.program();
        publish(program, &watch.look().await);
    }
}

fn describe() {
    for (family, _) in all() {
        let (name, help) = (family.name, family.help);
        let unit = match family.unit {
            Unit::Count => metrics::Unit::Count,
            Unit::Bytes => metrics::Unit::Bytes,
            Unit::Seconds => metrics::Unit::Seconds,
        };
        if is_counter(family) {
            metrics::describe_counter!(name, unit, help);
        } else {
            metrics::describe_gauge!(name, unit, help);
        }
    }
}

/// Counters of the facade are whole numbers: seconds that only grow are a gauge there.
fn is_counter(family: &Family) -> bool {
    family.ty == Type::Counter && family.unit == Unit::Count
}

fn publish(program: &Program, instances: &[Seen<'_>]) {
    visit(program, instances, &mut |family, labels, number| {
        let labels: Vec<Label> =
            labels.iter().map(|(name, value)| Label::new(*name, (*value).to_owned())).collect();
        match number {
            Number::Whole(number) if is_counter(family) => {
                metrics::counter!(family.name, labels).absolute(number);
            }
            // Beyond 2^53 a gauge is not exact.
            Number::Whole(number) => metrics::gauge!(family.name, labels).set(number as f64),
            Number::Time(time) => metrics::gauge!(family.name, labels).set(time.as_secs_f64()),
        }
    });
}
