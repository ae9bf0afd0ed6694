//! Settings that are right one by one, and wrong beside others.

use std::path::{Component, Path};

use super::Problem;
use crate::given::Given;
use crate::row::{KeyRow, KeyType};
use crate::rule::Rule;
use crate::value::Value;

/// Whether two paths are written for the same file, as far as their texts show: `./` and double slashes do not count. An empty
/// path is no file's.
pub fn is_same_path(a: &str, b: &str) -> bool {
    let parts = |path| Path::new(path).components().filter(|part| *part != Component::CurDir);
    !a.is_empty() && parts(a).eq(parts(b))
}

/// A sink's `key` names the file that `source` (`onramp.lines`) reads.
pub fn emptied(key: &str, source: &str) -> Problem {
    Problem::new(
        Rule::file_read_and_emptied,
        format!("`{key}` is the file that `{source}` reads: it would be emptied before anything is read"),
        "write to another file",
    )
}

/// What lies below is not written as a file is: several may have it.
pub const DEVICES: &str = "/dev/";

/// A sink's `key` names the file that another sink (`offramp.out`) writes.
pub fn written_twice(key: &str, other: &str) -> Problem {
    Problem::new(
        Rule::same_file,
        format!("`{key}` is the file that `{other}` writes too: they overwrite each other's lines"),
        "give each its own file, or use one offramp for both",
    )
}

/// Keys that have no use with the scheme that the URL has.
pub(crate) fn without_use(keys: &[KeyRow], entries: &[(String, Given)]) -> Vec<Problem> {
    let url = keys.iter().find_map(|key| match key.ty {
        KeyType::Url(schemes) => Some((key.name, schemes)),
        _ => None,
    });
    let Some((url, schemes)) = url else { return Vec::new() };
    let text = |name: &str| {
        entries.iter().find_map(|(written, given)| match given {
            Given::Value(Value::String(text)) if written == name => Some(text.as_str()),
            _ => None,
        })
    };
    let scheme =
        text(url).and_then(|url| url.split_once("://")).map(|(scheme, _)| scheme.to_ascii_lowercase());
    let Some(scheme) = scheme.filter(|scheme| schemes.contains(&scheme.as_str())) else { return Vec::new() };
    let mut problems = Vec::new();
    for (i, (name, given)) in entries.iter().enumerate() {
        let wanted = keys.iter().find(|key| key.name == name).map_or("", |key| key.scheme);
        // The environment may say that there is none.
        let is_set = matches!(given, Given::Value(Value::String(text)) if !text.is_empty());
        if is_set && !wanted.is_empty() && wanted != scheme {
            let text =
                format!("`{name}` is used with `{wanted}://` only, and `{url}` begins with `{scheme}://`");
            let help = format!("leave `{name}` away (or empty), or write `{wanted}://`");
            problems.push(Problem::new(Rule::key_without_use, text, help).at(i));
        }
    }
    problems
}
