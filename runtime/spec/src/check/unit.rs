//! Numbers in other units than their key has: texts such as `"1s"`, and numbers that nobody means in that unit. Of each, what
//! it would be in the key's own.

use super::Problem;
use crate::row::KeyRow;
use crate::rule::Rule;

/// A unit that a key can have.
struct Unit {
    /// As rows write it.
    name: &'static str,
    /// As messages write it.
    plural: &'static str,
    /// What a number that is too small may be in, and how many of ours one of these is.
    larger: &'static [(&'static str, u64)],
    /// What a number that is too large may be in, and how many of these one of ours is.
    smaller: &'static [(&'static str, u64)],
    /// What may stand behind a number in a text, in small letters, and how many of ours it is.
    suffixes: &'static [(&'static str, u64)],
}

const UNITS: &[Unit] = &[
    Unit {
        name: "ms",
        plural: "milliseconds",
        larger: &[("seconds", 1000)],
        smaller: &[("nanoseconds", 1_000_000), ("microseconds", 1000)],
        suffixes: &[
            ("ms", 1),
            ("milliseconds", 1),
            ("s", 1000),
            ("sec", 1000),
            ("second", 1000),
            ("seconds", 1000),
            ("m", 60_000),
            ("min", 60_000),
            ("minute", 60_000),
            ("minutes", 60_000),
            ("h", 3_600_000),
            ("hour", 3_600_000),
            ("hours", 3_600_000),
            ("d", 86_400_000),
        ],
    },
    Unit {
        name: "bytes",
        plural: "bytes",
        larger: &[("KiB", 1 << 10), ("MiB", 1 << 20)],
        smaller: &[],
        suffixes: &[
            ("b", 1),
            ("bytes", 1),
            ("k", 1 << 10),
            ("kb", 1000),
            ("kib", 1 << 10),
            ("m", 1 << 20),
            ("mb", 1_000_000),
            ("mib", 1 << 20),
            ("g", 1 << 30),
            ("gb", 1_000_000_000),
            ("gib", 1 << 30),
        ],
    },
];

fn unit(key: &KeyRow) -> Option<&'static Unit> {
    UNITS.iter().find(|unit| unit.name == key.unit)
}

/// What to write for a text that is a number with a unit, where the key takes a number.
pub(super) fn without_suffix(key: &KeyRow, text: &str) -> Option<String> {
    let unit = unit(key)?;
    let text = text.trim();
    let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '_'))?;
    let number: f64 = text[..end].replace('_', "").parse().ok()?;
    let suffix = text[end..].trim().to_lowercase();
    let (_, factor) = unit.suffixes.iter().find(|(known, _)| *known == suffix)?;
    // Both are exact in a float, and so is the product where it can be meant.
    let ours = number * *factor as f64;
    let is_whole = ours.fract() == 0.0 && ours >= key.least as f64 && ours <= key.most as f64;
    (is_whole && ours < (1_u64 << 53) as f64)
        .then(|| format!("write {ours}: `{}` is in {}", key.name, unit.plural))
}

/// A legal number that is most likely in another unit.
pub(super) fn doubted(key: &KeyRow, number: u64) -> Option<Problem> {
    let (least, most) = key.usual?;
    let unit = unit(key)?;
    // A key for which 0 has a meaning of its own.
    if (least..=most).contains(&number) || (number == 0 && key.least == 0) {
        return None;
    }
    let (name, plural) = (key.name, unit.plural);
    let text = if number < least {
        format!("`{name}` is in {plural}, and {number} are hardly meant")
    } else {
        format!("`{name}` is in {plural}, and {number} are {}", much(unit, number))
    };
    let help = meant(key, number).unwrap_or_else(|| format!("give a number of {plural}"));
    Some(Problem::new(Rule::value_in_another_unit, text, help))
}

/// What to write for a number that is beyond what anybody means, by the unit that was meant.
pub(super) fn meant(key: &KeyRow, number: u64) -> Option<String> {
    let (least, most) = key.usual?;
    let unit = unit(key)?;
    let is_usual = |(_, ours): &(&str, u64)| (least.max(key.least)..=most).contains(ours);
    let in_larger = |(name, factor): &(&'static str, u64)| Some((*name, number.checked_mul(*factor)?));
    let in_smaller = |(name, factor): &(&'static str, u64)| {
        number.is_multiple_of(*factor).then_some((*name, number / factor))
    };
    let found: Vec<(&str, u64)> = if number < least.max(key.least) {
        unit.larger.iter().filter_map(in_larger).filter(is_usual).collect()
    } else {
        unit.smaller.iter().filter_map(in_smaller).filter(is_usual).collect()
    };
    let one = |(name, ours): &(&str, u64)| format!("{ours} if {name} are meant");
    let all: Vec<String> = found.iter().map(one).collect();
    (!all.is_empty()).then(|| format!("write {}", all.join(", or ")))
}

/// A number that is too large, for people.
fn much(unit: &Unit, number: u64) -> String {
    if unit.name != "ms" {
        return String::from("hardly meant");
    }
    let (hours, days) = (number / 3_600_000, number / 86_400_000);
    if days > 1 { format!("{days} days") } else { format!("{hours} hours").replace("1 hours", "an hour") }
}
