//! What an editor finds in an expansion: the user's own tokens as definitions and as uses of them. No editor is at hand here, so
//! identifiers, their places and their docs are looked at; that it compiles, and that no lint minds it, other tests see.

use std::collections::BTreeMap;

use foreshock_compiler::compile_with;
use foreshock_compiler::files::NoFiles;
use proc_macro2::TokenStream;

const FLOW: &str = include_str!("flows/roundrobin.flow");

/// The items of the expansion's part for editors, and where they are used: name → (docs, place of the definition, of the uses).
#[derive(Default, Debug)]
struct Found {
    docs: String,
    at: Option<(usize, usize)>,
    uses: Vec<(usize, usize)>,
}

fn found(text: &str) -> BTreeMap<(String, String), Found> {
    let tokens: TokenStream = text.parse().expect("the text is Rust tokens");
    let code: syn::File = syn::parse2(compile_with(tokens, &NoFiles)).expect("what is made is Rust");
    let mut found: BTreeMap<(String, String), Found> = BTreeMap::new();
    let place = |ident: &proc_macro2::Ident| {
        let at = ident.span().start();
        (at.line, at.column + 1)
    };
    for item in code.items {
        let syn::Item::Const(item) = item else { continue };
        let syn::Expr::Block(block) = *item.expr else { continue };
        for stmt in block.block.stmts {
            match stmt {
                syn::Stmt::Item(syn::Item::Mod(module)) => {
                    for item in module.content.expect("it is here").1 {
                        let syn::Item::Const(item) = item else { panic!("another item") };
                        let docs = item.attrs.iter().map(|attr| match &attr.meta {
                            syn::Meta::NameValue(syn::MetaNameValue {
                                value: syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }),
                                ..
                            }) => text.value(),
                            _ => String::new(),
                        });
                        let one =
                            Found { docs: docs.collect(), at: Some(place(&item.ident)), uses: Vec::new() };
                        found.insert((module.ident.to_string(), item.ident.to_string()), one);
                    }
                }
                syn::Stmt::Local(local) => {
                    let syn::Expr::Path(path) = *local.init.expect("it is a use").expr else { continue };
                    let [module, name] = path.path.segments.iter().collect::<Vec<_>>()[..] else { continue };
                    let key = (module.ident.to_string(), name.ident.to_string());
                    let one =
                        found.get_mut(&key).unwrap_or_else(|| panic!("{key:?} is used and not defined"));
                    one.uses.push(place(&name.ident));
                }
                _ => {}
            }
        }
    }
    found
}

/// The place of the nth time that a word stands in a text, from 0.
fn nth(text: &str, word: &str, nth: usize) -> (usize, usize) {
    let is_end = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let mut seen = 0;
    for (line, number) in text.lines().zip(1..) {
        for (at, _) in line.match_indices(word) {
            let (before, behind) = (line[..at].chars().last(), line[at + word.len()..].chars().next());
            if is_end(before) && is_end(behind) {
                if seen == nth {
                    return (number, line[..at].chars().count() + 1);
                }
                seen += 1;
            }
        }
    }
    panic!("`{word}` is not there {nth} times in\n{text}")
}

/// A name is defined where its word stands for the `at`th time, and used at the other places.
#[track_caller]
fn check(text: &str, name: &str, at: usize, uses: &[usize]) {
    let all = found(text);
    let wanted = nth(text, name, at);
    let one = all.iter().find(|((_, own), one)| own == name && one.at == Some(wanted));
    let (_, one) = one.unwrap_or_else(|| panic!("`{name}` is not defined at {wanted:?}: {all:#?}"));
    let places: Vec<_> = uses.iter().map(|use_| nth(text, name, *use_)).collect();
    let mut found = one.uses.clone();
    found.sort_unstable();
    assert_eq!(found, places, "uses of `{name}`");
}

#[test]
fn a_use_has_the_text_and_the_place_of_the_users_token_as_its_definition_has() {
    let text = "flow Test;
        define onramp ticks from metronome with interval = 1 end;
        define offramp hole from blackhole end;
        define pipeline main
            mod limits with const most = 3; end;
            const least = 1;
            define qos::wal operator kept with read_count = 1, max_elements = limits::most end;
            create operator kept;
            create operator other from kept;
            create stream all;
            select event from in/side into kept;
            select event from kept into other;
            select event from other where event.id > least into all;
            select event from all into out/x;
        end;
        define binding wires links
            /onramp/ticks/{at}/out => /pipeline/main/{at}/side,
            /pipeline/main/{at}/x => /offramp/hole/{at}/in
        end;
        create binding /binding/wires/01 with at = \"01\" end;";
    check(text, "ticks", 0, &[1]);
    check(text, "hole", 0, &[1]);
    check(text, "main", 0, &[1, 2]);
    check(text, "limits", 0, &[1]);
    check(text, "most", 0, &[1]);
    check(text, "least", 0, &[1]);
    check(text, "kept", 0, &[1, 2, 3, 4]);
    check(text, "other", 0, &[1, 2]);
    check(text, "all", 0, &[1, 2]);
    check(text, "side", 0, &[1]);
    check(text, "x", 0, &[1]);
    check(text, "wires", 0, &[1]);
    check(text, "at", 0, &[1, 2, 3, 4]);
}

#[test]
fn kinds_and_keys_are_explained_where_they_stand() {
    let all = found(FLOW);
    let explained = |name: &str| -> &Found {
        let is_wanted = |((_, own), one): &(&(String, String), &Found)| own == name && !one.uses.is_empty();
        all.iter().find(is_wanted).unwrap_or_else(|| panic!("nothing explains `{name}`: {all:#?}")).1
    };
    assert_eq!(explained("interval").uses, [nth(FLOW, "interval", 0)]);
    assert!(explained("interval").docs.contains("(ms)"), "{}", explained("interval").docs);
    assert!(explained("wal").docs.contains("- `max_bytes`: "), "{}", explained("wal").docs);
    assert_eq!(explained("ws").uses.len(), 3);
}

#[test]
fn a_flow_with_errors_has_the_names_that_are_right() {
    let text = "flow Test;
        define offramp hole from blackhol end;
        define offramp other from blackhole with codec = 1 end;
        define binding wires links /onramp/nothing/01/out => /offramp/hole/01/in end;";
    check(text, "hole", 0, &[1]);
    assert!(!found(text).keys().any(|(_, name)| name == "nothing"));
}

#[test]
fn a_query_alone_has_its_names() {
    check(
        "pipeline Test; create stream all; select event from in into all; select event from all into out;",
        "all",
        0,
        &[1, 2],
    );
}

#[test]
fn no_word_is_named_that_the_user_has_not_written() {
    // the constant in a string has no place of its own
    let text = "pipeline Test; const most = 3; select \"#{most}\" from in into out;";
    check(text, "most", 0, &[]);
}
