//! `include` itself: which files it finds, and what they are to the flow.

use expect_test::{Expect, expect};
use foreshock_compiler::compile_with;
use foreshock_compiler::files::{Files, GREATEST_FILE, NoFiles, ReadError};

use crate::support::dump;
use crate::{Memory, checked, parsed, reports};

const QUERY: &str = "select event from in into out;";

/// The files of a small crate.
fn files() -> Memory {
    Memory::new(&[
        ("etc/main.trickle", QUERY),
        ("etc/other.trickle", "select event.x from in into out;\n"),
        (
            "etc/ramps.yaml",
            "onramp:\n  - {id: m, type: metronome, config: {interval: 1}}\nofframp:\n  - {id: s, type: blackhole}\n",
        ),
        ("etc/.hidden.yaml", "no yaml: ["),
        ("etc/deep/more.yml", "binding: []\n"),
        ("mixed/a.trickle", QUERY),
        ("mixed/readme.md", "# Flows\n"),
        ("odd/a b.trickle", QUERY),
        ("odd/.trickle", QUERY),
        ("flow.yaml", "mapping:\n"),
    ])
}

/// What is read of a macro call with these files, and the errors of reading it.
#[track_caller]
fn check(text: &str, expected: &Expect) {
    let (flow, diagnostics) = parsed(text, &files());
    expected.assert_eq(&format!("{}----\n{}", reports(diagnostics), dump(&flow)));
}

#[test]
fn files_and_definitions_mix_in_the_order_of_the_text() {
    check(
        "flow Test;
        define offramp first from blackhole end;
        include \"etc/ramps.yaml\";
        include \"etc/main.trickle\"
        define offramp last from blackhole end;",
        &expect![[r#"
            at 4:17: this statement has no `;` behind it
            help: write `;` here
            ----
            offramp first from blackhole
            onramp m from metronome with interval = 1
            offramp s from blackhole
            pipeline main
              select event from in into out
            offramp last from blackhole
        "#]],
    );
}

#[test]
fn a_pattern_takes_all_files_of_a_folder_sorted() {
    check(
        "flow Test; include \"etc/*\";",
        &expect![[r#"
        ----
        pipeline main
          select event from in into out
        pipeline other
          select event.x from in into out
        onramp m from metronome with interval = 1
        offramp s from blackhole
    "#]],
    );
    check(
        "flow Test; include \"mixed/*\";",
        &expect![[r#"
        at 1:20: `mixed/readme.md` is neither a `.trickle` nor a `.yaml` file
        help: give a pattern that it does not match, instead of `mixed/*`
        help: a `.trickle` file is a query, a `.yaml` file has onramps, offramps, bindings and mappings
        ----
        pipeline a
          select event from in into out
    "#]],
    );
    check(
        "flow Test; include \"etc/*.yml\"; include \"none/*\";",
        &expect![[r#"
        at 1:20: no file matches `etc/*.yml`
        help: the path begins at the folder of the crate's `Cargo.toml`
        note: hidden files do not count
        at 1:41: no file matches `none/*`
        help: the path begins at the folder of the crate's `Cargo.toml`
        note: hidden files do not count
        ----
    "#]],
    );
}

#[test]
fn a_missing_file_is_told_with_a_near_name() {
    check(
        "flow Test; include \"etc/mian.trickle\";",
        &expect![[r#"
        at 1:20: there is no file `etc/mian.trickle`
        help: did you mean `etc/main.trickle`?
        note: the path begins at the folder of the crate's `Cargo.toml`
        ----
    "#]],
    );
    check(
        "flow Test; include \"flwo.yaml\";",
        &expect![[r#"
        at 1:20: there is no file `flwo.yaml`
        help: did you mean `flow.yaml`?
        note: the path begins at the folder of the crate's `Cargo.toml`
        ----
    "#]],
    );
    check(
        "flow Test; include \"ect/main.trickle\";",
        &expect![[r#"
        at 1:20: there is no file `ect/main.trickle`
        help: there is nothing in the folder `ect`
        note: the path begins at the folder of the crate's `Cargo.toml`
        ----
    "#]],
    );
    check(
        "flow Test; include \"\";",
        &expect![[r#"
            at 1:20: `include` takes the path of a file
            help: write `include "etc/flow.trickle";`, with the path from the crate's root
            ----
        "#]],
    );
}

#[test]
fn what_is_no_such_file_is_refused() {
    check(
        "flow Test; include \"etc\"; include \"etc/\"; include \"mixed/readme.md\";",
        &expect![[r#"
        at 1:20: `etc` is a folder
        help: for all files in it write `include "etc/*";`
        at 1:35: there is no file `etc/`
        note: the path begins at the folder of the crate's `Cargo.toml`
        at 1:51: `mixed/readme.md` is neither a `.trickle` nor a `.yaml` file
        help: a `.trickle` file is a query, a `.yaml` file has onramps, offramps, bindings and mappings
        ----
    "#]],
    );
    check(
        "flow Test; include etc/main.trickle; include \"a#{b}\"; include 5; include;",
        &expect![[r#"
            at 1:20: expected a file in double quotes, found `etc`
            help: write `include "etc/flow.trickle";`, with the path from the crate's root
            at 1:46: a path is a plain string, without `#{…}`
            help: write the path itself; a pattern, as in `etc/*.trickle`, includes several files
            at 1:63: expected a file in double quotes, found `5`
            help: write `include "etc/flow.trickle";`, with the path from the crate's root
            at 1:73: expected a file in double quotes, found `;`
            help: write `include "etc/flow.trickle";`, with the path from the crate's root
            ----
            broken: include etc main trickle
            broken: include a#{b}
            broken: include
            broken: include
        "#]],
    );
}

#[test]
fn files_that_are_no_text_or_too_large_are_refused() {
    let mut files = files();
    files.0.insert("bytes.trickle".to_string(), b"select event\nfrom \xff in".to_vec());
    files.0.insert("large.yaml".to_string(), vec![b'#'; GREATEST_FILE as usize + 1]);
    files.0.insert("fits.yaml".to_string(), vec![b'#'; GREATEST_FILE as usize]);
    let text = "flow Test; include \"bytes.trickle\"; include \"large.yaml\"; include \"fits.yaml\";";
    expect![[r#"
        at 1:20: `bytes.trickle` is no text in UTF-8: line 2 has other bytes
        help: save it as UTF-8
        at 1:45: `large.yaml` is too large: the limit is 1048576 bytes
    "#]]
    .assert_eq(&reports(parsed(text, &files).1));
}

#[test]
fn a_file_is_included_once() {
    check(
        "flow Test; include \"etc/other.trickle\"; include \"etc/*.trickle\";",
        &expect![[r#"
            at 1:49: `etc/other.trickle` is included twice
            help: remove one of the two
            note: first included at line 1
            ----
            pipeline other
              select event.x from in into out
            pipeline main
              select event from in into out
        "#]],
    );
}

#[test]
fn the_name_of_a_file_is_that_of_its_pipeline() {
    check(
        "flow Test; include \"odd/a b.trickle\";",
        &expect![[r#"
        at 1:20: `a b`, from the file `odd/a b.trickle`, is no name for a pipeline
        help: give it one in the first line of the file: `#!config id = "name"`
        ----
    "#]],
    );
    check(
        "flow Test; include \"odd/.trickle\";",
        &expect![[r#"
        at 1:20: ``, from the file `odd/.trickle`, is no name for a pipeline
        help: give it one in the first line of the file: `#!config id = "name"`
        ----
    "#]],
    );
}

#[test]
fn a_macro_call_of_one_query_takes_one_file() {
    check(
        "pipeline Test; include \"etc/main.trickle\";",
        &expect![[r#"
        ----
        select event from in into out
    "#]],
    );
    check(
        "pipeline Test; include \"etc/*.trickle\"",
        &expect![[r#"
        at 1:24: a macro call with `pipeline Name;` is one query
        help: include one file, or write `flow Name;`
        note: the first file is included at line 1
        ----
        select event from in into out
    "#]],
    );
    check(
        "pipeline Test; include \"etc/ramps.yaml\"; include 5; select event from in into out;",
        &expect![[r#"
            at 1:24: `etc/ramps.yaml` belongs to a flow
            help: a macro call that begins with `pipeline Name;` is one query; write `flow Name;`
            at 1:50: expected a file in double quotes, found `5`
            help: write `include "etc/flow.trickle";`, with the path from the crate's root
            ----
            broken: include
            select event from in into out
        "#]],
    );
}

#[test]
fn a_name_that_is_defined_in_two_places_has_both_named() {
    let mut files = files();
    let ramps = "offramp:\n  - {id: t, type: blackhole}\n  - {id: s, type: blackhole}\n";
    files.0.insert("more.yaml".to_string(), ramps.as_bytes().to_vec());
    let text = "flow Test;\ninclude \"etc/ramps.yaml\";\ninclude \"more.yaml\";\ndefine offramp t from blackhole end;\ndefine pipeline other end;\ninclude \"etc/other.trickle\";";
    let (flow, mut diagnostics) = parsed(text, &files);
    foreshock_compiler::resolve::resolve(flow, &mut diagnostics);
    let twice: Vec<String> = diagnostics
        .into_sorted()
        .iter()
        .map(|e| e.message())
        .filter(|e| e.contains("defined twice"))
        .collect();
    expect![[r#"
        the offramp `s` is defined twice
         --> more.yaml:3:10
          |
        3 |   - {id: s, type: blackhole}
          |          ^
          |
          = help: remove one of the two, or give it another name
          = note: first defined at etc/ramps.yaml:4:10
        the offramp `t` is defined twice
        help: remove one of the two, or give it another name
        note: first defined at more.yaml:2:10
        the pipeline `other` is defined twice
         --> etc/other.trickle:1:1
          |
        1 | select event.x from in into out;
          | ^
          |
          = help: remove one of the two, or give it another name
          = note: first defined at line 5, in the macro call"#]]
    .assert_eq(&twice.join("\n"));
}

#[test]
fn errors_stand_in_the_order_of_the_text_at_their_include() {
    let files = Memory::new(&[("a.trickle", "\n\n\nselect ; select ;"), ("b.trickle", "select ;")]);
    let text = "flow Test;\ndefine a;\ninclude \"b.trickle\"; include \"a.trickle\";\ndefine b;";
    let places: Vec<String> = checked(text, &files)
        .into_sorted()
        .iter()
        .map(|error| {
            let (line, column) = error.pos().start();
            format!("{:?} {line}:{column}", error.pos().file_id())
        })
        .collect();
    expect![[r#"
        None 2:7
        Some(FileId(0)) 1:7
        Some(FileId(1)) 4:7
        Some(FileId(1)) 4:16
        None 4:7"#]]
    .assert_eq(&places.join("\n"));
}

#[test]
fn a_file_that_cannot_be_read_has_no_follow_up_errors() {
    let text = "flow Test; include \"nothing.yaml\"; define binding b links \
        /onramp/m/01/out => /pipeline/p/01/in end; create binding /binding/b/01;";
    let diagnostics = checked(text, &files());
    assert_eq!(diagnostics.errors(), 1);
}

#[test]
fn every_file_that_is_read_is_watched_with_errors_and_without() {
    let check = |text: &str, errors: bool| {
        let code = compile_with(text.parse().expect("it is Rust tokens"), &files()).to_string();
        assert_eq!(code.contains("compile_error"), errors, "{code}");
        assert!(code.contains("include_bytes ! (\"/crate/etc/main.trickle\")"), "{code}");
        syn::parse_file(&code).expect("it is Rust");
    };
    check("pub pipeline Test; include \"etc/main.trickle\";", false);
    check("pub flow Test; include \"etc/main.trickle\";", true);
    check("pub flow Test; include \"etc/main.trickle\"; include \"nothing.yaml\";", true);
}

#[test]
fn without_files_every_include_is_an_error_and_nothing_else() {
    let code = compile_with("flow Test; include \"a.yaml\";".parse().expect("it is Rust tokens"), &NoFiles);
    assert_eq!(code.to_string().matches("compile_error").count(), 1);
}

#[test]
fn failures_of_a_running_query_name_the_file() {
    let files = Memory::new(&[("etc/x.trickle", "\nselect event.a + 1 from in into out;")]);
    let code =
        compile_with("pipeline Test; include \"etc/x.trickle\";".parse().expect("it is Rust tokens"), &files);
    let expected = "etc/x.trickle, line 2, column 8: `event.a + 1`";
    assert!(code.to_string().contains(expected), "{code}");
}

#[test]
fn failures_of_an_inline_query_name_the_file_of_the_macro_call_if_it_is_known() {
    struct Known(Option<String>);
    impl Files for Known {
        fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
            NoFiles.read(path)
        }
        fn glob(&self, pattern: &str) -> Result<Vec<String>, String> {
            NoFiles.glob(pattern)
        }
        fn names_in(&self, folder: &str) -> Vec<String> {
            NoFiles.names_in(folder)
        }
        fn of_call(&self) -> Option<String> {
            self.0.clone()
        }
        fn absolute(&self, path: &str) -> Option<String> {
            NoFiles.absolute(path)
        }
    }
    let check = |name: Option<&str>, expected: &str| {
        let text = "pipeline Test;\nselect event.a + 1 from in into out;";
        let known = Known(name.map(String::from));
        let code = compile_with(text.parse().expect("it is Rust tokens"), &known).to_string();
        assert!(code.contains(expected), "no {expected} in {code}");
    };
    check(Some("src/main.rs"), "\"src/main.rs, line 2, column 8: `event.a + 1`\"");
    check(None, "\"line 2, column 8: `event.a + 1`\"");
}

#[test]
fn of_very_many_errors_the_first_ones_are_shown_and_the_others_counted() {
    let files = Memory::new(&[("x.yaml", &"a: b\n".repeat(1000))]);
    let errors = checked("flow Test; include \"x.yaml\";", &files).into_sorted();
    assert_eq!(errors.len(), 200);
    assert!(
        errors[199].message().ends_with("= note: there are 800 more errors"),
        "{}",
        errors[199].message()
    );
}

#[test]
fn a_very_long_line_is_not_shown() {
    let text = format!("# {}\nselect {}+ from in into out", "x".repeat(5000), "1 + ".repeat(1000));
    let files = Memory::new(&[("x.trickle", &text)]);
    let errors = parsed("flow Test; include \"x.trickle\";", &files).1.into_sorted();
    let expected = expect![[r#"
        this expression is nested more than 128 levels deep
        --> x.trickle:2:522
         = help: cut it into several selects"#]];
    expected.assert_eq(&errors[0].message());
}
