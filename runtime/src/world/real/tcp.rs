//! TCP connections: every address of a host, tried in turn. What is said over them is not here.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::world::real::names::Names;

/// How long an address may stay silent before the next one of the same host is tried too (RFC 8305 section 5 recommends
/// 250 ms). The silent one keeps its chance.
const HEAD_START: Duration = Duration::from_millis(250);

/// Opens a connection to the first address of the host that answers. Who asks waits `within` at most.
pub(super) async fn connect(names: &Names, host: &str, port: u16, within: Duration) -> io::Result<TcpStream> {
    let addresses = names.addresses(host, port).await.map_err(|error| unknown(host, &error))?;
    let stream = first_to_open(&addresses, head_start(within, addresses.len()), &TcpStream::connect).await?;
    // Batches are made by the sinks; the kernel need not wait for more.
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Why a host has no address.
fn unknown(host: &str, error: &io::Error) -> io::Error {
    let text = format!("no address is known of the host `{host}`: {error}; look whether its name is right");
    io::Error::new(error.kind(), text)
}

/// How long each of so many addresses may stay silent, so that the last one is tried before `within` is over.
fn head_start(within: Duration, addresses: usize) -> Duration {
    let parts = u32::try_from(addresses).unwrap_or(u32::MAX).saturating_add(1);
    HEAD_START.min(within / parts)
}

/// Opens the addresses in their order, each when the one before it has failed or has had its `head_start`; gives the
/// first stream there is, and drops what else was on its way. The failure it tells, if all fail, is the last address's.
async fn first_to_open<S, F>(
    addresses: &[SocketAddr],
    head_start: Duration,
    open: &impl Fn(SocketAddr) -> F,
) -> io::Result<S>
where
    F: Future<Output = io::Result<S>>,
{
    let Some((address, others)) = addresses.split_first() else {
        return Err(io::Error::new(io::ErrorKind::NotFound, "the host name has no address"));
    };
    let mut opening = pin!(async {
        let opened = open(*address).await;
        opened.map_err(|error| io::Error::new(error.kind(), format!("{address}: {error}")))
    });
    if others.is_empty() {
        return opening.await;
    }
    let early = timeout(head_start, &mut opening).await;
    let mut opening_others = pin!(Box::pin(first_to_open(others, head_start, open)));
    match early {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(_)) => opening_others.await,
        Err(_silent) => tokio::select! {
            biased;
            opened = &mut opening => match opened {
                Ok(stream) => Ok(stream),
                Err(_) => opening_others.await,
            },
            opened = &mut opening_others => match opened {
                Ok(stream) => Ok(stream),
                Err(failure) => opening.await.map_err(|_| failure),
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;
    use tokio::time::Instant;

    async fn check_connects(listen: &str, connect_to: &str) {
        let listener = TcpListener::bind((listen, 0)).await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let stream =
            connect(&Names::default(), connect_to, port, Duration::MAX).await.expect("somebody listens");
        assert!(stream.nodelay().expect("it is open"), "{connect_to}: bytes wait for more");
    }

    #[tokio::test]
    async fn connects_to_literals_and_to_names_of_several_addresses() {
        check_connects("127.0.0.1", "127.0.0.1").await;
        check_connects("127.0.0.1", "localhost").await;
    }

    #[tokio::test]
    async fn a_refused_connection_says_which_address_refused() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        drop(listener);
        let error =
            connect(&Names::default(), "127.0.0.1", port, Duration::MAX).await.expect_err("nobody listens");
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
        assert!(error.to_string().contains("127.0.0.1"), "{error}");
    }

    /// Of the host's two addresses the one that somebody listens on is found, in whichever order they are tried.
    #[tokio::test]
    async fn of_two_families_either_may_be_dead() {
        for live in ["127.0.0.1", "::1"] {
            // Not every host has IPv6.
            let Ok(listener) = TcpListener::bind((live, 0)).await else { continue };
            let port = listener.local_addr().expect("it is bound").port();
            for order in [["127.0.0.1", "::1"], ["::1", "127.0.0.1"]] {
                let addresses = order.map(|ip| SocketAddr::new(ip.parse().expect("an address"), port));
                let head_start = Duration::from_secs(60);
                let stream = first_to_open(&addresses, head_start, &TcpStream::connect).await;
                let stream = stream.unwrap_or_else(|error| panic!("{live} of {order:?}: {error}"));
                assert_eq!(stream.peer_addr().expect("it is open").ip().to_string(), live, "{order:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_host_without_an_address_is_told_with_its_name() {
        let error = connect(&Names::default(), "nowhere.invalid", 80, Duration::MAX)
            .await
            .expect_err("nobody has this name");
        let text = error.to_string();
        assert!(text.starts_with("no address is known of the host `nowhere.invalid`: "), "{text}");
    }

    /// What an address does when it is tried.
    #[derive(Clone, Copy, Debug)]
    enum Does {
        OpensAfterMs(u64),
        FailsAfterMs(u64),
        Nothing,
    }
    use Does::{FailsAfterMs, Nothing, OpensAfterMs};

    /// Tries addresses (10.0.0.0, 10.0.0.1, …) that behave so, giving up after `limit_ms`; tells which opened or whose
    /// failure it was, when, and when each was tried.
    async fn check(hosts: &[Does], limit_ms: u64, expected: &str, tried_at_ms: &[u64]) {
        let address = |n: usize| SocketAddr::from(([10, 0, 0, u8::try_from(n).expect("few")], 80));
        let addresses: Vec<_> = (0..hosts.len()).map(address).collect();
        let tried = std::cell::RefCell::new(Vec::new());
        let started = Instant::now();
        let open = |address: SocketAddr| {
            tried.borrow_mut().push(started.elapsed().as_millis());
            let n = addresses.iter().position(|other| *other == address).expect("one of them");
            async move {
                let after = |ms| tokio::time::sleep(Duration::from_millis(ms));
                match hosts[n] {
                    OpensAfterMs(ms) => after(ms).await,
                    FailsAfterMs(ms) => {
                        after(ms).await;
                        return Err(io::ErrorKind::ConnectionRefused.into());
                    }
                    Nothing => std::future::pending().await,
                }
                Ok(address)
            }
        };
        let result = timeout(
            Duration::from_millis(limit_ms),
            first_to_open(&addresses, head_start(Duration::from_millis(limit_ms), addresses.len()), &open),
        )
        .await;
        let result = match result {
            Ok(Ok(address)) => format!("{address} opened"),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "given up".to_owned(),
        };
        let at = started.elapsed().as_millis();
        assert_eq!(format!("{result} at {at}"), expected, "{hosts:?}");
        let tried_at_ms: Vec<u128> = tried_at_ms.iter().map(|ms| u128::from(*ms)).collect();
        assert_eq!(tried.into_inner(), tried_at_ms, "{hosts:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_address_holds_up_the_next_one_for_a_short_time_only() {
        check(&[Nothing, OpensAfterMs(5)], 1000, "10.0.0.1:80 opened at 255", &[0, 250]).await;
        check(&[Nothing, Nothing, OpensAfterMs(5)], 1000, "10.0.0.2:80 opened at 505", &[0, 250, 500]).await;
        check(
            &[Nothing, FailsAfterMs(5), OpensAfterMs(5)],
            1000,
            "10.0.0.2:80 opened at 260",
            &[0, 250, 255],
        )
        .await;
        check(&[Nothing, Nothing], 1000, "given up at 1000", &[0, 250]).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_patience_is_shared_out_among_the_addresses() {
        check(&[Nothing, OpensAfterMs(5)], 90, "10.0.0.1:80 opened at 35", &[0, 30]).await;
        check(&[Nothing, Nothing, OpensAfterMs(1)], 8, "10.0.0.2:80 opened at 5", &[0, 2, 4]).await;
        check(&[Nothing, OpensAfterMs(5)], 749, "10.0.0.1:80 opened at 255", &[0, 250]).await;
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_address_that_opens_is_taken_late_ones_too() {
        check(&[OpensAfterMs(10), OpensAfterMs(0)], 1000, "10.0.0.0:80 opened at 10", &[0]).await;
        check(&[OpensAfterMs(300), Nothing], 1000, "10.0.0.0:80 opened at 300", &[0, 250]).await;
        check(&[OpensAfterMs(700), FailsAfterMs(5)], 1000, "10.0.0.0:80 opened at 700", &[0, 250]).await;
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_that_fails_makes_way_at_once_and_the_last_failure_is_told() {
        let refused = "connection refused";
        check(&[FailsAfterMs(0), OpensAfterMs(0)], 1000, "10.0.0.1:80 opened at 0", &[0, 0]).await;
        let both = [FailsAfterMs(5), FailsAfterMs(5)];
        check(&both, 1000, &format!("10.0.0.1:80: {refused} at 10"), &[0, 5]).await;
        let late_first = [FailsAfterMs(400), FailsAfterMs(5)];
        check(&late_first, 1000, &format!("10.0.0.1:80: {refused} at 400"), &[0, 250]).await;
        check(&[], 1000, "the host name has no address at 0", &[]).await;
    }
}
