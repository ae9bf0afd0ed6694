//! Identifiers from the user's names: in Rust's case conventions, legal, and each once in its scope.

use std::collections::BTreeSet;

use crate::resolve::snake_case;

/// Gives out names, none twice.
#[derive(Debug, Default)]
pub(super) struct Namer {
    taken: BTreeSet<String>,
}

impl Namer {
    /// A namer that will not give out `reserved`.
    pub(super) fn reserving(reserved: &[&str]) -> Namer {
        Namer { taken: reserved.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// `wanted`, or `wanted_2`, `wanted_3`, … if it is taken.
    pub(super) fn fresh(&mut self, wanted: &str) -> String {
        self.fresh_with(wanted, &[])
    }

    /// The same, where code also uses the name with each of these endings.
    pub(super) fn fresh_with(&mut self, wanted: &str, endings: &[&str]) -> String {
        self.family(wanted, "_", endings)
    }

    /// The same for type names: `Wanted2`.
    pub(super) fn fresh_type(&mut self, wanted: &str) -> String {
        self.fresh_type_with(wanted, &[])
    }

    /// The same, where code also uses the name with each of these endings.
    pub(super) fn fresh_type_with(&mut self, wanted: &str, endings: &[&str]) -> String {
        self.family(wanted, "", endings)
    }

    /// Takes `wanted`, or `wanted` with the first number that makes it and all its derived names free.
    fn family(&mut self, wanted: &str, separator: &str, endings: &[&str]) -> String {
        let mut name = wanted.to_owned();
        let mut n = 2;
        while endings.iter().chain(&[""]).any(|ending| self.taken.contains(&format!("{name}{ending}"))) {
            name = format!("{wanted}{separator}{n}");
            n += 1;
        }
        self.taken.extend(endings.iter().chain(&[""]).map(|ending| format!("{name}{ending}")));
        name
    }

    /// Names that code uses whatever the user calls things: not to be given out any more.
    pub(super) fn take(&mut self, names: impl IntoIterator<Item = String>) {
        self.taken.extend(names);
    }
}

/// The module of a flow or pipeline that the user calls `text`: beside the type of that name, and in a scope where the
/// user's own paths may begin with a crate.
pub(super) fn module(text: &str) -> String {
    let mut name = snake(&snake_case(text));
    if name == text || matches!(name.as_str(), "foreshock" | "std" | "core" | "alloc") {
        name.push('_');
    }
    name
}

/// `text` as a snake case identifier: `RoundRobin` → `round_robin`, `my-key` → `my_key`, `01` → `n01`.
pub(super) fn snake(text: &str) -> String {
    let mut out = String::new();
    let mut previous_lower = false;
    for c in text.chars() {
        if c.is_uppercase() {
            if previous_lower {
                out.push('_');
            }
            out.extend(c.to_lowercase());
            previous_lower = false;
        } else {
            out.push(if unicode_ident::is_xid_continue(c) { c } else { '_' });
            previous_lower = c.is_alphanumeric();
        }
    }
    legal_start(out, 'n')
}

/// `text` as a type name: `in_memory_wal` → `InMemoryWal`.
pub(super) fn camel(text: &str) -> String {
    let mut out = String::new();
    let mut upper = true;
    for c in text.chars() {
        if c == '_' || !unicode_ident::is_xid_continue(c) {
            upper = true;
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    if out == "Self" {
        out.push('_');
    }
    legal_start(out, 'N')
}

/// `text` as a field of a struct: case kept, so that it reads like the event's key.
pub(super) fn field(text: &str) -> String {
    let out = text.chars().map(|c| if unicode_ident::is_xid_continue(c) { c } else { '_' }).collect();
    legal_start(out, 'n')
}

fn legal_start(out: String, prefix: char) -> String {
    match out.chars().next() {
        Some(c) if unicode_ident::is_xid_start(c) => out,
        Some('_') if out.len() > 1 => out,
        _ => format!("{prefix}{out}"),
    }
}
