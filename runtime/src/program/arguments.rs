//! The command line of a flow's program: what may be written, and what it means.
//!
//! | argument | meaning |
//! |---|---|
//! | `--set PATH=VALUE` | overrides a setting; may be repeated |
//! | `--for DURATION` | drains after this long: `500ms`, `10s`, `2m`, `1h` |
//! | `--log LEVEL` | the least important log lines on stderr: `off`, `error`, `warn`, `info` (default), `debug`, `trace` |
//! | `--metrics ADDRESS` | tells the flow's numbers over HTTP there: `127.0.0.1:9000`. With the feature `prometheus` |
//! | `--summary text`, `--summary json` | a summary on stdout at the end |
//! | `--help`, `--version` | tell and do nothing else |
//!
//! A subcommand in front asks a question, and nothing is run. Its answer goes to stdout; the exit code is 0, or 1 if it
//! cannot be written.
//!
//! | subcommand | answer |
//! |---|---|
//! | `check` | the settings in force (`--set` may be given before or behind it), the instances, and what is promised of events between each source and each sink |
//! | `check --plan` | in which form events go on each way of the flow, typed, as bytes or as a tree, and where that changes, with the reasons |
//! | `check --format json` | all of this for machines, one line; `check.rs` tells the keys |
//! | `graph` | a picture of the flow: `--format mermaid` (default) or `--format dot`, the language of graphviz |
//! | `wal check`, `wal dump`, `wal stats` | what is on the disk of its logs there, of all or the one that is named; `wal/` tells more. Only where a flow has such logs. `--set` may be given |

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command as Line, parser::ValueSource};
use foreshock_spec::Settings;
use foreshock_spec::near::advice;
use tracing::level_filters::LevelFilter;

use crate::program::wal::{Question, StatsFormat, What};
use crate::program::{Program, help, tell, wal};

const CHECK: &str = "check";
const GRAPH: &str = "graph";
const WAL: &str = "wal";
const DUMP: &str = "dump";
const STATS: &str = "stats";
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// How the summary at the end is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SummaryFormat {
    /// For people.
    Text,
    /// One line of JSON.
    Json,
}

/// What the program is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Run the flow.
    Run,
    /// Tell settings and promises.
    Check(CheckFormat),
    /// Draw the flow.
    Graph(GraphFormat),
    /// Look at logs on disk.
    Wal(Question),
}

/// How `check` answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CheckFormat {
    /// For people.
    Text,
    /// One line of JSON.
    Json,
    /// The forms of events alone, for people.
    Plan,
}

/// How `graph` draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GraphFormat {
    Mermaid,
    /// Graphviz.
    Dot,
}

/// What a command line says, settings aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arguments {
    /// What to do.
    pub(super) command: Command,
    /// Drain after this long.
    pub(super) run_for: Option<Duration>,
    /// The least important log lines that are written.
    pub(super) log: LevelFilter,
    /// The summary at the end.
    pub(super) summary: Option<SummaryFormat>,
    /// Where the flow's numbers are told.
    pub(super) metrics: Option<SocketAddr>,
}

impl Default for Arguments {
    fn default() -> Self {
        Arguments {
            command: Command::Run,
            run_for: None,
            log: LevelFilter::INFO,
            summary: None,
            metrics: None,
        }
    }
}

/// A command line that starts nothing: it asks for help or the version, or it is wrong.
#[derive(Debug)]
pub struct Usage(clap::Error);

impl Usage {
    /// Whether it is wrong, not just a question.
    pub fn is_error(&self) -> bool {
        self.0.exit_code() != 0
    }

    /// Writes it to where it belongs: an answer to stdout, a mistake to stderr.
    ///
    /// Returns the exit code: 0, or 1 if the answer cannot be written (a reader that has seen enough is no mistake); 2 for a
    /// mistake.
    pub fn show(&self) -> ExitCode {
        let written = self.0.print().and_then(|()| io::stdout().flush());
        if self.is_error() { ExitCode::from(2) } else { tell::told(written) }
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Usage {}

/// Reads a command line, the program's name first. Overrides go to `settings`.
pub(super) fn parse(
    program: &'static Program,
    settings: &mut Settings,
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Arguments, Usage> {
    let mut line = command(program, settings);
    let words: Vec<OsString> = arguments.into_iter().collect();
    let matches = line
        .try_get_matches_from_mut(&words)
        .map_err(|error| Usage(with_near_name(program, error, &mut line, &words)))?;
    let subcommand = matches.subcommand();
    let mut problems = Vec::new();
    problems.extend(subcommand.and_then(|(name, _)| only_for_a_run(&matches, name)));
    let behind = subcommand.filter(|(name, _)| *name == CHECK).map(|(_, matches)| matches);
    let behind =
        behind.or_else(|| subcommand.filter(|(name, _)| *name == WAL)?.1.subcommand().map(|it| it.1));
    let sets = [Some(&matches), behind].into_iter().flatten().filter_map(|m| m.get_many::<String>("set"));
    for set in sets.flatten() {
        let done = match set.split_once('=') {
            Some((path, value)) => settings.set_text(path, value).map_err(|error| error.to_string()),
            // What does not belong to a path may be a secret.
            None => Err(format!("`--set` takes PATH=VALUE, not `{}`", path_in(set))),
        };
        problems.extend(done.err());
    }
    if !problems.is_empty() {
        return Err(Usage(line.error(ErrorKind::ValueValidation, problems.join("\n       "))));
    }
    let level = matches.get_one::<String>("log").expect("it has a default");
    let summary = matches.get_one::<String>("summary");
    Ok(Arguments {
        command: subcommand.map_or(Command::Run, |(name, matches)| asked(program, name, matches)),
        run_for: matches.get_one::<Duration>("for").copied(),
        log: level.parse().expect("the possible values are levels"),
        metrics: matches.get_one::<SocketAddr>("metrics").copied(),
        summary: summary.map(|f| if f == "json" { SummaryFormat::Json } else { SummaryFormat::Text }),
    })
}

/// The beginning of a text that can be a path.
fn path_in(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_')));
    &text[..end.unwrap_or(text.len())]
}

/// What a subcommand asks for.
fn asked(program: &Program, name: &str, matches: &ArgMatches) -> Command {
    if let (WAL, Some((what, matches))) = (name, matches.subcommand()) {
        let log = matches.get_one::<String>("which");
        let only = log.and_then(|log| wal::logs(program).find(|(_, it)| it.path == log)).map(|(at, _)| at);
        let format = || matches.get_one::<String>("format").is_some_and(|format| format == "json");
        let what = match what {
            CHECK => What::Check,
            DUMP => What::Dump,
            _ if format() => What::Stats(StatsFormat::Json),
            _ => What::Stats(StatsFormat::Text),
        };
        return Command::Wal(Question { what, only });
    }
    let format = matches.get_one::<String>("format").map_or("", String::as_str);
    match (name, format) {
        (CHECK, "json") => Command::Check(CheckFormat::Json),
        (CHECK, _) if matches.get_flag("plan") => Command::Check(CheckFormat::Plan),
        (CHECK, _) => Command::Check(CheckFormat::Text),
        (_, "dot") => Command::Graph(GraphFormat::Dot),
        _ => Command::Graph(GraphFormat::Mermaid),
    }
}

/// What is wrong with arguments of a run in front of a subcommand.
fn only_for_a_run(matches: &ArgMatches, subcommand: &str) -> Option<String> {
    let written = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let no_use = ["for", "log", "metrics", "summary", "set"].into_iter().filter(|id| written(id));
    let no_use: Vec<String> =
        no_use.filter(|id| subcommand == GRAPH || *id != "set").map(|id| format!("`--{id}`")).collect();
    let have = if no_use.len() > 1 { "have" } else { "has" };
    let text = || format!("{} {have} no use with `{subcommand}`, which runs nothing", no_use.join(", "));
    (!no_use.is_empty()).then(text)
}

/// An error about a subcommand or option that there is not, with the ones that there are.
fn with_near_name(program: &Program, error: clap::Error, line: &mut Line, words: &[OsString]) -> clap::Error {
    let about = |kind| match error.get(kind) {
        Some(ContextValue::String(written)) => Some(written.as_str()),
        _ => None,
    };
    let kind = error.kind();
    if let (ErrorKind::InvalidSubcommand, Some(written)) = (kind, about(ContextKind::InvalidSubcommand)) {
        if written == WAL {
            let help = "it is for logs on disk: a `qos::wal` with `dir`, and this flow has none";
            return line.error(kind, format!("there is no subcommand `{WAL}`; {help}"));
        }
        let (names, behind): (&[&str], &str) = match words.iter().skip(1).any(|word| word == WAL) {
            true => (&[CHECK, DUMP, STATS], " behind `wal`"),
            false if wal::logs(program).next().is_some() => (&[CHECK, GRAPH, WAL], ""),
            false => (&[CHECK, GRAPH], ""),
        };
        let help = advice(written, "subcommands", names.iter().copied());
        return line.error(kind, format!("there is no subcommand `{written}`{behind}; {help}"));
    }
    match (kind, about(ContextKind::InvalidArg)) {
        (ErrorKind::UnknownArgument, Some(written)) if written.starts_with("--") => {
            let (mut at, mut names) = (&*line, Vec::new());
            for found in words.iter().skip(1) {
                if let Some(found) = at.find_subcommand(found) {
                    names.push(found.get_name());
                    at = found;
                }
            }
            let behind =
                if names.is_empty() { String::new() } else { format!(" behind `{}`", names.join(" ")) };
            let options = at.get_arguments().filter(|arg| !arg.is_hide_set()).filter_map(Arg::get_long);
            let options: Vec<String> = options.map(|long| format!("--{long}")).collect();
            let help = advice(written, "options", options.iter().map(String::as_str));
            line.error(kind, format!("there is no option `{written}`{behind}; {help}"))
        }
        _ => error,
    }
}

fn set_argument() -> Arg {
    Arg::new("set")
        .long("set")
        .value_name("PATH=VALUE")
        .action(ArgAction::Append)
        .help("Override a setting (below); may be repeated")
}

fn format_argument(formats: [&'static str; 2]) -> Arg {
    Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .value_parser(PossibleValuesParser::new(formats))
        .default_value(formats[0])
        .help("How the answer is written")
}

/// JSON holds the plan beside all else.
fn plan_argument() -> Arg {
    let help = "Tell in which form events go on each way, and why, in place of the rest";
    Arg::new("plan").long("plan").action(ArgAction::SetTrue).help(help)
}

/// Without the feature that it needs it is refused.
fn metrics_argument() -> Arg {
    let help = if cfg!(feature = "prometheus") {
        "Tell the flow's numbers over HTTP there, for Prometheus: 127.0.0.1:9000"
    } else {
        "Not in this program: build it with the feature `prometheus` of foreshock"
    };
    Arg::new("metrics").long("metrics").value_name("ADDRESS").value_parser(parse_address).help(help)
}

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    if !cfg!(feature = "prometheus") {
        let help = "build it with the feature `prometheus` of foreshock";
        return Err(format!("this program was built without metrics; help: {help}"));
    }
    text.parse().map_err(|_| "an address is an IP address with a port: 127.0.0.1:9000, [::1]:9000".to_owned())
}

/// The questions about logs on disk.
fn wal_command(logs: &[&'static str]) -> Line {
    let about = |name, about| {
        let which = Arg::new("which").value_name("LOG").value_parser(PossibleValuesParser::new(logs));
        Line::new(name)
            .about(about)
            .arg(which.help("The log to look at; all, in all instances, if none is named"))
            .arg(set_argument().help("Override a setting, such as a log's `dir`; may be repeated"))
    };
    let stats = about(STATS, "Tell how much is in them").arg(format_argument(["text", "json"]));
    Line::new(WAL)
        .about("Look at the logs on disk, also while the flow runs; run and change nothing")
        .subcommand_required(true)
        .disable_help_subcommand(true)
        .subcommand(about(CHECK, "Tell whether their files are whole, and if not, what becomes of them"))
        .subcommand(about(DUMP, "Write the events that are not confirmed, each a line of JSON"))
        .subcommand(stats)
}

fn command(program: &'static Program, settings: &Settings) -> Line {
    let check = Line::new(CHECK)
        .about("Tell the settings in force and what is promised of events; run nothing")
        .arg(set_argument().help("Override a setting; may be repeated"))
        .arg(plan_argument())
        .arg(format_argument(["text", "json"]));
    let graph = Line::new(GRAPH).about("Draw the flow; run nothing").arg(format_argument(["mermaid", "dot"]));
    let logs: Vec<&str> = wal::logs(program).map(|(_, definition)| definition.path).collect();
    Line::new(program.name)
        .subcommand(check)
        .subcommand(graph)
        .subcommands((!logs.is_empty()).then(|| wal_command(&logs)))
        .disable_help_subcommand(true)
        .about(program.about.trim())
        .version(program.version)
        .after_help(help::describe(settings))
        .arg(set_argument())
        .arg(
            Arg::new("for")
                .long("for")
                .value_name("DURATION")
                .value_parser(parse_duration)
                .help("Drain after this long (500ms, 10s, 2m, 1h)"),
        )
        .arg(
            Arg::new("log")
                .long("log")
                .value_name("LEVEL")
                .value_parser(PossibleValuesParser::new(LEVELS))
                .default_value("info")
                .help("The least important log lines to write to stderr"),
        )
        .arg(metrics_argument())
        .arg(
            Arg::new("summary")
                .long("summary")
                .value_name("FORMAT")
                .value_parser(PossibleValuesParser::new(["text", "json"]))
                .help("Write a summary to stdout at the end; json is one line"),
        )
}

/// `500ms`, `10s`, `2m`, `1h`.
fn parse_duration(text: &str) -> Result<Duration, String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        _ => return Err("a duration is a number with a unit: 500ms, 10s, 2m, 1h".to_owned()),
    };
    let ms = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit_ms));
    ms.map(Duration::from_millis).ok_or_else(|| "this is no number of milliseconds below 2^64".to_owned())
}
