//! What `#[allow(…)]` in the macro call and `# allow(…)` in files name: rules that warn. Where they hold is for who reads them.

use std::ops::Range;

use foreshock_spec::near::{advice, nearest};

use super::ast::Name;
use crate::diagnostics::{Diagnostics, Level, Rule};

/// The rule of that name, if it is one that only warns; else that is reported.
pub(super) fn rule(name: &Name, diagnostics: &mut Diagnostics) -> Option<Rule> {
    let rule = Rule::find(&name.text);
    if rule.is_some_and(|rule| rule.level() == Level::Warning) {
        return rule;
    }
    let warnings = Rule::ALL.iter().filter(|rule| rule.level() == Level::Warning).map(|rule| rule.name());
    let text = match rule {
        Some(_) => format!("`{}` is an error, and cannot be allowed", name.text),
        None => format!("there is no rule `{}`", name.text),
    };
    let error = diagnostics.report(Rule::unknown_rule, name.pos, text);
    error.help(advice(&name.text, "rules that only warn", warnings));
    None
}

/// Where the names stand in a comment, behind its `#`, that allows rules: it is `allow(…)` and no more, and one of the names is that of
/// a rule, or near to one. (Else it is prose.)
pub(super) fn names(comment: &str) -> Option<Vec<Range<usize>>> {
    let is_rule = |bytes: &Range<usize>| {
        nearest(&comment[bytes.clone()], Rule::ALL.iter().map(|rule| rule.name())).is_some()
    };
    listed(comment).filter(|names| names.iter().any(is_rule))
}

fn listed(comment: &str) -> Option<Vec<Range<usize>>> {
    let list = comment.trim().strip_prefix("allow(")?.strip_suffix(')')?;
    let mut at = comment.find(list)?;
    let mut names = Vec::new();
    for name in list.split(',') {
        let text = name.trim();
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if text.is_empty() || !text.bytes().all(is_letter) {
            return None;
        }
        let begin = at + name.len() - name.trim_start().len();
        names.push(begin..begin + text.len());
        at += name.len() + 1;
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::{listed, names};

    #[test]
    fn a_comment_that_allows_something_is_that_alone() {
        let check = |comment: &str, expected: Option<&[&str]>| {
            let found = listed(comment);
            let found: Option<Vec<&str>> =
                found.map(|found| found.into_iter().map(|bytes| &comment[bytes]).collect());
            assert_eq!(found.as_deref(), expected, "{comment}");
        };
        check(" allow(unused_artefact)", Some(&["unused_artefact"]));
        check("allow( a , b_2 )  ", Some(&["a", "b_2"]));
        check(" allow(a) please", None);
        check(" allow()", None);
        check(" allow(a b)", None);
        check(" we allow(a)", None);
    }

    #[test]
    fn prose_is_none_and_a_misspelt_rule_is_one() {
        let check =
            |comment: &str, expected: bool| assert_eq!(names(comment).is_some(), expected, "{comment}");
        check(" allow(unused_artefact)", true);
        check(" allow(unused_artifact)", true);
        check(" allow(all, unused_artefact)", true);
        check(" allow(all)", false);
        check(" allow(everything)", false);
    }
}
