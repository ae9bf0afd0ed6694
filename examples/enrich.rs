//! A compiled query inside an ordinary program: JSON lines from stdin, filtered and enriched, to stdout.
//!
//! ```text
//! echo '{"level": "error", "text": "disk full"}' | cargo run --example enrich
//! ```
//!
//! The program owns the loop; the pipeline is a value that it pushes events into. Lines that are no JSON, and events that
//! fail in the query, are told on stderr, and the exit code is 1 then.

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use foreshock::{Value, pipeline};

pipeline! {
    /// Keeps what matters, and says where it came from.
    pub pipeline Enrich;

    use std::string;
    use tremor::system;

    const levels = { "warn": 1, "error": 2 };

    select merge event of {
        "level": string::lowercase(event.level),
        "host": system::hostname(),
        "length": string::len(event.text),
    } end
    from in where present levels[string::lowercase(event.level)] into out;
}

fn main() -> ExitCode {
    match run(io::stdin().lock(), io::stdout().lock(), io::stderr().lock()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        // who reads the output has seen enough
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => foreshock_examples::complain(&format!("enrich: {error}"), 1),
    }
}

/// Gives the number of lines that went wrong.
fn run(input: impl BufRead, mut output: impl Write, mut errors: impl Write) -> io::Result<u64> {
    let mut enrich = Enrich::new();
    let mut wrong = 0;
    for (number, line) in (1_u64..).zip(input.lines()) {
        let line = line?;
        let event = match Value::parse(line.as_bytes()) {
            Ok(event) => event,
            Err(error) => {
                wrong += 1;
                writeln!(errors, "line {number}: {error}")?;
                continue;
            }
        };
        enrich.push("in", event).map_err(io::Error::other)?;
        while let Some(result) = enrich.next_output() {
            match result.port {
                "err" => {
                    wrong += 1;
                    writeln!(errors, "line {number}: {}", result.event)?;
                }
                _ => writeln!(output, "{}", result.event)?,
            }
            enrich.ack(result.delivery);
        }
        while enrich.next_answer().is_some() {}
    }
    Ok(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_is_enriched_and_what_is_wrong_is_told() {
        let input = r#"{"level":"ERROR","text":"disk full"}
{"level":"info","text":"all is well"}
{"text":"no level"}
no JSON
{"level":"warn","text":"hot"}
"#;
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let wrong = run(input.as_bytes(), &mut output, &mut errors).expect("memory takes what is written");
        let fields: Vec<(String, i64)> = String::from_utf8(output)
            .expect("it is text")
            .lines()
            .map(|line| {
                let Ok(Value::Record(event)) = Value::parse(line.as_bytes()) else { panic!("{line}") };
                assert!(event.get("host").is_some(), "{line}");
                let Some(Value::Int(length)) = event.get("length") else { panic!("{line}") };
                (event.get("level").expect("it has one").to_string(), *length)
            })
            .collect();
        assert_eq!(fields, [(r#""error""#.to_owned(), 9), (r#""warn""#.to_owned(), 3)]);
        let errors = String::from_utf8(errors).expect("it is text");
        let places: Vec<&str> = errors.lines().map(|line| &line[..6]).collect();
        assert_eq!((wrong, places), (2, vec!["line 3", "line 4"]), "{errors}");
    }
}
