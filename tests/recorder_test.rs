//! The recording receiver itself, tried with a plain websocket client: what the other tests build on.

use std::net::TcpStream;
use std::time::Duration;

use foreshock_tests::harness::{Directory, Entry, Life, PATIENCE, Program, Server, until};
use tokio_tungstenite::tungstenite::{Message, WebSocket, client};

type Client = WebSocket<TcpStream>;

fn server(test: &str, switches: &str) -> (Directory, Server) {
    let directory = Directory::new(test);
    let mut server =
        Server::new(&Program::new(env!("CARGO_BIN_EXE_recorder")), &directory, "server", switches);
    server.start();
    (directory, server)
}

fn connect(server: &Server) -> Client {
    let stream = TcpStream::connect(("127.0.0.1", server.port())).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time above zero");
    stream.set_nodelay(true).expect("it is open");
    client(server.url(), stream).expect("it speaks websocket").0
}

fn event(id: u64) -> Message {
    Message::text(format!("{{\"id\":{id}}}"))
}

/// Waits until the server's last life has as many entries.
fn entries(server: &mut Server, number: usize) -> Vec<Entry> {
    until(&format!("{number} entries"), || {
        let entries = &server.lives().last().expect("it was started").entries;
        if entries.len() >= number { Ok(entries.clone()) } else { Err(format!("{entries:?}")) }
    })
}

fn text(connection: u64, id: u64) -> Entry {
    Entry::Text { connection, id, json: format!("{{\"id\":{id}}}") }
}

#[test]
fn a_frame_is_on_record_before_the_ping_behind_it_is_answered() {
    let (_directory, mut server) = server("order", "");
    let mut client = connect(&server);
    for id in 0..50 {
        client.send(event(id)).unwrap();
        client.send(Message::Ping(id.to_string().into())).unwrap();
        assert_eq!(client.read().unwrap(), Message::Pong(id.to_string().into()));
        assert_eq!(server.ids().last(), Some(&id), "the pong came first");
    }
    client.close(None).unwrap();
    while client.read().is_ok() {}
    let entries = entries(&mut server, 102);
    assert_eq!(entries[..3], [Entry::Open(1), text(1, 0), Entry::Pong(1)]);
    assert_eq!(entries[101], Entry::End(1));
}

#[test]
fn a_mute_server_takes_frames_and_answers_only_so_many_pings() {
    let (_directory, mut server) = server("mute", "--mute-after 1");
    let mut client = connect(&server);
    client.send(Message::Ping("a".into())).unwrap();
    client.send(event(0)).unwrap();
    client.send(Message::Ping("b".into())).unwrap();
    client.send(event(1)).unwrap();
    assert_eq!(entries(&mut server, 4), [Entry::Open(1), Entry::Pong(1), text(1, 0), text(1, 1)]);
    assert_eq!(server.lives()[0].unconfirmed(), [0, 1].into());
}

#[test]
fn a_server_hangs_up_when_it_was_told_to() {
    let (_directory, deaf) = server("hang-up-accept", "--hang-up accept");
    let stream = TcpStream::connect(("127.0.0.1", deaf.port())).unwrap();
    assert!(client(deaf.url(), stream).is_err(), "no handshake");

    let (_directory, curt) = server("hang-up-handshake", "--hang-up handshake");
    assert!(connect(&curt).read().is_err());

    let (_directory, mut counting) = server("hang-up-frames", "--hang-up 2");
    let mut client = connect(&counting);
    for id in 0..5 {
        let _ = client.send(event(id));
    }
    assert!(client.read().is_err());
    let expected = [Entry::Open(1), text(1, 0), text(1, 1), Entry::End(1)];
    assert_eq!(entries(&mut counting, 4), expected);
}

#[test]
fn a_refused_frame_is_answered_with_close_code_1009() {
    let (_directory, mut server) = server("refuse", "--refuse \"id\":7");
    let mut client = connect(&server);
    client.send(event(6)).unwrap();
    client.send(event(7)).unwrap();
    match client.read().unwrap() {
        Message::Close(Some(frame)) => assert_eq!(u16::from(frame.code), 1009),
        other => panic!("{other:?}"),
    }
    let expected = [Entry::Open(1), text(1, 6), Entry::Refused { connection: 1, id: 7 }];
    assert_eq!(entries(&mut server, 3)[..3], expected);
}

/// A client's frame of `event(1)`: head, mask, and `{"id":1}`.
const FRAME: u64 = 2 + 4 + 8;

/// Behind the handshake of its first connection.
fn order_cut(server: &mut Server, bytes: u64) {
    assert_eq!(entries(server, 1), [Entry::Open(1)]);
    server.cut(bytes);
    assert_eq!(entries(server, 2)[1], Entry::Ordered(bytes));
}

/// How many of five frames are on record when the connection is cut off after so many bytes?
fn check_cut(bytes: u64, expected: usize) {
    let (_directory, mut server) = server("cut", "");
    let mut client = connect(&server);
    order_cut(&mut server, bytes);
    for _ in 0..5 {
        let _ = client.send(event(1));
    }
    assert!(client.read().is_err(), "it hangs up without a word");
    let recorded = entries(&mut server, 4 + expected);
    assert_eq!(recorded.iter().filter(|entry| **entry == text(1, 1)).count(), expected, "{recorded:?}");
    assert!(recorded.contains(&Entry::Cut(1)) && recorded.last() == Some(&Entry::End(1)), "{recorded:?}");

    connect(&server).send(event(2)).expect("it was just opened");
    until("a frame over another connection", || {
        if server.ids().last() == Some(&2) { Ok(()) } else { Err(format!("{:?}", server.ids())) }
    });
}

#[test]
fn a_server_cuts_off_a_connection_in_the_middle_of_a_frame() {
    check_cut(1, 0);
    check_cut(FRAME - 1, 0);
    check_cut(FRAME + 1, 1);
    check_cut(3 * FRAME + 7, 3);
}

#[test]
fn a_pong_is_cut_in_two_and_is_not_on_record() {
    let (_directory, mut server) = server("cut-pong", "");
    let mut client = connect(&server);
    order_cut(&mut server, FRAME + 6 + 1);
    client.send(event(1)).unwrap();
    client.send(Message::Ping("".into())).unwrap();
    assert!(client.read().is_err(), "one byte is no pong");
    let recorded = entries(&mut server, 5);
    assert_eq!(recorded[2..], [text(1, 1), Entry::Cut(1), Entry::End(1)], "{recorded:?}");
}

#[test]
fn a_killed_server_comes_back_on_its_port_and_goes_on_with_its_record() {
    let (_directory, mut server) = server("back", "");
    for id in 0..3 {
        let mut client = connect(&server);
        client.send(event(id)).unwrap();
        entries(&mut server, 2);
        server.kill();
        assert!(TcpStream::connect(("127.0.0.1", server.port())).is_err());
        server.start();
    }
    assert_eq!(server.lives().len(), 4);
    assert_eq!(server.ids(), [0, 1, 2]);
}

#[test]
fn a_frozen_server_takes_nothing_and_goes_on_when_thawed() {
    let (_directory, mut server) = server("frozen", "");
    let mut client = connect(&server);
    entries(&mut server, 1);
    server.freeze();
    client.send(event(0)).unwrap();
    client.send(Message::Ping("a".into())).unwrap();
    client.get_mut().set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert!(client.read().is_err(), "nobody answers");
    assert!(server.ids().is_empty());
    server.thaw();
    entries(&mut server, 3);
    assert_eq!(server.lives().iter().flat_map(Life::ids).collect::<Vec<_>>(), [0]);
}
