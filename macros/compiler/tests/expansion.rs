//! The code of the founding flow, pretty-printed, as a snapshot that is read whenever it changes.

use expect_test::expect_file;

/// The founding flow (ARCHITECTURE.md tells what it is).
const ROUND_ROBIN: &str = include_str!("flows/roundrobin.flow");

#[test]
fn the_founding_flow_expands_to_code_that_a_person_can_read() {
    let tokens: proc_macro2::TokenStream = ROUND_ROBIN.parse().expect("the flow lexes");
    let code = foreshock_compiler::compile(tokens).to_string();
    let file = syn::parse_file(&code).unwrap_or_else(|error| panic!("{error}: {code}"));
    expect_file!["snapshots/roundrobin.rs"].assert_eq(&prettyplease::unparse(&file));
}
