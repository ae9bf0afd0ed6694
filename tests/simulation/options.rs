//! The simulate command's options.

/// What to simulate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many seeds.
    pub seeds: u64,
    /// The first of them.
    pub from: u64,
    /// Threads.
    pub jobs: u64,
}

/// The options, for the message about a wrong one.
const USAGE: &str = "simulate [--seeds N (1000)] [--from N (0)] [--jobs N (as many as there are cores)]";

impl Options {
    /// Reads the arguments behind the program's name; `jobs` is for when none are given.
    ///
    /// # Errors
    /// Says what is wrong, and the usage.
    pub fn parse(arguments: impl IntoIterator<Item = String>, jobs: u64) -> Result<Options, String> {
        let mut options = Options { seeds: 1000, from: 0, jobs };
        let mut arguments = arguments.into_iter();
        while let Some(option) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("`{option}` takes a value\n{USAGE}"))?;
            let number = value.parse().map_err(|_| format!("`{option} {value}` is no number\n{USAGE}"));
            match option.as_str() {
                "--seeds" => options.seeds = number?,
                "--from" => options.from = number?,
                "--jobs" => options.jobs = number?,
                _ => return Err(format!("unknown option `{option}`\n{USAGE}")),
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_wrong_ones_named() {
        fn check(arguments: &str, expected: Result<(u64, u64, u64), &str>) {
            let parsed = Options::parse(arguments.split_whitespace().map(str::to_owned), 3);
            match (parsed, expected) {
                (Ok(options), Ok(expected)) => {
                    assert_eq!((options.seeds, options.from, options.jobs), expected, "{arguments}");
                }
                (Err(text), Err(part)) => assert!(text.contains(part), "{arguments}: {text}"),
                (parsed, _) => panic!("{arguments}: {parsed:?}"),
            }
        }
        check("", Ok((1000, 0, 3)));
        check("--seeds 7 --from 99 --jobs 1", Ok((7, 99, 1)));
        check("--seeds", Err("`--seeds` takes a value"));
        check("--seeds many", Err("`--seeds many` is no number"));
        check("--sides 3", Err("unknown option `--sides`"));
    }
}
