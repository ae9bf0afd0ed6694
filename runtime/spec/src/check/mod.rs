//! Checks a config against the rows of its keys. Compiler and runtime both use this, so the same mistake gets the
//! same words in a flow and on a command line; a text therefore speaks of neither.

mod doubt;
mod headers;
mod shown;
mod slip;
mod together;
mod unit;
mod url;
mod value;

pub use doubt::{doubts, secrets};
pub(crate) use headers::check_header;
pub use slip::blame_slips;
pub(crate) use together::without_use;
pub use together::{DEVICES, emptied, is_same_path, written_twice};
pub(crate) use url::for_people;
pub use url::is_same_url;
pub(crate) use value::check_looked_up;
pub use value::{check_given, check_value, wanted};

use crate::given::Given;
use crate::near::{advice, listed, nearest};
use crate::row::{KeyRow, KeyType, Literal, OneOf};
use crate::rule::Rule;
use crate::value::Value;

/// A mistake in a config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The rule that is broken.
    pub rule: Rule,
    /// Which entry is wrong; `None` where the mistake is that one is missing.
    pub key: Option<usize>,
    /// Which item of the entry's list is wrong, where it is one.
    pub item: Option<usize>,
    /// Whether the name is wrong, not the value: of that item, where the entry is a record, else of the entry.
    pub in_name: bool,
    /// Another entry that has to do with it: the first of a key given twice.
    pub also: Option<usize>,
    /// Where the mistake is that a key is missing: those of which one is.
    pub missing: Box<[String]>,
    /// What is wrong.
    pub text: String,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    pub(crate) fn new(rule: Rule, text: impl Into<String>, help: impl Into<String>) -> Problem {
        let (text, help) = (text.into(), Some(help.into()));
        Problem {
            rule,
            key: None,
            item: None,
            in_name: false,
            also: None,
            missing: Box::default(),
            text,
            help,
        }
    }

    fn at(self, key: usize) -> Problem {
        Problem { key: Some(key), ..self }
    }

    fn without(self, missing: &[&str]) -> Problem {
        Problem { missing: missing.iter().map(|name| (*name).to_owned()).collect(), ..self }
    }
}

/// All mistakes of a config: those of its entries in their order, then what is missing.
pub fn check_config(keys: &[KeyRow], one_of: OneOf<'_>, entries: &[(String, Given)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (i, (name, value)) in entries.iter().enumerate() {
        if let Some(first) = entries[..i].iter().position(|(earlier, _)| earlier == name) {
            let twice = Problem::new(
                Rule::key_given_twice,
                format!("`{name}` is given twice"),
                "remove one of the two",
            );
            problems.push(Problem { also: Some(first), ..twice }.at(i));
            continue;
        }
        let has = |key: &str| entries.iter().any(|(name, _)| name == key);
        let key = match find_key(keys, name) {
            Ok(key) => key,
            Err(problem) => {
                problems.push(problem.at(i));
                continue;
            }
        };
        let wrong = all_items(value, |value| check_given_among(key, has, value));
        if wrong.is_empty() {
            problems.extend(check_needs(keys, key, entries).err().map(|problem| problem.at(i)));
        }
        problems.extend(wrong.into_iter().map(|problem| problem.at(i)));
    }
    problems.extend(headers_set_twice(keys, entries));
    problems.extend(without_use(keys, entries));
    problems.extend(missing(keys, one_of, entries));
    problems
}

/// All that is wrong with a value: where it is an item of a list or of a record, also with the items that follow.
fn all_items(value: &Given, check: impl Fn(&Given) -> Result<(), Problem>) -> Vec<Problem> {
    const MOST: usize = 20; // all items are looked at again for each
    let mut problems: Vec<Problem> = Vec::new();
    let mut left = value.clone();
    // where each item that is left stands
    let mut places: Vec<usize> = match value {
        Given::Record(fields) => (0..fields.len()).collect(),
        Given::Value(Value::List(items)) => (0..items.len()).collect(),
        _ => Vec::new(),
    };
    while let Err(problem) = check(&left) {
        let Some(item) = problem.item.filter(|item| *item < places.len()) else {
            // with the wrong items gone, nothing may be left
            problems.extend(problems.is_empty().then_some(problem));
            break;
        };
        problems.push(Problem { item: Some(places.remove(item)), ..problem });
        if problems.len() == MOST {
            break;
        }
        match &mut left {
            Given::Record(fields) => drop(fields.remove(item)),
            Given::Value(Value::List(items)) => drop(items.remove(item)),
            _ => break,
        }
    }
    problems
}

/// Whether a key takes what a config gives for it, beside these other keys.
pub(crate) fn check_given_among(
    key: &KeyRow,
    has: impl Fn(&str) -> bool,
    given: &Given,
) -> Result<(), Problem> {
    let Err(problem) = check_given(&key.among(has), given) else { return Ok(()) };
    let Some(with) = key.with.filter(|_| check_given(key, given).is_ok()) else { return Err(problem) };
    let since = |help| format!("{help}, since `{}` is set", with.key);
    Err(Problem { help: problem.help.map(since), ..problem })
}

/// Whether what a key needs is there, be it with a slip in its name.
pub(crate) fn check_needs(keys: &[KeyRow], key: &KeyRow, entries: &[(String, Given)]) -> Result<(), Problem> {
    let name = key.name;
    for (needed, value) in key.needs {
        let given = entries.iter().find(|(key, _)| key == needed).map(|(_, given)| given);
        // What only the environment knows may be the value.
        let is_right = |given: &Given| given.to_value().is_none_or(|found| found == Value::from(*value));
        let problem = match given {
            Some(given) if !given.is_null() && (value.is_empty() || is_right(given)) => continue,
            None if is_there(keys, entries, needed) => continue,
            _ if value.is_empty() => Problem::new(
                Rule::key_without_another,
                format!("`{name}` needs `{needed}`"),
                format!("set `{needed}` too, or leave `{name}` out"),
            ),
            _ => Problem::new(
                Rule::key_without_another,
                format!("`{name}` needs `{needed}` = `{value}`"),
                format!("set `{needed}` to `{value}`, or leave `{name}` out"),
            ),
        };
        return Err(Problem { in_name: true, ..problem });
    }
    Ok(())
}

/// Of all that set the same header of a handshake one may be given: two keys for it, or a key and the header itself.
pub(crate) fn headers_set_twice(keys: &[KeyRow], entries: &[(String, Given)]) -> Vec<Problem> {
    let rows = entries.iter().map(|(name, _)| keys.iter().find(|key| key.name == name));
    let rows: Vec<Option<&KeyRow>> = rows.collect();
    let mut problems = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let Some(row) = row.filter(|row| !row.header.is_empty() && !entries[i].1.is_null()) else { continue };
        for (j, (other, given)) in entries.iter().enumerate() {
            let Some(other_row) = rows[j].filter(|_| !given.is_null()) else { continue };
            if other_row.header == row.header && j < i && other_row.name != row.name {
                let text = format!("`{}` and `{other}` set the same header, `{}`", row.name, row.header);
                let twice = Problem::new(Rule::header_set_twice, text, "remove one of the two");
                problems.push(Problem { also: Some(j), ..twice }.at(i));
            }
            if let (KeyType::Headers, Given::Record(fields)) = (other_row.ty, given)
                && let Some(item) = fields.iter().position(|(name, _)| name.eq_ignore_ascii_case(row.header))
            {
                let text = format!("`{}` sets the header `{}` too", row.name, fields[item].0);
                let twice = Problem::new(Rule::header_set_twice, text, "remove one of the two");
                problems.push(Problem { item: Some(item), in_name: true, also: Some(i), ..twice }.at(j));
            }
        }
    }
    problems
}

/// Of each of these groups exactly one key is given. To be asked beside [`check_config`].
pub fn check_exactly_one_of(keys: &[KeyRow], groups: OneOf<'_>, entries: &[(String, Given)]) -> Vec<Problem> {
    let check_group = |group: &&[&str]| {
        let mut given = (0..entries.len()).filter(|i| group.contains(&entries[*i].0.as_str()));
        let names: Vec<String> = group.iter().map(|name| format!("`{name}`")).collect();
        let Some(first) = given.next() else {
            if group.iter().any(|name| is_there(keys, entries, name)) {
                return Vec::new();
            }
            let text = format!("neither {} is set", names.join(" nor "));
            let neither = Problem::new(Rule::neither_of_two_keys, text, "set one of them");
            return vec![neither.without(group)];
        };
        let more = given.filter(|i| entries[*i].0 != entries[first].0);
        let problem = |i: usize| {
            let (name, other) = (&entries[i].0, &entries[first].0);
            let both = Problem::new(
                Rule::keys_exclude_each_other,
                format!("`{name}` does not go with `{other}`"),
                "remove one of the two",
            );
            Problem { also: Some(first), ..both }.at(i)
        };
        more.map(problem).collect()
    };
    groups.iter().flat_map(check_group).collect()
}

/// The row of a key.
///
/// # Errors
/// There is no such key, or it is not built.
pub(crate) fn find_key<'a>(keys: &'a [KeyRow], name: &str) -> Result<&'a KeyRow, Problem> {
    match keys.iter().find(|key| key.name == name) {
        Some(key) if key.is_built() => Ok(key),
        Some(KeyRow { ty: KeyType::Instead(other), doc, .. }) => Err(Problem::new(
            Rule::unknown_key,
            format!("there is no key `{name}` here, but `{other}`"),
            *doc,
        )),
        Some(_) => {
            let legal = listed(legal_names(keys));
            Err(Problem::new(
                Rule::not_supported,
                format!("`{name}` is not supported yet"),
                format!("remove it; legal keys: {legal}"),
            ))
        }
        None => Err(Problem::new(
            Rule::unknown_key,
            format!("there is no key `{name}`"),
            advice(name, "keys", legal_names(keys)),
        )),
    }
}

/// The names of the keys that can be used.
pub(crate) fn legal_names(keys: &[KeyRow]) -> impl Iterator<Item = &str> {
    keys.iter().filter(|key| key.is_built()).map(|key| key.name)
}

/// Whether a key is given, be it with a slip in its name, or by what the original has in its place.
fn is_there(keys: &[KeyRow], entries: &[(String, Given)], name: &str) -> bool {
    entries.iter().any(|(written, _)| {
        let is_slip = || !keys.iter().any(|key| key.name == written);
        let stands_for = |key: &KeyRow| matches!(key.ty, KeyType::Instead(other) if other == name);
        let is_instead = keys.iter().any(|key| key.name == written && stands_for(key));
        written == name || is_instead || (is_slip() && nearest(written, legal_names(keys)) == Some(name))
    })
}

/// What should be there and is not. A key that is there with a slip in its name is one mistake, not two.
fn missing(keys: &[KeyRow], one_of: OneOf<'_>, entries: &[(String, Given)]) -> Vec<Problem> {
    let is_there = |name: &str| is_there(keys, entries, name);
    let required = keys.iter().filter(|key| key.required && !is_there(key.name)).map(|key| {
        Problem::new(
            Rule::missing_key,
            format!("`{}` is missing", key.name),
            format!("add `{}`, {}: {}", key.name, wanted(key), key.doc),
        )
        .without(&[key.name])
    });
    let has_default =
        |name: &str| keys.iter().any(|key| key.name == name && key.among(is_there).default != Literal::None);
    let is_met = |group: &[&str]| group.iter().any(|name| is_there(name) || has_default(name));
    let groups = one_of.iter().filter(|group| !is_met(group)).map(|group| {
        let names: Vec<String> = group.iter().map(|name| format!("`{name}`")).collect();
        Problem::new(
            Rule::neither_of_two_keys,
            format!("neither {} is set", names.join(" nor ")),
            "set at least one of them",
        )
        .without(group)
    });
    required.chain(groups).collect()
}
