//! How a log's directory is read, while a flow may be writing there. What the files mean is `operator`'s to say.

use std::fs;
use std::io;
use std::path::Path;

use crate::operator::{LogFile, Recovered, recover_parts};

/// Files that a running flow has removed since they were listed make the whole look begin anew, so often at most.
const MOST_LOOKS: u32 = 100;

/// The file that keeps events aside whose shape did not fit, and the one that is locked.
const UNFIT: &str = "unfit.jsonl";
const LOCK: &str = "lock";

/// How many of something there are, in words.
pub(super) fn count(count: impl TryInto<u64>, what: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// What is in a directory.
pub(super) struct Found<P> {
    pub(super) recovered: Recovered<P>,
    /// Files that were kept aside, with their lengths.
    pub(super) aside: Vec<(String, u64)>,
    /// What is no file of a log.
    pub(super) strangers: Vec<String>,
}

/// Looks into a log's directory; `keep` says what is kept of each event. `None`: there is none yet.
///
/// # Errors
/// Something cannot be read: what, in words.
pub(super) fn look<P: Default>(
    directory: &str,
    keep: impl Fn(&[u8]) -> P,
) -> Result<Option<Found<P>>, String> {
    for _ in 0..MOST_LOOKS {
        match look_once(Path::new(directory), &keep) {
            // A directory that is not there is no failure, so it is a file that was.
            Err((_, error)) if error.kind() == io::ErrorKind::NotFound => {}
            Err((name, error)) => return Err(format!("cannot read \"{directory}/{name}\": {error}")),
            Ok(found) => return Ok(found),
        }
    }
    Err(format!(
        "cannot read \"{directory}\": its files change too fast; help: try again, or end the flow that writes them"
    ))
}

/// The error comes with the name of the file.
fn look_once<P: Default>(
    directory: &Path,
    keep: impl Fn(&[u8]) -> P,
) -> Result<Option<Found<P>>, (String, io::Error)> {
    let whole = |error| (String::new(), error);
    let listed = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        listed => listed.map_err(whole)?,
    };
    let (mut names, mut aside, mut strangers) = (Vec::new(), Vec::new(), Vec::new());
    for entry in listed {
        let entry = entry.map_err(whole)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let metadata = entry.metadata().map_err(|error| (name.clone(), error))?;
        match LogFile::of(&name) {
            _ if name == LOCK => {}
            // A directory, say: the flow leaves it alone, whatever it is called.
            _ if !metadata.is_file() => strangers.push(name),
            Some(LogFile::Records(_) | LogFile::Acks(_)) => names.push(name),
            None if name != UNFIT => strangers.push(name),
            _ => aside.push((name, metadata.len())),
        }
    }
    aside.sort();
    strangers.sort();
    let read = |name: &str| fs::read(directory.join(name)).map_err(|error| (name.to_owned(), error));
    let recovered = recover_parts(&names, read, keep)?;
    Ok(Some(Found { recovered, aside, strangers }))
}
