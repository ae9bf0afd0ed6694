//! Whatever a flow says, no pass panics, and what is emitted is Rust.

use std::panic::catch_unwind;

use foreshock_compiler::compile;
use proc_macro2::TokenStream;

use crate::flow;

/// The flow that the project exists for.
const FOUNDING: &str = include_str!("../flows/roundrobin.flow");

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

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn operation(&mut self, value: &str) -> String {
        let key = self.one_of(&["id", "x", "new", "onramp", "#{event.onramp}", "i#{\"d\"}"]);
        let word = self.one_of(&["insert", "upsert", "update", "erase", "move", "copy", "merge", "merge =>"]);
        match word {
            "erase" => format!("erase \"{key}\""),
            "move" | "copy" => format!("{word} \"{key}\" => \"{}\"", self.one_of(&["new", "x", "y"])),
            "merge =>" => format!("merge => {value}"),
            _ => format!("{word} \"{key}\" => {value}"),
        }
    }

    /// An expression that can be parsed; about half of them have types that fit.
    fn expr(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.one_of(LEAVES).to_owned();
        }
        let mut part = || self.expr(depth - 1);
        let (a, b, c) = (part(), part(), part());
        match self.below(19) {
            0..=3 => format!("({a} {} {b})", self.one_of(OPERATORS)),
            4 => format!("({} {a})", self.one_of(&["not", "-", "+", "!"])),
            5 => format!("[{a}, {b}]"),
            6 => format!("{{\"id\": {a}, \"{}\": {b}}}", self.one_of(&["id", "x", "onramp"])),
            7 => format!("merge {a} of {{\"x\": {b}, \"id\": {c}}} end"),
            8 => format!("merge event of {{\"{}\": {b}}} end", self.one_of(&["id", "x", "hostname"])),
            9 => format!(
                "{} event.{}",
                self.one_of(&["present", "absent"]),
                self.one_of(&["id", "x", "id.y", "x[0]"])
            ),
            10 => format!("string::{}({a})", self.one_of(&["len", "trim", "uppercase", "is_empty"])),
            11 => format!("string::format(\"{{}} {{}}\", {a}, {b})"),
            12 => format!("event[{a}]"),
            13 => format!("patch {a} of {}, {} end", self.operation(&b), self.operation(&c)),
            14 | 15 => {
                let more = self.operation(&c);
                format!("patch event of {}, {}, {more} end", self.operation(&a), self.operation(&b))
            }
            16 | 17 => self.one_of(&["one", "base", "m::two", "m::n::list[one]", "base.x.y"]).to_owned(),
            _ => format!("({a})[{b}:{c}]"),
        }
    }
}

const LEAVES: &[&str] = &[
    "event",
    "event.id",
    "event.id",
    "event.onramp",
    "event.ingest_ns",
    "event.x",
    "event.x.y",
    "event[\"id\"]",
    "1",
    "2",
    "7.5",
    "\"a\"",
    "\"id\"",
    "true",
    "false",
    "null",
    "[]",
    "{}",
    "$",
    "system::hostname()",
    "\"#{event.id}\"",
    "system::ingest_ns()",
    "{\"a\": 1}",
    "-9223372036854775807",
    "9223372036854775807",
];

const OPERATORS: &[&str] = &[
    "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "and", "or", "xor", "&", "^", "<<", ">>",
    ">>>",
];

const WORDS: &[&str] = &[
    "in",
    "out",
    "err",
    "ws0",
    "ws9",
    "roundrobin",
    "in_memory_wal",
    "select",
    "event",
    "from",
    "into",
    ";",
    "end",
    "0",
    "\"\"",
    "\"ws1\"",
    "create",
    "define",
    "operator",
    "where",
    "metronome",
    "binding",
    "pipeline",
    "offramp",
    "/",
    "1",
    "{ instance }",
    "=>",
    "default",
    "with",
    "interval",
    "overflow",
    "event.id",
    "=",
    ",",
];

/// Compiles a text, which must neither panic nor give what is no Rust; says whether it had errors.
fn survives(text: &str, seed: u64) -> bool {
    let Ok(tokens) = text.parse::<TokenStream>() else { return true };
    let Ok(made) = catch_unwind(|| compile(tokens)) else { panic!("seed {seed} panics with\n{text}") };
    let file = syn::parse2::<syn::File>(made.clone());
    assert!(file.is_ok(), "seed {seed} gives what is no Rust, {:?}:\n{text}\n{made}", file.err());
    made.to_string().contains("compile_error")
}

#[test]
fn random_expressions_are_compiled_or_refused() {
    let mut compiled = 0;
    for seed in 0..1300 {
        let mut random = Random(seed);
        let (depth, other_depth) = (random.below(4), random.below(2));
        let (target, condition) = (random.expr(depth), random.expr(other_depth));
        let having = match random.below(6) {
            1.. => String::new(),
            0 => format!("having {}", random.expr(other_depth)),
        };
        let (into, from) = random.one_of(&["out|in", "out|s"]).split_once('|').expect("it is there");
        let stream = if from == "s" { "create stream s; select event from in into s;" } else { "" };
        let query = format!(
            "{stream} select {target} from {from} where {condition} into {into} {having};
            const one = m::two - 1; const base = {{\"id\": one, \"x\": {{\"y\": 2.5}}}};
            mod m with const two = 2; mod n with const list = [[two], base]; const two = 3; end; end;"
        );
        let text = match random.below(2) {
            0 => flow("", &query),
            _ => format!("pub pipeline Test; use tremor::system; use std::string; {query}"),
        };
        compiled += usize::from(!survives(&text, seed));
    }
    assert!(compiled > 100, "only {compiled} of the flows are right: this says too little");
}

#[test]
fn the_founding_flow_with_words_lost_and_put_in_is_compiled_or_refused() {
    let words: Vec<&str> = FOUNDING.split_inclusive(char::is_whitespace).collect();
    for seed in 0..1000 {
        let mut random = Random(seed);
        let mut words = words.clone();
        for _ in 0..=random.below(3) {
            let at = random.below(words.len());
            match random.below(3) {
                0 => drop(words.remove(at)),
                1 => words.insert(at, random.one_of(WORDS)),
                _ => words[at] = random.one_of(WORDS),
            }
        }
        survives(&words.join(" "), seed);
    }
}
