//! Nobody there: refused connections, names without an address, hosts of which one address is dead.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};

use foreshock_tests::harness::free_port;

use crate::peer::{Peer, healthy};
use crate::stage::{Stage, script};

/// With this url the hostile sink never connects, and the log says why. A resolver may take its time.
fn check_nobody(test: &str, url: &str, words: &[&str]) {
    let mut stage =
        Stage::with(test, Peer::new(script(healthy)), url, None, &["connect_timeout=20000".to_owned()]);
    stage.check(
        url,
        script(healthy),
        |seen| seen.confirmed == 0,
        &[&["cannot connect", "retry_ms="], words].concat(),
    );
    let ended = stage.end();
    ended.assert_whole();
    assert_eq!(ended.summary.count("offramp.ws0", "connects"), 0);
}

#[test]
fn where_nobody_listens_the_log_says_which_address_refused() {
    let port = free_port();
    let refused = format!("127.0.0.1:{port}: Connection refused");
    check_nobody("refused", &format!("ws://127.0.0.1:{port}/"), &[&refused]);
}

#[test]
fn a_name_without_an_address_is_told() {
    let words = ["no address is known of the host `nowhere.invalid`", "look whether its name is right"];
    check_nobody("nowhere", "ws://nowhere.invalid/", &words);
    check_nobody("nowhere-tls", "wss://nowhere.invalid/", &words);
}

/// A peer listens on one address of the host only: events arrive all the same.
fn check_arrives(host: &str, ip: IpAddr) {
    let calm = script(healthy);
    let Ok(peer) = Peer::on(ip, calm.clone()) else { return };
    let url = format!("ws://{host}:{}/", peer.port());
    let stage = Stage::with("families", peer, &url, Some(calm), &["connect_timeout=20000".to_owned()]);
    let ended = stage.end();
    ended.assert_whole();
    assert_eq!(ended.summary.count("offramp.ws0", "failed_connects"), 0, "{url}: {}", ended.stderr);
}

/// A host that has no IPv6, or whose `localhost` has one address only, tests less; `first_to_open`'s own tests do not depend on that.
#[test]
fn of_a_host_with_two_addresses_either_may_be_dead() {
    check_arrives("127.0.0.1", Ipv4Addr::LOCALHOST.into());
    check_arrives("[::1]", Ipv6Addr::LOCALHOST.into());
    let addresses: Vec<IpAddr> =
        ("localhost", 0).to_socket_addrs().unwrap().map(|address| address.ip()).collect();
    for ip in addresses {
        check_arrives("localhost", ip);
    }
}
