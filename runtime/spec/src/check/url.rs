//! Checks a URL that names a server: scheme, host, port.

use http::Uri;
use http::uri::Authority;

use super::Problem;
use super::shown::Shown;
use crate::near::{advice, listed};
use crate::rule::Rule;

/// Such a URL, in words.
pub(super) fn wanted(schemes: &[&str]) -> String {
    let examples: Vec<String> = schemes.iter().map(|scheme| format!("`{scheme}://host:port/path`")).collect();
    format!("a URL such as {}", examples.join(" or "))
}

/// Scheme and rest. Where the scheme is mistyped there may be another URL in a query, whose `://` is not this one's.
fn split_scheme(url: &str) -> Option<(&str, &str)> {
    let is_scheme = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '+' | '-' | '.'));
    url.split_once("://").filter(|(scheme, _)| is_scheme(scheme))
}

/// Whether two URLs name the same place: case, a port that is left out, and an empty path do not count.
pub fn is_same_url(a: &str, b: &str) -> bool {
    place(a).is_some_and(|a| place(b).is_some_and(|b| a == b))
}

/// Scheme, host and port, path and query.
fn place(url: &str) -> Option<(String, String, u16, String)> {
    let uri: Uri = url.parse().ok()?;
    let scheme = uri.scheme_str()?.to_ascii_lowercase();
    let usual_port = if scheme == "wss" { 443 } else { 80 };
    let port = uri.port_u16().unwrap_or(usual_port);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    Some((scheme, uri.host()?.to_ascii_lowercase(), port, path.to_owned()))
}

/// A URL for people: without a user name and a password, and without its query, in which a token may be.
pub(crate) fn for_people(url: &str) -> String {
    let (scheme, rest, behind) = match split_scheme(url) {
        Some((scheme, rest)) => (format!("{scheme}://"), rest, behind_user(rest)),
        // Where the scheme is mistyped, a user is what stands before an `@`.
        None => (String::new(), url, url.rfind('@').map(|at| &url[at + 1..])),
    };
    let shown = behind.unwrap_or(rest);
    if rest[..rest.len() - shown.len()].contains(['?', '#']) {
        // The `@` is in a query, or these should have been encoded in a password: who knows what of the rest is secret?
        return scheme + "…";
    }
    match shown.find(['?', '#']) {
        Some(at) => format!("{scheme}{}{}…", &shown[..at], &shown[at..=at]),
        None => scheme + shown,
    }
}

/// What follows `user:password@` in a URL behind its scheme; `None` if that is not there. Where the password should have been
/// encoded (a `/` in it ends what a URL's authority is), it is all up to the last `@`.
fn behind_user(rest: &str) -> Option<&str> {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = &rest[..end];
    if let Some(at) = authority.rfind('@') {
        return Some(&rest[at + 1..]);
    }
    let port = if authority.ends_with(']') { None } else { authority.rsplit_once(':') };
    let is_password = port.is_some_and(|(_, port)| !port.bytes().all(|byte| byte.is_ascii_digit()));
    rest.rfind('@').filter(|_| is_password).map(|at| &rest[at + 1..])
}

pub(super) fn check(
    key: &str,
    schemes: &[&'static str],
    written: &str,
    shown: Shown<'_>,
) -> Result<(), Problem> {
    let quoted = shown.quote(&for_people(written));
    let Some((scheme, rest)) = split_scheme(written) else {
        let text = match written {
            "" => format!("`{key}` is empty"),
            _ => format!("`{key}` must be a URL with a scheme, not {quoted}"),
        };
        let (scheme, rest) = slipped_scheme(schemes, written);
        let whole = format!("{scheme}://{rest}");
        // a number alone is hardly a host
        let is_host = rest.contains(|c: char| c.is_alphabetic() || matches!(c, '.' | '['))
            && rest.chars().all(|c| c.is_alphanumeric() || "-._:/[]".contains(c));
        let is_plain = shown.is_plain() && for_people(written) == written;
        let would_do = is_host && is_plain && check(key, schemes, &whole, shown).is_ok();
        let people = for_people(written);
        let help = match variable_in(&people) {
            Some(variable) if shown.is_plain() => from_environment(variable),
            _ if would_do => format!("write `{whole}`"),
            _ => format!("write {}", wanted(schemes)),
        };
        return Err(Problem::new(Rule::wrong_url, text, help));
    };
    // Schemes are compared without case (RFC 3986 section 3.1).
    let lower = scheme.to_ascii_lowercase();
    if !schemes.contains(&lower.as_str()) {
        return Err(wrong_scheme(key, schemes, &lower, shown));
    }
    let wrong = |what: String| Err(Problem::new(Rule::wrong_url, what, format!("write {}", wanted(schemes))));
    if written.contains('#') {
        // RFC 6455 section 3; the parser below would drop it silently.
        return wrong(format!("`{key}` has a fragment (`#…`), which a server never sees"));
    }
    if behind_user(rest).is_some() {
        let from = if shown.is_plain() { String::new() } else { format!(", in {}", shown.quote(written)) };
        return wrong(format!("`{key}` has a user name in it (`…@`), which `basic` is for{from}"));
    }
    let uri: Uri = match written.parse() {
        Ok(uri) => uri,
        Err(_) => return Err(no_url(key, schemes, written, shown)),
    };
    match uri.authority() {
        Some(authority) if !authority.host().is_empty() => {
            check_authority(key, authority, shown).or_else(wrong)
        }
        _ => wrong(format!("`{key}` names no host: {quoted}")),
    }
}

/// What a text without `://` has in its place, taken for the scheme that was meant, and what is behind it.
fn slipped_scheme<'a>(schemes: &[&'static str], written: &'a str) -> (&'static str, &'a str) {
    let written = written.trim();
    let begun = schemes.iter().filter_map(|scheme| {
        let rest = written.strip_prefix(scheme)?;
        let slip = [":/", "//", ":"].into_iter().find_map(|slip| rest.strip_prefix(slip))?;
        // `ws:8080` is the host `ws`
        (!slip.starts_with(|c: char| c.is_ascii_digit())).then_some((*scheme, slip))
    });
    let bare = (schemes.first().copied().unwrap_or_default(), written.trim_start_matches('/'));
    begun.max_by_key(|(scheme, _)| scheme.len()).unwrap_or(bare)
}

/// The name in `$NAME`, `${NAME}`, `%NAME%`, `{NAME}` or `env(NAME)`, as other languages put in what the environment has.
fn variable_in(text: &str) -> Option<&str> {
    let name = |rest: &'_ str| {
        rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(rest.len(), |end| end)
    };
    ["${", "$", "env(", "{", "%"].into_iter().find_map(|mark| {
        let (_, rest) = text.split_once(mark)?;
        let rest = rest.trim_start_matches(['"', '\'']);
        let (variable, behind) = rest.split_at(name(rest));
        let is_closed = mark == "$" || behind.starts_with(['}', ')', '%', '"', '\'']);
        (variable.starts_with(|c: char| c.is_ascii_alphabetic()) && is_closed).then_some(variable)
    })
}

fn from_environment(variable: &str) -> String {
    format!(
        "a whole URL that is in the environment at start is written `env(\"{variable}\")`, without quotes around it"
    )
}

/// What is wrong with a text that has a scheme and is no URL. Of what may be secret in it not a character is told.
fn no_url(key: &str, schemes: &[&'static str], written: &str, shown: Shown<'_>) -> Problem {
    let people = for_people(written);
    let quoted = shown.quote(&people);
    let rest = people.split_once("://").map_or("", |(_, rest)| rest).trim_end_matches('…');
    match variable_in(rest).filter(|_| shown.is_plain()) {
        Some(variable) => {
            let text = format!("`{key}` is no URL: {quoted} names a variable, and nothing puts in its value");
            Problem::new(Rule::wrong_url, text, from_environment(variable))
        }
        None => {
            let flaw = if shown.is_plain() { flaw(rest) } else { String::from(FLAW) };
            let text = format!("`{key}` is no URL: {flaw} {quoted}");
            Problem::new(Rule::wrong_url, text, format!("write {}", wanted(schemes)))
        }
    }
}

/// What is said where more cannot be.
const FLAW: &str = "there is a character that no URL has in";

/// What is wrong behind the scheme of what is no URL.
fn flaw(rest: &str) -> String {
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    let odd = |c: &char| c.is_whitespace() || c.is_control() || !c.is_ascii() || "<>\"{}|\\^`".contains(*c);
    match rest.chars().find(odd) {
        _ if authority.is_empty() => String::from("no host is named in"),
        Some(c) if c.is_whitespace() => String::from("there is a space in"),
        Some(c) if !c.is_control() => format!("`{c}` cannot stand in"),
        _ if authority.contains('[') != authority.contains(']') => String::from("a `[` is not closed in"),
        _ if authority.matches(':').count() > 1 && !authority.contains('[') => {
            String::from("there is more than one `:` behind the host in")
        }
        _ => String::from(FLAW),
    }
}

fn wrong_scheme(key: &str, schemes: &[&'static str], written: &str, shown: Shown<'_>) -> Problem {
    if !shown.is_plain() {
        let text = format!("`{key}` cannot have the scheme of {}", shown.quote(written));
        return Problem::new(
            Rule::wrong_url,
            text,
            format!("legal schemes: {}", listed(schemes.iter().copied())),
        );
    }
    let text = format!("`{key}` cannot have the scheme `{written}`");
    // A websocket begins as a request of HTTP.
    let meant = match written {
        "http" => "ws",
        "https" => "wss",
        other => other,
    };
    Problem::new(Rule::wrong_url, text, advice(meant, "schemes", schemes.iter().copied()))
}

/// Host and port; the error is a text.
fn check_authority(key: &str, authority: &Authority, shown: Shown<'_>) -> Result<(), String> {
    let whole = authority.as_str();
    let host = authority.host();
    let is_address = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_address && host.parse::<std::net::Ipv4Addr>().is_err() {
        return Err(format!("`{key}` has a host of digits that is no address, in {}", shown.quote(whole)));
    }
    if let Some(odd) = host.chars().find(|c| "*!$&'()+,;=".contains(*c)) {
        let odd = if shown.is_plain() { format!("`{odd}`") } else { String::from("an odd character") };
        return Err(format!("`{key}` has a host with {odd} in it, {}", shown.quote(whole)));
    }
    let Some(port) = whole.strip_prefix(authority.host()).and_then(|rest| rest.strip_prefix(':')) else {
        return Ok(());
    };
    match port.parse::<u16>() {
        Ok(0) => Err(format!("`{key}` has port 0, to which nothing can connect")),
        Ok(_) => Ok(()),
        Err(_) if !shown.is_plain() => {
            Err(format!("`{key}` has no port from 1 to 65535 in {}", shown.quote(whole)))
        }
        Err(_) => Err(format!("`{key}` has the port `{port}`, but a port is a number from 1 to 65535")),
    }
}
