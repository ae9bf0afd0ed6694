//! The chaos command's options.

/// Which flow runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// With its log in memory: it is frozen, and never killed.
    Transient,
    /// With its log on disk: it is killed too, and started again on the same directory.
    Persistent,
}

impl Kind {
    /// How it is called, on the command line and as a program.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Transient => "transient",
            Kind::Persistent => "persistent",
        }
    }

    /// The one of this name.
    pub fn find(name: &str) -> Option<Kind> {
        [Kind::Transient, Kind::Persistent].into_iter().find(|kind| kind.name() == name)
    }
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Which flow.
    pub flow: Kind,
    /// How many kills; freezes and cuts come beside them.
    pub kills: u64,
    /// Fixes the trouble; a random one if none is given.
    pub seed: u64,
    /// The interval of each of the eight metronomes in milliseconds.
    pub interval_ms: u64,
    /// Further settings of the flow (`offramp.ws0.ack=written`).
    pub set: Vec<String>,
}

/// The options, for the message about a wrong one.
const USAGE: &str = "chaos [--flow transient|persistent (transient)] [--kills N (100)] [--seed N (random)] \
                     [--interval MS (1)] [--set SETTING=VALUE]…";

impl Options {
    /// Reads the arguments behind the program's name; `seed` is for when none is given.
    ///
    /// # Errors
    /// Says what is wrong, and the usage.
    pub fn parse(arguments: impl IntoIterator<Item = String>, seed: u64) -> Result<Options, String> {
        let mut options =
            Options { flow: Kind::Transient, kills: 100, seed, interval_ms: 1, set: Vec::new() };
        let mut arguments = arguments.into_iter();
        while let Some(option) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("`{option}` takes a value\n{USAGE}"))?;
            let number = value.parse().map_err(|_| format!("`{option} {value}` is no number\n{USAGE}"));
            match option.as_str() {
                "--flow" => {
                    let kind = Kind::find(&value);
                    options.flow = kind.ok_or_else(|| format!("`{value}` is no flow\n{USAGE}"))?;
                }
                "--kills" => options.kills = number?,
                "--seed" => options.seed = number?,
                "--interval" => options.interval_ms = number?,
                "--set" => options.set.push(value),
                _ => return Err(format!("unknown option `{option}`\n{USAGE}")),
            }
        }
        Ok(options)
    }

    /// The arguments that make the same trouble again.
    pub fn again(&self) -> String {
        let Options { flow, kills, seed, interval_ms, set } = self;
        let set: String = set.iter().map(|setting| format!(" --set {setting}")).collect();
        format!("--flow {} --kills {kills} --seed {seed} --interval {interval_ms}{set}", flow.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_wrong_ones_named() {
        fn check(arguments: &str, expected: Result<&str, &str>) {
            let parsed = Options::parse(arguments.split_whitespace().map(str::to_owned), 9);
            match (parsed, expected) {
                (Ok(options), Ok(expected)) => assert_eq!(options.again(), expected, "{arguments}"),
                (Err(text), Err(part)) => assert!(text.contains(part), "{arguments}: {text}"),
                (parsed, _) => panic!("{arguments}: {parsed:?}"),
            }
        }
        check("", Ok("--flow transient --kills 100 --seed 9 --interval 1"));
        check("--kills 10 --seed 7 --interval 2", Ok("--flow transient --kills 10 --seed 7 --interval 2"));
        check("--flow persistent", Ok("--flow persistent --kills 100 --seed 9 --interval 1"));
        check(
            "--set a=1 --set b=2",
            Ok("--flow transient --kills 100 --seed 9 --interval 1 --set a=1 --set b=2"),
        );
        check("--kills", Err("`--kills` takes a value"));
        check("--kills many", Err("`--kills many` is no number"));
        check("--flow other", Err("`other` is no flow"));
        check("--seeds 1", Err("unknown option `--seeds`"));
    }
}
