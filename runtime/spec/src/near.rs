//! The near name: what somebody probably meant who wrote a name that does not exist.

/// Names longer than this (in characters) get no suggestion: the comparison takes quadratic time, and no legal name is
/// that long.
const LONGEST_NAME: usize = 64;

/// The legal name that is nearest to the written one, if any is near enough to be worth proposing: at most a third
/// of the written name's letters wrong (one letter of a short name), where a letter too much, too few, another or
/// two swapped count one each, and upper or lower case counts nothing. Of equally near names the first wins.
pub fn nearest<'a>(written: &str, legal: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = folded(written);
    if written.is_empty() || written.len() > LONGEST_NAME {
        return None;
    }
    let most = (written.len() / 3).max(1);
    let mut best: Option<(usize, &'a str)> = None;
    for name in legal {
        let candidate = folded(name);
        if candidate.len() > LONGEST_NAME || candidate.len().abs_diff(written.len()) > most {
            continue;
        }
        let distance = distance(&written, &candidate);
        // A name of one or two letters is near everything: nothing of it may be wrong but the case.
        let all_wrong = distance >= written.len().max(candidate.len());
        if distance <= most && !all_wrong && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// What to do about a name that does not exist: the near name, then all legal ones.
/// ``did you mean `id`? Legal fields: `id`, `onramp` ``. `noun` is in the plural.
pub fn advice<'a>(written: &str, noun: &str, legal: impl IntoIterator<Item = &'a str>) -> String {
    let legal: Vec<&str> = legal.into_iter().collect();
    let all = format!("egal {noun}: {}", listed(legal.iter().copied()));
    let meant = match nearest(written, legal.iter().copied()) {
        Some(name) => vec![name],
        None => related(written, &legal),
    };
    match meant.as_slice() {
        [] => format!("l{all}"),
        names => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("did you mean {}? L{all}", names.join(" or "))
        }
    }
}

/// Legal names of which the written one is a part between `_` (`timeout`: `connect_timeout`), or which begin the written one or begin
/// with it (`output`: `out`). None, if they are many: then nobody knows.
fn related<'a>(written: &str, legal: &[&'a str]) -> Vec<&'a str> {
    const SHORTEST: usize = 3; // letters: what is shorter begins too much
    const MOST: usize = 3;
    let written = written.to_lowercase();
    let is_related = |name: &&&str| {
        let name = name.to_lowercase();
        let begins = name.starts_with(&written) || written.starts_with(&name);
        let is_part = name.split('_').any(|part| part == written);
        written.chars().count().min(name.chars().count()) >= SHORTEST && (begins || is_part)
    };
    let related: Vec<&str> = legal.iter().filter(is_related).copied().collect();
    if related.len() > MOST { Vec::new() } else { related }
}

/// Names in a sentence: `` `a`, `b` ``.
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn folded(name: &str) -> Vec<char> {
    name.chars().flat_map(char::to_lowercase).collect()
}

/// The Damerau-Levenshtein distance in its restricted form: no part is edited twice.
fn distance(a: &[char], b: &[char]) -> usize {
    // Three rows of the table: the one before the last, the last, and the one being filled.
    let mut older: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut row: Vec<usize> = vec![0; b.len() + 1];
    for i in 1..=a.len() {
        row[0] = i;
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(older[j - 2] + 1);
            }
        }
        std::mem::swap(&mut older, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{advice, nearest};

    fn check(written: &str, legal: &[&str], expected: Option<&str>) {
        assert_eq!(nearest(written, legal.iter().copied()), expected, "nearest to {written:?} of {legal:?}");
    }

    #[test]
    fn one_slip_of_the_fingers_is_recognised() {
        check("intervall", &["interval", "codec"], Some("interval"));
        check("intrval", &["interval", "codec"], Some("interval"));
        check("recieved", &["received", "written"], Some("received"));
        check("wz", &["ws", "blackhole"], Some("ws"));
        check("hostnam", &["onramp", "id", "ingest_ns", "hostname"], Some("hostname"));
        check("max_element", &["max_bytes", "max_elements"], Some("max_elements"));
        check("backoff_mx", &["backoff_min", "backoff_max"], Some("backoff_max"));
    }

    #[test]
    fn case_counts_nothing() {
        check("URL", &["ack", "url"], Some("url"));
        check("A", &["b", "a"], Some("a"));
    }

    #[test]
    fn what_is_not_near_is_not_proposed() {
        check("kafka", &["ws", "blackhole"], None);
        check("a", &["b", "c"], None);
        check("", &["a"], None);
        check("id", &["ip", "url"], Some("ip"));
        check("completely", &["different"], None);
        check("x", &[], None);
    }

    #[test]
    fn of_equally_near_names_the_first_wins() {
        check("ws9", &["ws0", "ws1", "ws2"], Some("ws0"));
    }

    #[test]
    fn the_nearest_wins_over_the_first() {
        check("max_bytes", &["max_byte", "max_bytes"], Some("max_bytes"));
    }

    #[test]
    fn letters_are_characters_not_bytes() {
        check("größe", &["grösse", "größen"], Some("größen"));
    }

    #[test]
    fn an_endless_name_is_not_compared() {
        let long = "a".repeat(100_000);
        check(&long, &[&long], None);
    }

    #[test]
    fn advice_proposes_the_near_name_and_lists_all() {
        assert_eq!(advice("ulr", "keys", ["url", "ack"]), "did you mean `url`? Legal keys: `url`, `ack`");
        assert_eq!(
            advice("timeout", "keys", ["ack_timeout", "url", "connect_timeout"]),
            "did you mean `ack_timeout` or `connect_timeout`? Legal keys: `ack_timeout`, `url`, `connect_timeout`"
        );
        assert_eq!(
            advice("output", "ports", ["out", "err"]),
            "did you mean `out`? Legal ports: `out`, `err`"
        );
        assert_eq!(advice("a", "keys", ["a_1", "a_2"]), "legal keys: `a_1`, `a_2`");
        assert_eq!(advice("bearing", "keys", ["url", "ack"]), "legal keys: `url`, `ack`");
    }
}
