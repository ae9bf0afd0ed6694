//! Against a server that this project did not write: tungstenite's, which answers pings on its own.

use super::rig::{Rig, id_of};
use std::io::{self, ErrorKind, Read, Write};
use tokio_tungstenite::tungstenite::handshake::machine::TryParse;
use tokio_tungstenite::tungstenite::handshake::server::{Request, create_response, write_response};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketContext};
use tokio_tungstenite::tungstenite::{Error, Message};

/// The server's end of a byte stream.
#[derive(Default)]
struct Pipe {
    to_server: Vec<u8>,
    to_client: Vec<u8>,
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.to_server.is_empty() {
            return Err(ErrorKind::WouldBlock.into());
        }
        let count = self.to_server.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.to_server[..count]);
        self.to_server.drain(..count);
        Ok(count)
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to_client.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn it_takes_the_handshake_confirms_events_in_order_and_says_goodbye() {
    let mut rig = Rig::new("", 7);
    rig.tap = Some(Vec::new());
    rig.play("open");
    let mut pipe = Pipe::default();
    let request = rig.tap.replace(Vec::new()).unwrap();
    let (_, request) = Request::try_parse(&request).unwrap().expect("a whole request");
    write_response(&mut pipe, &create_response(&request).expect("a proper request")).unwrap();
    let mut server = WebSocketContext::new(Role::Server, None);
    let mut came = Vec::new();
    let mut last = Ok(());
    for round in 0..60 {
        rig.receive(&std::mem::take(&mut pipe.to_client));
        rig.turn();
        rig.play(if round < 50 { "send:20" } else { "bye" });
        pipe.to_server.append(rig.tap.as_mut().unwrap());
        last = loop {
            match server.read(&mut pipe) {
                Ok(Message::Text(text)) => came.push(id_of(&text)),
                Ok(_) => {}
                Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        if last.is_err() {
            break;
        }
    }
    assert!(matches!(last, Err(Error::ConnectionClosed)), "a clean goodbye: {last:?}");
    assert!(came.len() > 900 && came.iter().copied().eq(0..rig.next_id), "{} events", came.len());
    rig.receive(&pipe.to_client);
    rig.turn();
    assert_eq!(rig.ws.counts.acked, came.len() as u64);
    assert!(rig.trace().ends_with("done"));
}
