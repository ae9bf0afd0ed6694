//! The header by which a sink says who it is: `Authorization` with a token (RFC 6750) or a password (RFC 7617). Which of
//! them a flow may set is the registry's.

use foreshock_spec::json::base64;

/// The header's value, if there is a token or a password (`user:password`).
pub(super) fn header(bearer: Option<&str>, basic: Option<&str>) -> Option<String> {
    let bearer = bearer.map(|token| format!("Bearer {token}"));
    bearer.or_else(|| basic.map(|credentials| format!("Basic {}", base64(credentials.as_bytes()))))
}

/// All that must not be repeated, in each form in which a peer knows it.
pub(super) fn secrets(bearer: Option<&str>, basic: Option<&str>) -> Vec<String> {
    let token = bearer.into_iter().map(str::to_owned);
    let encoded = basic.into_iter().map(|credentials| base64(credentials.as_bytes()));
    let password =
        basic.and_then(|credentials| credentials.split_once(':')).map(|(_, password)| password.to_owned());
    token.chain(encoded).chain(password).collect()
}
