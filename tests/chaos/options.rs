//! The chaos command's options.

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many kills and freezes, together.
    pub kills: u64,
    /// Fixes the trouble; a random one if none is given.
    pub seed: u64,
    /// The metronome's interval in milliseconds.
    pub interval_ms: u64,
}

/// The options, for the message about a wrong one.
const USAGE: &str = "chaos [--kills N (100)] [--seed N (random)] [--interval MS (2)]";

impl Options {
    /// Reads the arguments behind the program's name; `seed` is for when none is given.
    ///
    /// # Errors
    /// Says what is wrong, and the usage.
    pub fn parse(arguments: impl IntoIterator<Item = String>, seed: u64) -> Result<Options, String> {
        let mut options = Options { kills: 100, seed, interval_ms: 2 };
        let mut arguments = arguments.into_iter();
        while let Some(option) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("`{option}` takes a number\n{USAGE}"))?;
            let number = value.parse().map_err(|_| format!("`{option} {value}` is no number\n{USAGE}"))?;
            match option.as_str() {
                "--kills" => options.kills = number,
                "--seed" => options.seed = number,
                "--interval" => options.interval_ms = number,
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
            let parsed = Options::parse(arguments.split_whitespace().map(str::to_owned), 9);
            match (parsed, expected) {
                (Ok(options), Ok(expected)) => {
                    assert_eq!((options.kills, options.seed, options.interval_ms), expected, "{arguments}");
                }
                (Err(text), Err(part)) => assert!(text.contains(part), "{arguments}: {text}"),
                (parsed, _) => panic!("{arguments}: {parsed:?}"),
            }
        }
        check("", Ok((100, 9, 2)));
        check("--kills 10 --seed 7 --interval 1", Ok((10, 7, 1)));
        check("--kills", Err("`--kills` takes a number"));
        check("--kills many", Err("`--kills many` is no number"));
        check("--seeds 1", Err("unknown option `--seeds`"));
    }
}
