//! What a running flow tells operators in numbers: the families of metrics, the look at the drivers that they come from, and the
//! two ways out: the `metrics` facade (feature `metrics`), and a page that Prometheus reads (feature `prometheus`). Names
//! and meanings are told to users in `docs/operations.md`.
//!
//! Nothing is counted here, and nothing on the way of an event: the numbers are those of the summary, asked for from beside.

mod families;
#[cfg(feature = "prometheus")]
mod page;
#[cfg(feature = "metrics")]
mod publish;
#[cfg(feature = "prometheus")]
mod server;
mod watch;

#[cfg(test)]
mod tests;

#[cfg(feature = "metrics")]
pub(super) use publish::Publisher;
#[cfg(feature = "prometheus")]
pub(super) use server::Exporter;
pub(super) use watch::{Seen, Watch};
