//! The page of the language names all that the registry has: its tables of functions and settings are those that are
//! made here from the rows. A table that differs is printed as it should be.

use foreshock_spec::check::wanted;
use foreshock_spec::{
    FLOW, FunctionRow, KeyRow, KeyType, Value, functions, modules, offramps, onramps, operators,
};

const PAGE: &str = include_str!("../docs/language.md");

fn check(of: &str, table: &str) {
    let is_there = folded(PAGE).contains(&folded(table));
    assert!(is_there, "runtime/docs/language.md should have, for {of}:\n\n{table}");
}

/// The words of a text; where its lines end does not matter.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn functions_table(module: &str) -> String {
    let mut table = String::from("| function | gives | which is |\n|---|---|---|\n");
    for row in functions().filter(|row| row.module == module) {
        let FunctionRow { result, doc, .. } = row;
        table += &format!("| `{}` | {} | {doc} |\n", row.signature(), result.name());
    }
    table
}

/// The keys that are built as a table, the others as lines.
fn keys_table(keys: &[KeyRow]) -> String {
    let mut table = String::from("| key | takes | default | at start | |\n|---|---|---|---|---|\n");
    for key in keys.iter().filter(|key| key.is_built()) {
        let default = match key.default.to_value() {
            Value::Null if key.required => "required".to_owned(),
            Value::Null => "not set".to_owned(),
            value => format!("`{value}`"),
        };
        let with =
            key.with.map(|with| (format!("; with `{}`", with.key), with.default.to_value(), with.least));
        let (takes, default) = match with {
            Some((with, value, least)) => {
                let least = if least > key.least { format!("{with} from {least}") } else { String::new() };
                (format!("{}{least}", wanted(key)), format!("{default}{with} `{value}`"))
            }
            None => (wanted(key), default),
        };
        let tunable = match key.tunable {
            true if key.structural => "another one",
            true => "yes",
            false => "no",
        };
        table += &format!("| `{}` | {takes} | {default} | {tunable} | {} |\n", key.name, key.doc);
    }
    for key in keys.iter().filter(|key| matches!(key.ty, KeyType::Instead(_))) {
        table += &format!("\nIn place of `{}`: {}.\n", key.name, key.doc);
    }
    let unbuilt = keys.iter().filter(|key| key.ty == KeyType::NotYet);
    let unbuilt: Vec<String> = unbuilt.map(|key| format!("`{}`", key.name)).collect();
    if !unbuilt.is_empty() {
        table += &format!("\nNot supported yet: {}.\n", unbuilt.join(", "));
    }
    table
}

#[test]
fn every_offramp_says_up_to_where_it_confirms() {
    let mut table = String::from("| offramp | up to |\n|---|---|\n");
    for row in offramps() {
        table += &format!("| `{}` | {} |\n", row.name, row.confirms);
        for key in row.keys {
            for (value, up_to) in key.confirms {
                table += &format!("| `{}` with `{} = \"{value}\"` | {up_to} |\n", row.name, key.name);
            }
        }
    }
    check("delivery promises", &table);
}

#[test]
fn every_function_is_on_the_page() {
    for module in modules() {
        check(module, &functions_table(module));
    }
}

#[test]
fn every_key_of_every_row_is_on_the_page() {
    let named = |name: &str, doc: &str, keys| format!("`{name}` {doc}.\n\n{}", keys_table(keys));
    for row in onramps() {
        check(row.name, &named(row.name, row.doc, row.keys));
    }
    for row in offramps() {
        check(row.name, &named(row.name, row.doc, row.keys));
    }
    for row in operators() {
        check(row.name, &named(row.name, row.doc, row.keys));
    }
    check(FLOW.path, &keys_table(FLOW.keys));
}

#[test]
fn every_field_of_an_onramp_is_on_the_page() {
    for row in onramps() {
        for (field, _) in row.shape {
            assert!(PAGE.contains(&format!("| `{field}` |")), "{}: {field}", row.name);
        }
    }
}
