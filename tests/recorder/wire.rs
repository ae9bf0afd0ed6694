//! A connection that can be cut off between any two bytes, when the recorder is told to.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Log;

/// A cut that was ordered: so many bytes may still pass, read and written together; the connection at which they run
/// out is cut off.
#[derive(Debug, Default)]
pub(super) struct Fuse(Mutex<Option<u64>>);

impl Fuse {
    /// Orders a cut. One that was ordered before and has not happened is forgotten.
    pub(super) fn light(&self, bytes: u64) {
        *self.left() = Some(bytes);
    }

    /// How many of so many bytes may be asked for, and at least one: a cut happens where bytes move.
    fn most(&self, wanted: usize) -> usize {
        self.left().map_or(wanted, |left| wanted.min(usize::try_from(left).unwrap_or(wanted)).max(1))
    }

    /// So many bytes have moved. Gives how many of them still count, if the fuse has burnt out with them.
    fn burn(&self, moved: usize) -> Option<usize> {
        let mut left = self.left();
        let rest = left.as_mut()?;
        let counts = usize::try_from(*rest).unwrap_or(usize::MAX);
        if moved < counts {
            *rest -= moved as u64;
            return None;
        }
        *left = None;
        Some(counts)
    }

    fn left(&self) -> MutexGuard<'_, Option<u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connection.
#[derive(Debug)]
pub(super) struct Wire<'a> {
    stream: TcpStream,
    number: u64,
    fuse: &'a Fuse,
    log: &'a Log,
    is_cut: bool,
}

impl<'a> Wire<'a> {
    pub(super) fn new(stream: TcpStream, number: u64, fuse: &'a Fuse, log: &'a Log) -> Wire<'a> {
        Wire { stream, number, fuse, log, is_cut: false }
    }

    /// Says goodbye to the other side's reader.
    pub(super) fn end_writing(&self) -> io::Result<()> {
        self.stream.shutdown(Shutdown::Write)
    }

    /// Moves bytes, unless the connection is cut off, and cuts it off if the fuse burns out.
    fn through(
        &mut self,
        wanted: usize,
        io: impl FnOnce(&mut TcpStream, usize) -> io::Result<usize>,
    ) -> io::Result<usize> {
        if self.is_cut {
            return Err(io::Error::other("cut off"));
        }
        let moved = io(&mut self.stream, self.fuse.most(wanted))?;
        if moved == 0 {
            return Ok(0);
        }
        // What came before the cut was ordered and lies beyond it is as if nobody had read it.
        let Some(counts) = self.fuse.burn(moved) else { return Ok(moved) };
        self.is_cut = true;
        self.log.line(&format!("cut {}", self.number))?;
        self.stream.shutdown(Shutdown::Both)?;
        if counts == 0 { Err(io::Error::other("cut off")) } else { Ok(counts.min(moved)) }
    }
}

impl Read for Wire<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.through(buffer.len(), |stream, most| stream.read(&mut buffer[..most]))
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.through(bytes.len(), |stream, most| stream.write(&bytes[..most]))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
