//! Whatever is in a file, no pass panics, and errors can be shown.

use std::panic::catch_unwind;

use foreshock_compiler::compile_with;

use crate::Memory;

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

const QUERY: &str = include_str!("../../../../tests/customer/mended/roundrobin.trickle");
const RAMPS: &str = include_str!("../../../../tests/customer/mended/offramps.yaml");
const METRONOME: &str = include_str!("../../../../tests/customer/mended/metronome.yaml");
const BINDING: &str = include_str!("../../../../tests/customer/mended/binding.yaml");

/// What makes sense in one of the formats, or in none.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "`",
    "\"\"\"",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "  ",
    "#",
    "##",
    "###",
    "#!config",
    "#{",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\\",
    "\\u00e4",
    "\\ud800",
    "ä",
    "漢",
    "😀",
    "\u{feff}",
    "\u{0}",
    "\u{7f}",
    "\u{2028}",
    "\u{85}",
    "-",
    "- ",
    "-1",
    "a-1",
    "1.",
    "1.e5",
    "0x",
    "//",
    "/*",
    "|",
    "~=",
    "r#a",
    ":",
    ": ",
    ",",
    "?",
    "? ",
    "&a ",
    "*a",
    "!t ",
    "%",
    "%YAML 1.2\n",
    "---",
    "---\n",
    "...",
    "> \n",
    "|\n",
    "<<",
    "@",
    "select",
    "event",
    "from",
    "into",
    "end",
    "with",
    "define",
    "operator",
    "create",
    "id",
    "type",
    "config",
    "links",
    "onramp",
    "offramp",
    "binding",
    "mapping",
    "/onramp/a/{i}/out",
    "01",
    "null",
    "~",
    "true",
    "1e999",
    "99999999999999999999",
    ";",
    "=",
    "=>",
    "&",
];

fn survives(name: &str, text: &str, seed: u64) {
    let files = Memory::new(&[(name, text)]);
    let head = format!("flow Test; include \"{name}\";");
    let result = catch_unwind(|| {
        let tokens = head.parse().expect("it is Rust tokens");
        compile_with(tokens, &files).to_string().len()
    });
    assert!(result.is_ok(), "seed {seed} makes a pass panic with {name}: {text:?}");
}

/// Loses, repeats and puts in pieces of a text.
fn damaged(text: &str, random: &mut Random) -> String {
    let mut letters: Vec<String> = text.chars().map(String::from).collect();
    for _ in 0..=random.below(5) {
        let at = random.below(letters.len().max(1));
        if letters.is_empty() {
            break;
        }
        let until = (at + 1 + random.below(20)).min(letters.len());
        match random.below(5) {
            0 => drop(letters.drain(at..until)),
            1 => letters.insert(at, PIECES[random.below(PIECES.len())].to_string()),
            2 => letters[at] = PIECES[random.below(PIECES.len())].to_string(),
            3 => letters.truncate(at + 1),
            _ => {
                let again = letters[at..until].to_vec();
                letters.splice(at..at, again);
            }
        }
    }
    letters.concat()
}

#[test]
fn random_text_never_panics_a_pass() {
    for seed in 0..1500 {
        let mut random = Random(seed);
        let text: String = (0..random.below(40)).map(|_| PIECES[random.below(PIECES.len())]).collect();
        survives("x.trickle", &text, seed);
        survives("x.yaml", &text, seed);
    }
}

#[test]
fn damaged_files_never_panic_a_pass() {
    for seed in 0..500 {
        let mut random = Random(seed);
        survives("x.trickle", &damaged(QUERY, &mut random), seed);
        for text in [RAMPS, METRONOME, BINDING] {
            survives("x.yaml", &damaged(text, &mut random), seed);
        }
    }
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let depth = 20_000;
    let check = |name: &str, text: String| {
        let files = Memory::new(&[(name, &text)]);
        let head = format!("flow Test; include \"{name}\";");
        let code = compile_with(head.parse().expect("it is Rust tokens"), &files).to_string();
        assert!(
            code.contains("nested more than") || code.contains("recursion limit"),
            "{name}: {}",
            &text[..20]
        );
    };
    let nested = |open: &str, close: &str| format!("{}{}", open.repeat(depth), close.repeat(depth));
    check("x.trickle", format!("select {} from in into out;", nested("(", ")")));
    check("x.trickle", format!("select {} from in into out;", nested("\"#{", "}\"")));
    check("x.yaml", format!("onramp: {}", nested("[", "]")));
    check("x.yaml", format!("onramp:\n  {}", nested("- ", "")));
    check("x.yaml", format!("onramp: {}", nested("{a: ", "}")));
}

/// Work that grew with the square of a file's length would not end here in any reasonable time.
#[test]
fn large_files_of_anything_are_read_or_refused() {
    let size = 30_000;
    let fill = |piece: &str| piece.repeat(size / piece.len());
    for piece in [
        "£",
        "(",
        ")",
        "(]",
        "\"",
        "\n\"",
        "#{",
        "`",
        "a|",
        "## x\n",
        "// x\n",
        "a ",
        "select ",
        "select event from in into out;\n",
        "-1 ",
    ] {
        survives("x.trickle", &fill(piece), 0);
    }
    survives("x.trickle", &format!("select \"{}\" from in into out", fill("#{event.a}")), 0);
    survives("x.trickle", &format!("select \"{}\" from in into out", fill("\\q")), 0);
    for piece in
        ["- ", "- a\n", "a: b\n", "{", "[a, ", "? ", "\"", "'", "a", "&a ", "!a ", "|\n", "---\n", "a: [b]\n"]
    {
        survives("x.yaml", &fill(piece), 0);
    }
    survives("x.yaml", &format!("onramp:\n{}", fill("  - {id: a, type: metronome, x: y}\n")), 0);
    survives("x.yaml", &format!("onramp: [{}]", fill("{id: a}, ")), 0);
}
