//! The recording receiver's command line.

use std::path::PathBuf;

/// How the recorder shall behave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The record is appended to this file.
    pub file: PathBuf,
    /// The port to listen on; 0 lets the system choose.
    pub port: u16,
    /// Answers no ping after so many pongs (0: never any).
    pub mute_after: Option<u64>,
    /// Works so many milliseconds on each text frame before it reads on.
    pub work_ms: u64,
    /// Ends connections without a word.
    pub hang_up: Option<HangUp>,
    /// Answers a frame that contains this text with close code 1009 (RFC 6455 section 7.4.1: too big to process).
    pub refuse: Option<String>,
}

/// When a connection is dropped, without a close frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HangUp {
    /// As soon as it is accepted.
    Accept,
    /// After the websocket handshake.
    Handshake,
    /// After so many text frames.
    Frames(u64),
}

/// The switches, for the message about a wrong one.
const USAGE: &str = "recorder --file PATH [--port N] [--mute-after PONGS] [--work-ms MS] \
                     [--hang-up accept|handshake|FRAMES] [--refuse TEXT]";

impl Options {
    /// Reads the arguments behind the program's name.
    ///
    /// # Errors
    /// Says what is wrong, and the usage.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Options, String> {
        let mut options = Options {
            file: PathBuf::new(),
            port: 0,
            mute_after: None,
            work_ms: 0,
            hang_up: None,
            refuse: None,
        };
        let mut arguments = arguments.into_iter();
        while let Some(switch) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("`{switch}` takes a value\n{USAGE}"))?;
            let wrong = |_| format!("`{switch} {value}` is not a number that fits\n{USAGE}");
            match switch.as_str() {
                "--file" => options.file = PathBuf::from(&value),
                "--port" => options.port = value.parse().map_err(wrong)?,
                "--mute-after" => options.mute_after = Some(value.parse().map_err(wrong)?),
                "--work-ms" => options.work_ms = value.parse().map_err(wrong)?,
                "--refuse" => options.refuse = Some(value),
                "--hang-up" => {
                    options.hang_up = Some(match value.as_str() {
                        "accept" => HangUp::Accept,
                        "handshake" => HangUp::Handshake,
                        _ => HangUp::Frames(value.parse().map_err(wrong)?),
                    });
                }
                _ => return Err(format!("unknown switch `{switch}`\n{USAGE}")),
            }
        }
        if options.file.as_os_str().is_empty() {
            return Err(format!("`--file` is missing\n{USAGE}"));
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &str, expected: Result<Options, &str>) {
        let parsed = Options::parse(arguments.split_whitespace().map(str::to_owned));
        match (&parsed, expected) {
            (Ok(options), Ok(expected)) => assert_eq!(*options, expected, "{arguments}"),
            (Err(text), Err(part)) => assert!(text.contains(part), "{arguments}: {text}"),
            _ => panic!("{arguments}: {parsed:?}"),
        }
    }

    #[test]
    fn arguments_are_read_and_wrong_ones_named() {
        let plain =
            Options { file: "a".into(), port: 0, mute_after: None, work_ms: 0, hang_up: None, refuse: None };
        check("--file a", Ok(plain.clone()));
        check("--file a --port 9000", Ok(Options { port: 9000, ..plain.clone() }));
        check("--file a --mute-after 0", Ok(Options { mute_after: Some(0), ..plain.clone() }));
        check("--file a --work-ms 50", Ok(Options { work_ms: 50, ..plain.clone() }));
        check("--file a --hang-up accept", Ok(Options { hang_up: Some(HangUp::Accept), ..plain.clone() }));
        check("--file a --hang-up 7", Ok(Options { hang_up: Some(HangUp::Frames(7)), ..plain.clone() }));
        check("--file a --refuse x", Ok(Options { refuse: Some("x".into()), ..plain }));
        check("--port 9000", Err("`--file` is missing"));
        check("--file a --port 99999", Err("`--port 99999` is not a number that fits"));
        check("--file a --port", Err("`--port` takes a value"));
        check("--file a --prot 1", Err("unknown switch `--prot`"));
    }
}
