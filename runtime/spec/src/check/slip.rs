//! A key that is missing, and one that there is not: most likely one mistake, not two.

use super::{Problem, check_given, legal_names};
use crate::given::Given;
use crate::near::{listed, nearest};
use crate::row::KeyRow;
use crate::rule::Rule;

/// Where one key is missing, and one is there of another name and of the right type, leaves only the latter among the problems of
/// a config, with the name that was meant.
pub fn blame_slips(keys: &[KeyRow], entries: &[(String, Given)], problems: &mut Vec<Problem>) {
    let is_strange = |problem: &Problem| {
        let name =
            problem.key.filter(|_| problem.rule == Rule::unknown_key).map(|key| entries[key].0.as_str());
        // A key with a near name, or another one in its place, is told with that.
        name.is_some_and(|name| {
            nearest(name, legal_names(keys)).is_none() && keys.iter().all(|key| key.name != name)
        })
    };
    let strange: Vec<usize> = (0..problems.len()).filter(|at| is_strange(&problems[*at])).collect();
    let missing: Vec<usize> = (0..problems.len()).filter(|at| !problems[*at].missing.is_empty()).collect();
    if let &[strange] = strange.as_slice()
        && let Some((name, Given::Record(fields))) = problems[strange].key.map(|key| &entries[key])
        && fields.iter().any(|(field, _)| keys.iter().any(|key| key.name == field))
    {
        // the keys stand in a record, as in other languages
        let help = format!("the keys stand behind `with` themselves, without `{name}` and without braces");
        problems[strange].help = Some(help);
        problems.retain(|problem| problem.missing.is_empty());
        return;
    }
    let (&[strange], &[missing]) = (strange.as_slice(), missing.as_slice()) else { return };
    let Some((_, given)) = problems[strange].key.map(|key| &entries[key]) else { return };
    let takes = |name: &&String| {
        let row = keys.iter().find(|key| key.name == **name);
        row.is_some_and(|row| check_given(row, given).is_ok())
    };
    let meant: Vec<String> =
        problems[missing].missing.iter().filter(takes).map(|name| format!("`{name}`")).collect();
    if meant.is_empty() {
        return;
    }
    let legal = listed(legal_names(keys));
    let help = format!("did you mean {}, which is missing? Legal keys: {legal}", meant.join(" or "));
    problems[strange].help = Some(help);
    problems.remove(missing);
}
