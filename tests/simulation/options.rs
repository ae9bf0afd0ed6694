//! The simulate command's options.

use super::Flow;

/// What to simulate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Which flow.
    pub flow: Flow,
    /// How many seeds.
    pub seeds: u64,
    /// The first of them.
    pub from: u64,
    /// Threads.
    pub jobs: u64,
    /// Instead of a flow as it is: each seeded bug must be found.
    pub mutants: bool,
    /// In so many seeds, whatever its bound is.
    pub within: Option<u64>,
    /// Of these, only those whose names contain this.
    pub only: Option<String>,
}

/// The options, for the message about a wrong one.
const USAGE: &str = "simulate [--flow founding|persistent] [--seeds N (1000)] [--from N (0)] [--jobs N (as many as there are cores)]\n\
                     simulate --mutants [--only PART-OF-A-NAME] [--within N (the bound of each)] [--jobs N]";

impl Options {
    /// Reads the arguments behind the program's name; `jobs` is for when none are given.
    ///
    /// # Errors
    /// Says what is wrong, and the usage.
    pub fn parse(arguments: impl IntoIterator<Item = String>, jobs: u64) -> Result<Options, String> {
        let mut options = Options {
            flow: Flow::Founding,
            seeds: 1000,
            from: 0,
            jobs,
            mutants: false,
            within: None,
            only: None,
        };
        let mut arguments = arguments.into_iter();
        while let Some(option) = arguments.next() {
            if option == "--mutants" {
                options.mutants = true;
                continue;
            }
            let value = arguments.next().ok_or_else(|| format!("`{option}` takes a value\n{USAGE}"))?;
            let number = value.parse().map_err(|_| format!("`{option} {value}` is no number\n{USAGE}"));
            match option.as_str() {
                "--seeds" => options.seeds = number?,
                "--from" => options.from = number?,
                "--jobs" => options.jobs = number?,
                "--within" => options.within = Some(number?),
                "--only" => options.only = Some(value),
                "--flow" => {
                    options.flow = match value.as_str() {
                        "founding" => Flow::Founding,
                        "persistent" => Flow::Persistent,
                        _ => return Err(format!("there is no flow `{value}`\n{USAGE}")),
                    }
                }
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
        fn check(arguments: &str, expected: Result<(Flow, u64, u64, u64, bool), &str>) {
            let parsed = Options::parse(arguments.split_whitespace().map(str::to_owned), 3);
            match (parsed, expected) {
                (Ok(Options { flow, seeds, from, jobs, mutants, .. }), Ok(expected)) => {
                    assert_eq!((flow, seeds, from, jobs, mutants), expected, "{arguments}");
                }
                (Err(text), Err(part)) => assert!(text.contains(part), "{arguments}: {text}"),
                (parsed, _) => panic!("{arguments}: {parsed:?}"),
            }
        }
        check("", Ok((Flow::Founding, 1000, 0, 3, false)));
        check("--seeds 7 --from 99 --jobs 1", Ok((Flow::Founding, 7, 99, 1, false)));
        check("--mutants --flow persistent", Ok((Flow::Persistent, 1000, 0, 3, true)));
        check("--seeds", Err("`--seeds` takes a value"));
        check("--seeds many", Err("`--seeds many` is no number"));
        check("--flow sideways", Err("there is no flow `sideways`"));
        check("--sides 3", Err("unknown option `--sides`"));
    }
}
