//! The fuzz targets for a few seconds: each with its corpus, and with inputs made of that by seed. The fuzzers themselves, for
//! hours, are not here.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use foreshock_fuzz::mutate::mutated;
use foreshock_fuzz::{TARGETS, Target};

/// Inputs that are made, and how long that may take: slow machines try fewer.
const INPUTS: u64 = 4000;
const AT_MOST: Duration = Duration::from_secs(5);

/// No input takes nearly that long, but one of which the work grows too fast.
const ONE_AT_MOST: Duration = Duration::from_secs(10);

fn corpus(target: &Target) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut inputs: Vec<(String, Vec<u8>)> = files
        .map(|file| {
            let path = file.expect("the folder can be read").path();
            let bytes = fs::read(&path).expect("an input is a file");
            (path.display().to_string(), bytes)
        })
        .collect();
    inputs.sort();
    inputs
}

fn run(target: &Target, input: &[u8], which: &str) {
    let begin = Instant::now();
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| (target.run)(input))) {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or(panic.downcast_ref().copied()).unwrap_or("panicked");
        panic!("target {}, {which}: {text}; the input: {}", target.name, input.escape_ascii());
    }
    let took = begin.elapsed();
    assert!(took < ONE_AT_MOST, "target {}, {which} takes {took:?}: {}", target.name, input.escape_ascii());
}

fn check(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("there is such a target");
    let corpus = corpus(target);
    for (path, input) in &corpus {
        run(target, input, path);
    }
    let inputs: Vec<Vec<u8>> = corpus.into_iter().map(|(_, input)| input).collect();
    let given = std::env::var("FORESHOCK_SEED").ok();
    let first: u64 = given.map_or(0, |seed| seed.parse().expect("FORESHOCK_SEED is a number"));
    let begin = Instant::now();
    for seed in first..first + INPUTS {
        if begin.elapsed() > AT_MOST {
            break;
        }
        run(target, &mutated(target, &inputs, seed), &format!("FORESHOCK_SEED={seed}"));
    }
}

macro_rules! smoke {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name));
            }
        )*

        #[test]
        fn every_target_is_tried_and_has_a_fuzzer() {
            let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
            let fuzzers = Path::new(env!("CARGO_MANIFEST_DIR")).join("cargo-fuzz");
            let manifest = fs::read_to_string(fuzzers.join("Cargo.toml")).expect("there is one");
            for name in names {
                assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
                let text = fs::read_to_string(fuzzers.join(format!("fuzz_targets/{name}.rs"))).expect("there is one");
                assert!(text.contains(&format!("foreshock_fuzz::{name}::run(data)")), "{name}");
            }
        }
    };
}

smoke! { flow json lines log overrides peer tokens yaml }
