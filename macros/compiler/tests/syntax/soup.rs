//! Whatever tokens come, the parser ends and does not panic, and what it reads can be resolved.

use foreshock_compiler::diagnostics::Diagnostics;
use foreshock_compiler::files::NoFiles;
use foreshock_compiler::resolve::resolve;
use foreshock_compiler::syntax::parse;
use proc_macro2::TokenStream;

use crate::support::FOUNDING;

/// A small generator of pseudo-random numbers (SplitMix64), so that a seed tells the whole run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}

const WORDS: &[&str] = &[
    "flow",
    "pipeline",
    "Test",
    ";",
    ";",
    "define",
    "create",
    "onramp",
    "offramp",
    "binding",
    "operator",
    "links",
    "from",
    "into",
    "in",
    "out",
    "with",
    "end",
    "end",
    "end",
    "select",
    "event",
    "where",
    "use",
    "merge",
    "of",
    "present",
    "absent",
    "not",
    "and",
    "or",
    "script",
    "match",
    "case",
    "fn",
    "patch",
    "::",
    "=>",
    "/",
    "/",
    ",",
    ".",
    "=",
    "==",
    "-",
    "+",
    "$",
    "#",
    "!",
    "~=",
    ">>>",
    "<<",
    "1",
    "01",
    "1.5",
    "1MB",
    "\"text\"",
    "\"#{event.a}\"",
    "\"#{\"",
    "r\"\\d\"",
    "'c'",
    "b\"x\"",
    "r#select",
    "_",
    "///doc\n",
    "x",
    "qos",
    "wal",
    "include",
    "require",
    "yields",
    "rust",
    ":",
    "&&",
    "null",
    "true",
    "having",
    "patch",
    "insert",
    "erase",
    "move",
    "const",
    "mod",
    "mod m with",
    "stream",
    "create stream s ;",
    "group",
    "'a",
];

const BRACKETS: &[(&str, &str)] = &[("(", ")"), ("[", "]"), ("{", "}")];

fn soup(random: &mut Random, depth: usize) -> String {
    let mut text = String::new();
    for _ in 0..random.below(40) {
        if depth < 4 && random.below(12) == 0 {
            let (open, close) = BRACKETS[random.below(BRACKETS.len())];
            text += &format!("{open} {} {close} ", soup(random, depth + 1));
        } else {
            text += WORDS[random.below(WORDS.len())];
            text += if random.below(20) == 0 { "\n" } else { " " };
        }
    }
    text
}

/// Parses a text; says the seed if that panics.
fn survives(text: &str, seed: u64) {
    let Ok(tokens) = text.parse::<TokenStream>() else { return };
    let result = std::panic::catch_unwind(|| {
        let mut diagnostics = Diagnostics::default();
        let graph = parse(tokens, &NoFiles, &mut diagnostics).map(|flow| resolve(flow, &mut diagnostics));
        let length: usize = diagnostics.into_sorted().iter().map(|error| error.message().len()).sum();
        length + graph.iter().count()
    });
    assert!(result.is_ok(), "seed {seed} makes a pass panic with: {text}");
}

#[test]
fn random_tokens_never_panic_a_pass() {
    for seed in 0..1000 {
        let mut random = Random(seed);
        let head = ["", "flow Test; ", "pipeline Test; ", "flow Test; define pipeline p "][random.below(4)];
        survives(&format!("{head}{}", soup(&mut random, 0)), seed);
    }
}

#[test]
fn the_founding_flow_with_words_lost_and_put_in_never_panics_a_pass() {
    let words: Vec<&str> = FOUNDING.split_inclusive(char::is_whitespace).collect();
    for seed in 0..300 {
        let mut random = Random(seed);
        let mut words = words.clone();
        for _ in 0..=random.below(4) {
            let at = random.below(words.len());
            match random.below(3) {
                0 => drop(words.remove(at)),
                1 => words.insert(at, WORDS[random.below(WORDS.len())]),
                _ => words.truncate(at + 1),
            }
        }
        survives(&words.join(" "), seed);
    }
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let depth = 20_000;
    let nested = |open: &str, inner: &str, close: &str| {
        format!("pipeline Test; select {}{inner}{} from in into out", open.repeat(depth), close.repeat(depth))
    };
    let cases = [
        nested("(", "1", ")"),
        nested("[", "1", "]"),
        nested("{\"a\":", "1", "}"),
        nested("not ", "true", ""),
        nested("- ", "event", ""),
        nested("merge ", "event", " of {} end"),
        nested("", "event", ".a"),
        nested("", "event", "[0]"),
        nested("1 + ", "1", ""),
        nested("f(", "1", ")"),
        nested("present ", "event.a", ""),
        nested("patch ", "event", " of erase \"a\" end"),
        nested("patch event of insert \"a\" => ", "1", " end"),
    ];
    for text in cases {
        let tokens: TokenStream = text.parse().expect("the text is Rust tokens");
        let mut diagnostics = Diagnostics::default();
        parse(tokens, &NoFiles, &mut diagnostics);
        let errors = diagnostics.into_sorted();
        let shown = &text[..60];
        assert_eq!(errors.len(), 1, "{shown}: {errors:?}");
        let message = errors[0].message();
        let expected =
            "this expression is nested more than 128 levels deep\nhelp: cut it into several selects";
        assert_eq!(message, expected, "{shown}");
    }
}

#[test]
fn modules_nest_to_the_same_depth() {
    let check = |depth: usize, expected: usize| {
        let text =
            format!("pipeline Test; {} const a = 1; {}", "mod m with ".repeat(depth), "end; ".repeat(depth));
        let tokens: TokenStream = text.parse().expect("the text is Rust tokens");
        let mut diagnostics = Diagnostics::default();
        let graph = parse(tokens, &NoFiles, &mut diagnostics).map(|flow| resolve(flow, &mut diagnostics));
        assert!(graph.is_some());
        let errors: Vec<String> = diagnostics.into_sorted().iter().map(|error| error.message()).collect();
        assert_eq!(errors.len(), expected, "{errors:?}");
        assert!(
            errors.iter().all(|error| error == "this module is nested more than 64 levels deep"),
            "{errors:?}"
        );
    };
    check(64, 0);
    check(65, 1);
    check(20_000, 1);
}

#[test]
fn nesting_up_to_the_limit_is_fine() {
    let depth = 126;
    let text = format!("pipeline Test; select {}1{} from in into out", "(".repeat(depth), ")".repeat(depth));
    let tokens: TokenStream = text.parse().expect("the text is Rust tokens");
    let mut diagnostics = Diagnostics::default();
    parse(tokens, &NoFiles, &mut diagnostics);
    assert!(!diagnostics.has_errors());
}
