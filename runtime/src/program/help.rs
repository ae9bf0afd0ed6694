//! The list of settings below `--help`. How one value is shown is the registry's (`foreshock_spec::shown`).

use foreshock_spec::{KeyRow, Settings, shown};

/// One key of a row, with each definition that has it: its path, and what is given for it.
struct Line {
    key: &'static KeyRow,
    values: Vec<(String, String)>,
}

/// All settings that can be overridden. What several definitions of one row have is told once.
pub(super) fn describe(settings: &Settings) -> String {
    let mut text = String::from("Settings:\n");
    let mut told: &[(String, String)] = &[];
    let lines = lines(settings);
    for Line { key, values } in &lines {
        if let [(path, value)] = values.as_slice() {
            text.push_str(&format!("  {path}.{} = {value}\n          {}\n", key.name, key.doc));
            continue;
        }
        if !told.iter().map(|(path, _)| path).eq(values.iter().map(|(path, _)| path)) {
            text.push_str(&heading(values, key.name));
            told = values;
        }
        let (_, first) = &values[0];
        if values.iter().all(|(_, value)| value == first) {
            text.push_str(&format!("      {} = {first}\n          {}\n", key.name, key.doc));
        } else {
            text.push_str(&format!("      {}\n          {}\n", key.name, key.doc));
            for (path, value) in values {
                text.push_str(&format!("          {path}.{} = {value}\n", key.name));
            }
        }
    }
    text.push_str(
        "\nSIGINT, SIGTERM and SIGHUP drain: sources stop, what is pending gets `flow.drain_timeout`. A second\n\
         SIGINT stops now.\n\
         Exit code: 0 if nothing stayed undelivered or was lost, else 1; 2 for a usage error; 130 after a second SIGINT.",
    );
    text
}

/// The keys in their order, each once per row.
fn lines(settings: &Settings) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (path, key, given) in settings.tunable() {
        let definition = path.strip_suffix(key.name).and_then(|path| path.strip_suffix('.')).unwrap_or(&path);
        let value = (definition.to_owned(), shown(key, given));
        match lines.iter_mut().find(|line| std::ptr::eq(line.key, key)) {
            Some(line) => line.values.push(value),
            None => lines.push(Line { key, values: vec![value] }),
        }
    }
    lines
}

/// Whose settings follow, and how one of them is named.
fn heading(values: &[(String, String)], key: &str) -> String {
    let paths: Vec<&str> = values.iter().map(|(path, _)| path.as_str()).collect();
    format!("  {}: each has these, the first is set by `--set {}.{key}=…`\n", paths.join(", "), paths[0])
}
