//! Why an open connection ends, in words that say what to do. What follows from it for events is decided in `session`.

use tokio_tungstenite::tungstenite::Error;

/// What tungstenite makes of a code that RFC 6455 section 7.4 does not allow in a close frame, and of no other: the code
/// itself is not to be had.
const BAD_CODE: (u16, &str) = (1002, "Protocol violation");

/// Why the peer has closed: the code with its meaning, and the peer's own words.
pub(super) fn closed(code: Option<u16>, reason: &str) -> String {
    let Some(code) = code else { return "the peer closed, without a code".to_owned() };
    if (code, reason) == BAD_CODE {
        return "the peer closed with a code that RFC 6455 section 7.4 does not allow, or with 1002"
            .to_owned();
    }
    let meaning = match meaning(code) {
        "" => String::new(),
        meaning => format!(" ({meaning})"),
    };
    let colon = if reason.is_empty() { "" } else { ": " };
    format!("the peer closed with {code}{meaning}{colon}{reason}")
}

/// What a code says (RFC 6455 section 7.4.1, and IANA's list), and who can mend it.
fn meaning(code: u16) -> &'static str {
    match code {
        1000 => "it is done",
        1001 => "it goes away",
        1002 => "it believes that this side broke the protocol",
        1003 => "it does not take such frames: `binary` may have to be set otherwise",
        1007 => "it cannot read what it was sent",
        1008 => "its policy forbids what it was sent, or who sends it",
        1009 => "what it was sent is too large for it",
        1010 => "it wants an extension; none is spoken here",
        1011 => "it has failed",
        1012 => "it restarts",
        1013 => "it has too much to do",
        3000 => "it wants to know who asks: set `bearer` or `basic`",
        3003 => "it does not allow this",
        _ => "",
    }
}

/// What the peer did wrong, and the code to close with.
pub(super) fn broken(error: &Error) -> (String, u16) {
    match error {
        Error::Capacity(_) => (
            format!("the peer sent more than `max_frame_bytes`: {error}; raise it if it may be so much"),
            1009,
        ),
        Error::Utf8(_) => (format!("the peer sent what is no text as text: {error}; {MEND}"), 1007),
        _ => (format!("the peer broke the protocol: {error}; {MEND}"), 1002),
    }
}

/// What to do about a peer that breaks the protocol.
const MEND: &str = "the server, or a proxy in front of it, must be mended";

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};

    #[test]
    fn a_close_is_told_with_its_code_what_it_means_and_the_peers_own_words() {
        fn check(code: u16, meaning: &str) {
            let expected = format!("the peer closed with {code}{meaning}");
            assert_eq!(closed(Some(code), ""), expected);
            assert_eq!(closed(Some(code), "why not"), format!("{expected}: why not"));
        }
        check(1000, " (it is done)");
        check(1001, " (it goes away)");
        check(1002, " (it believes that this side broke the protocol)");
        check(1003, " (it does not take such frames: `binary` may have to be set otherwise)");
        check(1007, " (it cannot read what it was sent)");
        check(1008, " (its policy forbids what it was sent, or who sends it)");
        check(1009, " (what it was sent is too large for it)");
        check(1010, " (it wants an extension; none is spoken here)");
        check(1011, " (it has failed)");
        check(1012, " (it restarts)");
        check(1013, " (it has too much to do)");
        check(3000, " (it wants to know who asks: set `bearer` or `basic`)");
        check(3003, " (it does not allow this)");
        check(3999, "");
        check(4999, "");
        assert_eq!(closed(None, ""), "the peer closed, without a code");
        let bad = "the peer closed with a code that RFC 6455 section 7.4 does not allow, or with 1002";
        assert_eq!(closed(Some(1002), "Protocol violation"), bad);
    }

    #[test]
    fn what_a_peer_did_wrong_is_told_with_who_can_mend_it() {
        fn check(error: &Error, code: u16, begin: &str, end: &str) {
            let (text, told) = broken(error);
            assert_eq!(told, code, "{text}");
            assert!(text.starts_with(begin) && text.ends_with(end), "{text}");
        }
        let capacity = Error::Capacity(CapacityError::MessageTooLong { size: 70_000, max_size: 65_536 });
        let end = "Message too long: 70000 > 65536; raise it if it may be so much";
        check(&capacity, 1009, "the peer sent more than `max_frame_bytes`: ", end);
        let end = "; the server, or a proxy in front of it, must be mended";
        check(&Error::Utf8("x".to_owned()), 1007, "the peer sent what is no text as text: ", end);
        let error = Error::Protocol(ProtocolError::NonZeroReservedBits);
        check(&error, 1002, "the peer broke the protocol: ", end);
    }
}
