//! Addresses of host names, as the system's resolver tells them. It may take long, cannot be interrupted, and may hang: so each
//! lookup has a thread of its own, and of one host there is one lookup at a time, for all who ask meanwhile. So there are never
//! more of these threads than a flow has hosts.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::watch;

/// The lookups, by host. A clone is the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    lookups: Arc<Mutex<BTreeMap<String, Lookup>>>,
}

/// The answer to a lookup, once there is one; whoever gives it holds the other end for as long as the lookup runs.
type Lookup = watch::Receiver<Option<Answer>>;

/// Why there is none, as an error can be given to several who ask.
type Answer = Result<Vec<IpAddr>, (io::ErrorKind, String)>;

impl Names {
    /// The addresses of a host. Who no longer wants to know drops this; the lookup goes on, and who asks next gets what it finds.
    ///
    /// # Errors
    /// What the resolver says, or that there is no thread.
    pub(super) async fn addresses(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        self.addresses_by(host, port, resolve).await
    }

    async fn addresses_by(
        &self,
        host: &str,
        port: u16,
        resolve: impl FnOnce(&str) -> io::Result<Vec<IpAddr>> + Send + 'static,
    ) -> io::Result<Vec<SocketAddr>> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let mut lookup = self.lookup(host, resolve)?;
        let answer = lookup.wait_for(Option::is_some).await;
        match answer.map_err(|_| io::Error::other("the thread that looks it up died"))?.as_ref() {
            Some(Ok(addresses)) => Ok(addresses.iter().map(|ip| SocketAddr::new(*ip, port)).collect()),
            Some(Err((kind, text))) => Err(io::Error::new(*kind, text.clone())),
            None => unreachable!("it was waited for"),
        }
    }

    /// The lookup of a host that runs, or a new one.
    fn lookup(
        &self,
        host: &str,
        resolve: impl FnOnce(&str) -> io::Result<Vec<IpAddr>> + Send + 'static,
    ) -> io::Result<Lookup> {
        // Who panicked before has put nothing half into it.
        let mut lookups = self.lookups.lock().unwrap_or_else(PoisonError::into_inner);
        // An error: nobody can answer any more, since it is over.
        if let Some(running) = lookups.get(host).filter(|lookup| lookup.has_changed().is_ok()) {
            return Ok(running.clone());
        }
        let (told, lookup) = watch::channel(None);
        let name = host.to_owned();
        let look = move || {
            let answer = resolve(&name).map_err(|error| (error.kind(), error.to_string()));
            told.send_replace(Some(answer));
        };
        thread::Builder::new().name("io-resolver".to_owned()).spawn(look)?;
        lookups.insert(host.to_owned(), lookup.clone());
        Ok(lookup)
    }
}

fn resolve(host: &str) -> io::Result<Vec<IpAddr>> {
    Ok((host, 0).to_socket_addrs()?.map(|address| address.ip()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::{SyncSender, sync_channel};
    use std::time::Duration;
    use tokio::time::timeout;

    const IP: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));

    /// Resolvers that hang until they are told to go on, and how many there were.
    #[derive(Default)]
    struct Hanging {
        begun: Arc<AtomicUsize>,
        waiting: Vec<SyncSender<()>>,
    }

    impl Hanging {
        fn resolver(&mut self) -> impl FnOnce(&str) -> io::Result<Vec<IpAddr>> + Send + 'static {
            let (go_on, told) = sync_channel(1);
            self.waiting.push(go_on);
            let begun = Arc::clone(&self.begun);
            move |host| {
                begun.fetch_add(1, Ordering::SeqCst);
                told.recv().map_err(io::Error::other)?;
                if host == "nowhere" { Err(io::ErrorKind::NotFound.into()) } else { Ok(vec![IP]) }
            }
        }

        fn go_on(&self) {
            for waiting in &self.waiting {
                // Some of them never began.
                let _ = waiting.try_send(());
            }
        }
    }

    /// Asks and gives up, again and again.
    async fn give_up(names: &Names, hanging: &mut Hanging, host: &str, times: usize) {
        for _ in 0..times {
            let asked = names.addresses_by(host, 80, hanging.resolver());
            assert!(timeout(Duration::from_millis(1), asked).await.is_err(), "{host}: it hangs");
        }
    }

    #[tokio::test]
    async fn attempts_that_are_given_up_share_one_lookup_for_each_host() {
        let (names, mut hanging) = (Names::default(), Hanging::default());
        give_up(&names, &mut hanging, "a", 20).await;
        give_up(&names.clone(), &mut hanging, "b", 20).await;
        let last = tokio::spawn({
            let (names, resolver) = (names.clone(), hanging.resolver());
            async move { names.addresses_by("a", 81, resolver).await }
        });
        tokio::task::yield_now().await;
        hanging.go_on();
        let found = last.await.expect("no panic").expect("the resolver goes on");
        assert_eq!(found, [SocketAddr::new(IP, 81)]);
        names.addresses_by("b", 80, |_| Ok(vec![IP])).await.expect("it has gone on too");
        assert_eq!(hanging.begun.load(Ordering::SeqCst), 2, "lookups");
    }

    #[tokio::test]
    async fn an_answer_holds_for_who_waited_and_nobody_else() {
        let names = Names::default();
        for (ip, text) in [([10, 0, 0, 1], "10.0.0.1:80"), ([10, 0, 0, 2], "10.0.0.2:80")] {
            // The thread before may be about to end, and its answer still hold.
            let mut found = String::new();
            while found != text {
                tokio::task::yield_now().await;
                let addresses = names.addresses_by("a", 80, move |_| Ok(vec![ip.into()])).await;
                found = addresses.expect("it has one")[0].to_string();
            }
        }
        let error = names.addresses_by("b", 80, |_| Err(io::ErrorKind::NotFound.into())).await;
        assert_eq!(error.expect_err("it has none").kind(), io::ErrorKind::NotFound);
    }

    #[tokio::test]
    async fn a_resolver_that_panics_is_an_error_and_the_next_one_is_asked() {
        let names = Names::default();
        let died = names.addresses_by("a", 80, |_| panic!("a test")).await;
        assert_eq!(died.expect_err("it died").to_string(), "the thread that looks it up died");
        assert!(names.addresses_by("a", 80, |_| Ok(vec![IP])).await.is_ok());
    }

    #[tokio::test]
    async fn an_address_needs_no_lookup() {
        let names = Names::default();
        for host in ["127.0.0.1", "::1"] {
            let found = names.addresses_by(host, 80, |_| panic!("a lookup")).await.expect("it is one");
            assert_eq!(found, [SocketAddr::new(host.parse().expect("an address"), 80)]);
        }
        assert!(names.lookups.lock().expect("no panic").is_empty());
    }
}
