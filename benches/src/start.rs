//! How soon a program of the founding flow has its first event at a server, and how large it is.
//!
//! # What is compared
//!
//! Two programs, built by the same cargo with the same profile; this crate has both as binaries of their own.
//!
//! - *Ours*: `founding`, which is nothing but `Founding::main()`. Its metronome makes the first event a millisecond after its
//!   sources start, which they do when all three sinks are proven.
//! - *By hand*: `by-hand`, [`crate::websocket::by_hand`] with the ports as arguments. Its first event is due at once when all
//!   three peers are proven. It has no command line, no settings, no log of what it does, no metrics, no TLS, no summary and no
//!   signals: that is what the size of ours buys.
//!
//! The time is that of the wall, in milliseconds, from the moment before the process is made to the moment at which a server
//! in another process has read the first text frame. The size is that of the file, as cargo makes it, and behind `strip`, where
//! the system has that.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::feed::now_ns;
use crate::measure::{Compared, compare};
use crate::websocket::server::{Records, Servers};

/// A start that takes longer has failed.
const LIMIT: Duration = Duration::from_secs(30);

/// The programs, beside this one.
pub const PROGRAMS: [&str; 2] = ["founding", "by-hand"];

/// Of one program, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Its file.
    pub whole: u64,
    /// Without symbols; `None`: there is no `strip`.
    pub stripped: Option<u64>,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Milliseconds to the first event.
    pub time: Compared,
    /// Of our program.
    pub ours: Size,
    /// Of the other.
    pub by_hand: Size,
}

/// Measures both. `builds`: cargo makes them first, else they are there already.
///
/// # Errors
/// They cannot be built or started, or the servers have died.
///
/// # Panics
/// If no event comes in time.
pub fn measure(program: &Path, rounds: u32, builds: bool) -> io::Result<Found> {
    if builds {
        build(program)?;
    }
    let [ours, by_hand] = PROGRAMS.map(|name| program.with_file_name(name));
    let mut servers = Servers::start(program, Records::Nothing)?;
    let ports = servers.ports.clone();
    let mut first = |command: &mut Command| first_event(command, &mut servers).expect("it starts") * 1000.0;
    // A file that is not in the system's memory yet would be read by the first start.
    first(&mut founding(&ours, &ports));
    first(&mut hand_written(&by_hand, &ports));
    let first = std::cell::RefCell::new(first);
    let time = compare(
        rounds,
        || (first.borrow_mut())(&mut founding(&ours, &ports)),
        || (first.borrow_mut())(&mut hand_written(&by_hand, &ports)),
    );
    Ok(Found { time, ours: size(&ours)?, by_hand: size(&by_hand)? })
}

fn founding(program: &Path, ports: &[u16]) -> Command {
    let mut command = Command::new(program);
    for (at, port) in ports.iter().enumerate() {
        command.args(["--set", &format!("offramp.ws{at}.url=ws://127.0.0.1:{port}/")]);
    }
    command
}

fn hand_written(program: &Path, ports: &[u16]) -> Command {
    let mut command = Command::new(program);
    command.args(ports.iter().map(u16::to_string));
    command
}

/// A child that ends with this.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Seconds until the servers have the first event of such a process.
fn first_event(command: &mut Command, servers: &mut Servers) -> io::Result<f64> {
    servers.frames()?;
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begun = Instant::now();
    let begun_ns = now_ns();
    let running = Running(command.spawn()?);
    let first_ns = loop {
        if let Some(first_ns) = servers.first()? {
            break first_ns;
        }
        if begun.elapsed() > LIMIT {
            return Err(io::Error::other(format!("no event came within {LIMIT:?}")));
        }
        sleep(Duration::from_millis(2));
    };
    drop(running);
    // What it had sent by then is not to be taken for the next one's: all of it is there when its connections have ended.
    while servers.frames()? > 0 {
        sleep(Duration::from_millis(2));
    }
    Ok((first_ns - begun_ns) as f64 / 1e9)
}

fn size(program: &Path) -> io::Result<Size> {
    let stripped = Stripped(program.with_extension(format!("stripped-{}", std::process::id())));
    let strip = Command::new("strip").arg("-o").arg(&stripped.0).arg(program).stderr(Stdio::null()).status();
    let is_there = strip.is_ok_and(|status| status.success());
    Ok(Size {
        whole: fs::metadata(program)?.len(),
        stripped: if is_there { Some(fs::metadata(&stripped.0)?.len()) } else { None },
    })
}

/// A file that is removed at the end.
struct Stripped(PathBuf);

impl Drop for Stripped {
    fn drop(&mut self) {
        // It may never have been made.
        let _ = fs::remove_file(&self.0);
    }
}

/// Builds both beside this program, with its profile.
fn build(program: &Path) -> io::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsStr::new("cargo").to_owned());
    let target = program.ancestors().nth(2).ok_or(io::ErrorKind::NotFound)?;
    let mut command = Command::new(cargo);
    command.args(["build", "--offline", "--quiet", "--manifest-path"]);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).arg("--target-dir").arg(target);
    command.args(PROGRAMS.map(|name| ["--bin", name]).concat());
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let status = command.stdin(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("cargo: {status}"))) }
}
