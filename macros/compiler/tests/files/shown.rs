//! What people copy: the flows of the examples, of the README and of the pages give no error and no warning. That they compile as
//! Rust is tested where they stand, as examples and as documentation tests.

use std::fs;
use std::path::{Path, PathBuf};

use foreshock_compiler::check::check;
use foreshock_compiler::diagnostics::Diagnostics;
use foreshock_compiler::files::Disk;
use foreshock_compiler::resolve::resolve;
use foreshock_compiler::syntax::parse;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The Rust in a page: the blocks whose kind says so, or that have none; not those that must not compile.
fn rust_of(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<(bool, String)> = None;
    for line in page.lines() {
        match (&mut block, line.strip_prefix("```")) {
            (Some((is_rust, text)), Some(_)) => {
                let text = std::mem::take(text);
                if *is_rust {
                    blocks.push(text);
                }
                block = None;
            }
            (Some((_, text)), None) => {
                // a line that rustdoc hides
                text.push_str(line.strip_prefix("# ").unwrap_or(line));
                text.push('\n');
            }
            (None, Some(kind)) => {
                block = Some((matches!(kind, "" | "rust" | "no_run" | "rust,no_run"), String::new()));
            }
            (None, None) => {}
        }
    }
    blocks
}

/// What is in the calls of `pipeline!` in a text, however deep.
fn calls(rust: &str) -> Vec<Group> {
    let tokens: TokenStream = rust.parse().unwrap_or_else(|error| panic!("{error}: {rust}"));
    let mut found = Vec::new();
    let mut streams = vec![tokens];
    while let Some(stream) = streams.pop() {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        for (at, tree) in trees.iter().enumerate() {
            let TokenTree::Group(group) = tree else { continue };
            let is_call = at >= 2
                && matches!(&trees[at - 2], TokenTree::Ident(name) if name == "pipeline")
                && matches!(&trees[at - 1], TokenTree::Punct(bang) if bang.as_char() == '!');
            match is_call && group.delimiter() == Delimiter::Brace {
                true => found.push(group.clone()),
                false => streams.push(group.stream()),
            }
        }
    }
    found
}

/// What the flows of a text give, and how many there are. Files are those of the folder of its crate.
fn looked_at(rust: &str, folder: &Path) -> usize {
    let calls = calls(rust);
    for call in &calls {
        let mut diagnostics = Diagnostics::default();
        let files = Disk::at(folder);
        if let Some(flow) = parse(call.stream(), &files, &mut diagnostics) {
            let graph = resolve(flow, &mut diagnostics);
            check(&graph, &mut diagnostics);
        }
        let told: Vec<String> =
            diagnostics.into_sorted().iter().map(|one| one.message().to_string()).collect();
        assert!(told.is_empty(), "{}: {told:#?}\n{call}", folder.display());
    }
    calls.len()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_flows_of_the_examples_are_without_a_warning() {
    let folder = root().join("examples");
    let entries = fs::read_dir(&folder).expect("the folder can be read");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    let flows: usize = files.iter().map(|file| looked_at(&read(file), &folder)).sum();
    assert!(flows >= 5, "there are {flows} flows in the examples");
}

#[test]
fn the_flows_of_the_pages_are_without_a_warning() {
    let check = |page: &str, folder: &str, least: usize| {
        let blocks = rust_of(&read(&root().join(page)));
        let flows: usize = blocks.iter().map(|block| looked_at(block, &root().join(folder))).sum();
        assert!(flows >= least, "there are {flows} flows in {page}");
    };
    check("README.md", "examples", 2);
    check("runtime/docs/language.md", "runtime", 20);
    check("runtime/docs/simulation.md", "runtime", 1);
    check("runtime/docs/operations.md", "runtime", 0);
    check("runtime/docs/reliability.md", "runtime", 0);
    check("runtime/docs/roundrobin.md", "runtime", 0);
}
