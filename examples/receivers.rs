//! Several receivers on a thread of their own: they go on while the flow's own runtime drains and ends. And the `main` of
//! the examples that need them.

use std::io;
use std::process::ExitCode;
use std::thread::{self, JoinHandle};

use foreshock::Builder;
use tokio::runtime;
use tokio::sync::oneshot;

use crate::{Receiver, complain, print};

/// As the flow's `main()`, with a receiver for each of these offramps and ports where nobody listens yet; but for those whose
/// `url` is overridden: who says with `--set` where an offramp leads has a server there.
pub fn run_with_receivers(mut flow: Builder, servers: &[(&'static str, u16)]) -> ExitCode {
    if let Err(usage) = flow.arguments(std::env::args_os()) {
        return usage.show();
    }
    if flow.only_asks() {
        return flow.run();
    }
    let is_ours = |(name, _): &(&str, u16)| flow.is_overridden(&format!("offramp.{name}.url")) == Ok(false);
    let receivers = match Receivers::start(servers.iter().copied().filter(is_ours).collect()) {
        Ok(receivers) => receivers,
        Err(error) => return complain(&format!("no receivers: {error}"), 1),
    };
    let code = flow.run();
    receivers.stop();
    code
}

/// Running receivers; each prints what it gets with its name in front.
#[derive(Debug)]
pub struct Receivers {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Receivers {
    /// Starts a receiver on each port where nobody listens yet; when this returns, they listen.
    ///
    /// # Errors
    /// If a port cannot be listened on for another reason.
    pub fn start(servers: Vec<(&'static str, u16)>) -> io::Result<Receivers> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let receivers = runtime.block_on(bind(servers))?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                for (name, receiver) in receivers {
                    tokio::spawn(receiver.serve(move |frame| print(&format!("{name} {frame}"))));
                }
                // A sender that is dropped is as good as a message.
                let _ = stopped.await;
            });
        });
        Ok(Receivers { stop, thread })
    }

    /// Stops them all.
    pub fn stop(self) {
        drop(self.stop);
        // If it has panicked, it has said so itself.
        let _ = self.thread.join();
    }
}

async fn bind(servers: Vec<(&'static str, u16)>) -> io::Result<Vec<(&'static str, Receiver)>> {
    let mut receivers = Vec::new();
    for (name, port) in servers {
        match Receiver::bind(port).await {
            Ok(receiver) => receivers.push((name, receiver)),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                complain(&format!("{name}: somebody listens on port {port} already, and gets the events"), 0);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(receivers)
}
