//! Applies the rules to the files. A finding is one line: file, line, what is wrong.

use std::ops::RangeInclusive;

use crate::rules::{ANY_SIZE, Ban, CASES, FILE_LINES, FUNCTION_LINES, RULES, Rule};
use crate::source::Source;
use crate::syntax;

/// All findings, in the order of the files.
pub(crate) fn all(sources: &[Source]) -> Vec<String> {
    let modules = test_modules(sources);
    let mut findings = Vec::new();
    for source in sources {
        let tested = Lines::of_tests(source, &modules);
        if source.is_rust() && !is_case(source) {
            head(source, &mut findings);
            sizes(source, &tested, &mut findings);
        }
        for rule in RULES {
            let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| source.path.starts_with(prefix));
            if begins(rule.within) && !begins(rule.except) {
                apply(rule, source, &tested, &mut findings);
            }
        }
    }
    findings
}

fn is_case(source: &Source) -> bool {
    CASES.iter().any(|folder| match folder.split_once("*/") {
        Some((parent, _)) => source.path.strip_prefix(parent).is_some_and(|inner| inner.contains('/')),
        None => source.path.contains(folder),
    })
}

/// The files and folders (as beginnings of paths) of modules behind `#[cfg(test)]`.
fn test_modules(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let folder = match source.stem() {
            "mod" | "lib" | "main" => source.path.rsplit_once('/').map_or("", |(folder, _)| folder),
            _ => source.path.trim_end_matches(".rs"),
        };
        for module in syntax::test_items(&source.tokens).1 {
            found.extend([format!("{folder}/{module}.rs"), format!("{folder}/{module}/")]);
        }
    }
    found
}

/// The lines of a file that are tests.
struct Lines {
    all: bool,
    some: Vec<RangeInclusive<usize>>,
}

impl Lines {
    fn of_tests(source: &Source, modules: &[String]) -> Lines {
        let in_crate =
            source.path.contains("src/") && (source.is_below("tests") || source.stem().ends_with("tests"));
        let begins = |prefix: &str| source.path.starts_with(prefix);
        let all = in_crate
            || source.stem().ends_with("_test")
            || ANY_SIZE.iter().any(|prefix| begins(prefix))
            || modules.iter().any(|prefix| begins(prefix));
        Lines { all, some: syntax::test_items(&source.tokens).0 }
    }

    fn contain(&self, line: usize) -> bool {
        self.all || self.some.iter().any(|lines| lines.contains(&line))
    }
}

fn head(source: &Source, findings: &mut Vec<String>) {
    if !source.text.starts_with("//!") {
        findings
            .push(format!("{}:1: a file begins with `//!`: what it is for, and what it is not", source.path));
    }
}

fn sizes(source: &Source, tested: &Lines, findings: &mut Vec<String>) {
    let lines = (1..=source.text.lines().count()).filter(|line| !tested.contain(*line)).count();
    if lines > FILE_LINES {
        findings.push(format!("{}:{FILE_LINES}: {lines} lines, more than {FILE_LINES}", source.path));
    }
    for (name, range) in syntax::functions(&source.tokens) {
        let (first, length) = (*range.start(), range.end() - range.start() + 1);
        if length > FUNCTION_LINES && !tested.contain(first) {
            findings.push(format!(
                "{}:{first}: `{name}` has {length} lines, more than {FUNCTION_LINES}",
                source.path
            ));
        }
    }
}

fn apply(rule: &Rule, source: &Source, tested: &Lines, findings: &mut Vec<String>) {
    let mut find = |line: usize, what: &str| {
        findings.push(format!("{}:{line}: `{what}`: {}", source.path, rule.why));
    };
    match rule.ban {
        Ban::Paths(banned, allowed) => {
            for (path, line) in &source.paths {
                let (path, line) = (absolute(path, source), *line);
                let begins = |prefix: &&str| path == **prefix || path.starts_with(&format!("{prefix}::"));
                if banned.iter().any(begins) && !allowed.iter().any(begins) && !tested.contain(line) {
                    find(line, &path);
                }
            }
        }
        Ban::Tokens(banned) => {
            for text in banned {
                let pattern = syntax::tokens(text);
                for (at, token) in source.tokens.iter().enumerate() {
                    if syntax::begins(&source.tokens[at..], &pattern) {
                        find(token.line, text);
                    }
                }
            }
        }
        Ban::Text(banned) => {
            for (number, line) in source.text.lines().enumerate() {
                banned.iter().filter(|text| line.contains(**text)).for_each(|text| find(number + 1, text));
            }
        }
        Ban::Dependencies(banned) => {
            let mut section = "";
            for (number, line) in source.text.lines().enumerate() {
                if line.starts_with('[') {
                    section = line;
                }
                let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
                if section.contains("dependencies") && banned.contains(&name) {
                    find(number + 1, name);
                }
            }
        }
    }
}

/// The path from `crate`, if it begins with `super` or `self`.
fn absolute(path: &str, source: &Source) -> String {
    let mut module = source.module();
    let mut rest = path;
    if let Some(inner) = rest.strip_prefix("self::") {
        rest = inner;
    } else if !rest.starts_with("super::") {
        return path.to_owned();
    }
    while let Some(inner) = rest.strip_prefix("super::") {
        module.pop();
        rest = inner;
    }
    format!("{}::{rest}", module.join("::"))
}
