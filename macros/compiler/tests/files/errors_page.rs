//! The page on errors: each rule has its chapter, what is shown as wrong breaks that rule and no other, with the message that
//! is shown, and what is shown as right is right. With `UPDATE_EXPECT=1` the page gets the messages that the compiler gives.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use foreshock_compiler::diagnostics::{Diagnostics, Level, Report, Rule};

use crate::{Memory, checked};

/// A rule's chapter.
#[derive(Debug, Default)]
struct Chapter {
    rule: String,
    message: String,
    /// What kind of text the blocks are, and their text: first the wrong one, then the right one.
    blocks: Vec<(String, String)>,
}

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../runtime/docs/errors.md")
}

fn chapters(page: &str) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = Vec::new();
    let mut block: Option<(String, String)> = None;
    for line in page.lines() {
        if let Some(rule) = line.strip_prefix("## `").and_then(|line| line.strip_suffix('`')) {
            chapters.push(Chapter { rule: rule.to_string(), ..Chapter::default() });
        }
        let Some(chapter) = chapters.last_mut() else { continue };
        match (&mut block, line.strip_prefix("```")) {
            (Some(_), Some(_)) => chapter.blocks.extend(block.take()),
            (Some((_, text)), None) => writeln!(text, "{line}").expect("a string takes all"),
            (None, Some(kind)) => block = Some((kind.to_string(), String::new())),
            (None, None) => {
                if let Some(message) = line.strip_prefix("> ") {
                    chapter.message = message.to_string();
                }
            }
        }
    }
    chapters
}

/// A whole flow around an example, and its files.
fn whole(kind: &str, text: &str) -> (String, Memory) {
    let (mut query, mut links, mut more) = (
        "select event from in into out;",
        "/onramp/metronome/01/out => /pipeline/main/01/in, /pipeline/main/01/out => /offramp/ws0/01/in",
        "",
    );
    let mut files = vec![("etc/good.trickle", "select event from in into out;"), ("etc/notes.txt", "")];
    files.push(("etc/1 bad.trickle", "select event from in into out;"));
    match kind {
        "whole" => return (text.to_string(), Memory::new(&files)),
        "query" => query = text,
        "links" => links = text,
        "flow" => more = text,
        "trickle" => {
            files.push(("example.trickle", text));
            more = "include \"example.trickle\";";
            links = "/onramp/metronome/01/out => /pipeline/main/01/in, /pipeline/main/01/out => /pipeline/example/01/in,
                /pipeline/example/01/out => /offramp/ws0/01/in";
        }
        "yaml" => {
            files.push(("example.yaml", text));
            more = "include \"example.yaml\";";
        }
        other => panic!("there is no kind of example called `{other}`"),
    }
    let flow = format!(
        "pub flow Example;
        define onramp metronome from metronome with interval = 1000 end;
        define offramp ws0 from ws with url = \"ws://localhost:8080/\" end;
        define pipeline main\n{query}\nend;
        define binding main links\n{links}\nend;
        create binding /binding/main/01;\n{more}"
    );
    (flow, Memory::new(&files))
}

fn reports(kind: &str, text: &str) -> Vec<Report> {
    let (flow, files) = whole(kind, text);
    let diagnostics: Diagnostics = checked(&flow, &files);
    diagnostics.into_sorted()
}

/// What a wrong example gives. (One for a warning is a fragment, in which other things have no use.)
fn broken(rule: &str, kind: &str, text: &str) -> Vec<Report> {
    let mut found = reports(kind, text);
    let warns = Rule::find(rule).is_some_and(|rule| rule.level() == Level::Warning);
    found.retain(|one| one.rule().level() == Level::Error || !warns || one.rule().name() == rule);
    found
}

fn first_line(report: &Report) -> String {
    // that of an error in a file begins with a word for it
    let message = report.message();
    let line = message.lines().next().unwrap_or("");
    line.strip_prefix("error: ").or(line.strip_prefix("warning: ")).unwrap_or(line).to_string()
}

/// What is wrong with a chapter.
fn faults(chapter: &Chapter) -> Vec<String> {
    let Chapter { rule, message, blocks } = chapter;
    let [(kind, wrong), (right_kind, right)] = blocks.as_slice() else {
        return vec![format!("`{rule}` has {} examples, not two", blocks.len())];
    };
    let mut faults = Vec::new();
    let found = broken(rule, kind, wrong);
    let described =
        || found.iter().map(|one| format!("{}: {}", one.rule().name(), one.message())).collect::<Vec<_>>();
    if found.is_empty() || found.iter().any(|one| one.rule().name() != rule) {
        faults.push(format!("`{rule}`: the wrong example gives {:#?}", described()));
    } else if first_line(&found[0]) != *message {
        faults.push(format!("`{rule}`: the message is\n> {}", first_line(&found[0])));
    }
    let left = reports(right_kind, right);
    let is_fault = |one: &&Report| one.rule().level() == Level::Error || one.rule().name() == rule;
    faults.extend(
        left.iter()
            .filter(is_fault)
            .map(|one| format!("`{rule}`: the right example gives {}", one.message())),
    );
    faults
}

#[test]
fn each_rule_has_a_chapter_in_which_a_wrong_text_breaks_it_and_a_right_one_does_not() {
    let mut text = fs::read_to_string(page()).expect("the page can be read");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        text = updated(&text);
        fs::write(page(), &text).expect("the page can be written");
    }
    let chapters = chapters(&text);
    let told: Vec<&str> = chapters.iter().map(|chapter| chapter.rule.as_str()).collect();
    let rules: Vec<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    assert_eq!(told, rules, "the rules of the page, in the order of `runtime/spec/src/rule.rs`");
    let faults: Vec<String> = chapters.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// The page with the messages as they are.
fn updated(page: &str) -> String {
    let mut rest = page;
    let mut out = String::new();
    for chapter in chapters(page) {
        let heading = format!("## `{}`\n", chapter.rule);
        let at = rest.find(&heading).expect("it has been found before");
        let message_at = at + rest[at..].find("\n> ").expect("a chapter has a message") + "\n> ".len();
        let end = message_at + rest[message_at..].find('\n').expect("something is behind it");
        let found =
            chapter.blocks.first().map(|(kind, text)| broken(&chapter.rule, kind, text)).unwrap_or_default();
        out += &rest[..message_at];
        out += &found.first().map_or_else(|| chapter.message.clone(), first_line);
        rest = &rest[end..];
    }
    out + rest
}
