//! What the settings say.

use super::super::config::{AckLevel, Target, WsConfig};
use super::rig::settings;
use crate::core::Endpoint;

/// `host port header resource`.
fn check(url: &str, expected: &str) {
    let Target { endpoint, host, resource } = Target::of(url, Some("ca.pem"));
    let address = match endpoint {
        Endpoint::Tcp { host, port } => format!("{host} {port}"),
        Endpoint::Tls { host, port, ca_file } => format!("{host} {port} {}", ca_file.unwrap()),
        other => panic!("{other:?} is no connection"),
    };
    assert_eq!(format!("{address} {host} {resource}"), expected, "`{url}`");
}

#[test]
fn a_url_names_endpoint_host_header_and_resource() {
    check("ws://localhost:8080/", "localhost 8080 localhost:8080 /");
    check("ws://localhost:8080", "localhost 8080 localhost:8080 /");
    check("ws://example.org/a/b?c=d&e", "example.org 80 example.org /a/b?c=d&e");
    check("ws://example.org?c=d", "example.org 80 example.org /?c=d");
    check("WS://example.org:80/x", "example.org 80 example.org /x");
    check("ws://[::1]:9000/x", "::1 9000 [::1]:9000 /x");
    check("ws://[fe80::1]/", "fe80::1 80 [fe80::1] /");
    check("wss://example.org", "example.org 443 ca.pem example.org /");
    check("wss://example.org:443/x?y", "example.org 443 ca.pem example.org /x?y");
    check("WSS://[::1]:80/", "::1 80 ca.pem [::1]:80 /");
    check("ws://example.org:443/", "example.org 443 example.org:443 /");
}

#[test]
fn what_the_flow_does_not_say_the_registry_does() {
    let (settings, ..) = settings("");
    let config = WsConfig::from(&settings.of(0));
    assert_eq!(config.ack, AckLevel::Received);
    assert_eq!(
        [
            config.connect_timeout,
            config.backoff_min,
            config.backoff_max,
            config.ack_timeout,
            config.keepalive
        ],
        [5000, 100, 10_000, 5000, 15_000]
    );
    assert_eq!([config.window_events, config.window_bytes, config.max_frame_bytes], [256, 1 << 20, 1 << 16]);
}
