//! Checks a URL that names a server: scheme, host, port.

use http::Uri;
use http::uri::Authority;

use super::Problem;
use super::shown::Shown;
use crate::near::{advice, listed};

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
        let text = format!("`{key}` must be a URL with a scheme, not {quoted}");
        return Err(Problem::new(text, format!("write {}", wanted(schemes))));
    };
    // Schemes are compared without case (RFC 3986 section 3.1).
    let lower = scheme.to_ascii_lowercase();
    if !schemes.contains(&lower.as_str()) {
        return Err(wrong_scheme(key, schemes, &lower, shown));
    }
    let wrong = |what: String| Err(Problem::new(what, format!("write {}", wanted(schemes))));
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
        Err(error) => return wrong(format!("`{key}` is no URL: {error} in {quoted}")),
    };
    match uri.authority() {
        Some(authority) if !authority.host().is_empty() => {
            check_authority(key, authority, shown).or_else(wrong)
        }
        _ => wrong(format!("`{key}` names no host: {quoted}")),
    }
}

fn wrong_scheme(key: &str, schemes: &[&'static str], written: &str, shown: Shown<'_>) -> Problem {
    if !shown.is_plain() {
        let text = format!("`{key}` cannot have the scheme of {}", shown.quote(written));
        return Problem::new(text, format!("legal schemes: {}", listed(schemes.iter().copied())));
    }
    let text = format!("`{key}` cannot have the scheme `{written}`");
    Problem::new(text, advice(written, "schemes", schemes.iter().copied()))
}

/// Host and port; the error is a text.
fn check_authority(key: &str, authority: &Authority, shown: Shown<'_>) -> Result<(), String> {
    let whole = authority.as_str();
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
