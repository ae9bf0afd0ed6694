//! Reads along what websocket sinks write, the bytes that a step has added to their wires, taken apart again; and what logs ask
//! of their files.

use super::watch::{Answered, Frame, Written};
use crate::core::{Command, FileRequest, Machine};
use crate::testing::sim::{BINARY, PING, PONG, TEXT, frame_header, handshake_key};

/// Reads along on all wires of a machine.
#[derive(Debug, Default)]
pub(super) struct Tap {
    wires: Vec<Tapped>,
    written: Vec<Written>,
    /// Requests that waited in storages before the step.
    waiting: Vec<usize>,
    asked: Vec<(usize, FileRequest)>,
    answered: Vec<Answered>,
}

#[derive(Debug, Default)]
struct Tapped {
    /// Bytes that waited on the wire before the step.
    before: usize,
    /// It is a websocket: its handshake was seen.
    is_websocket: bool,
}

impl Tap {
    /// A step is about to be made.
    pub(super) fn before(&mut self, machine: &mut dyn Machine) {
        self.written.clear();
        let mut index = 0;
        while let Some(wire) = machine.wire(index) {
            if index == self.wires.len() {
                self.wires.push(Tapped::default());
            }
            self.wires[index].before = wire.outgoing.len();
            index += 1;
        }
        self.waiting.clear();
        self.asked.clear();
        self.answered.clear();
        while let Some(storage) = machine.storage(self.waiting.len()) {
            let log = self.waiting.len();
            self.waiting.push(storage.requests.len());
            if !storage.replies.is_empty() {
                let done = storage.replies.iter().take_while(|reply| reply.is_ok()).count();
                self.answered.push(Answered { log, done, failed: done < storage.replies.len() });
            }
        }
    }

    /// A step was made.
    pub(super) fn after(&mut self, machine: &mut dyn Machine) {
        for (index, before) in self.waiting.iter().enumerate() {
            let Some(storage) = machine.storage(index) else { break };
            self.asked.extend(storage.requests.iter().skip(*before).map(|request| (index, request.clone())));
        }
        for (index, tapped) in self.wires.iter_mut().enumerate() {
            let Some(wire) = machine.wire(index) else { return };
            if matches!(wire.command, Some(Command::Connect(_))) {
                tapped.is_websocket = false;
                continue;
            }
            let Some(mut rest) = wire.outgoing.get(tapped.before..) else { continue };
            // Nothing is written behind a handshake before it is answered.
            if rest.starts_with(b"GET ")
                && rest.ends_with(b"\r\n\r\n")
                && let Some(key) = handshake_key(rest)
            {
                rest = &[];
                tapped.is_websocket = true;
                self.written.push(Written { wire: index, what: Frame::Handshake(key) });
            }
            while tapped.is_websocket
                && let Ok(Some((header, len))) = frame_header(rest)
            {
                let what = frame(&rest[..header], &rest[header..header + len]);
                self.written.push(Written { wire: index, what });
                rest = &rest[header + len..];
            }
        }
    }

    /// What the last step has asked of files.
    pub(super) fn asked(&self) -> &[(usize, FileRequest)] {
        &self.asked
    }

    /// What became of what was asked before, if the answers came with the last step.
    pub(super) fn answered(&self) -> &[Answered] {
        &self.answered
    }

    /// What the last step has written.
    pub(super) fn written(&self) -> &[Written] {
        &self.written
    }
}

fn frame(header: &[u8], masked: &[u8]) -> Frame {
    let mask = &header[header.len() - 4..];
    let payload: Vec<u8> = masked.iter().enumerate().map(|(n, byte)| byte ^ mask[n % 4]).collect();
    match header[0] & 0x0f {
        TEXT | BINARY => Frame::Event(text(payload)),
        PING => Frame::Ping(payload),
        PONG => Frame::Pong(payload),
        _ => Frame::Close,
    }
}

fn text(payload: Vec<u8>) -> String {
    String::from_utf8(payload).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
