//! Octets as JSON, which has strings only: base64 (RFC 4648 section 4: the standard alphabet, with padding) in quotes. It is
//! written, never read: a text that looks like base64 is a text.

use data_encoding::BASE64;

/// The base64 text of octets.
pub fn base64(octets: &[u8]) -> String {
    BASE64.encode(octets)
}

/// Octets as a string of base64, with its quotes.
pub fn write_binary(out: &mut Vec<u8>, octets: &[u8]) {
    let start = out.len();
    out.resize(start + BASE64.encode_len(octets.len()) + 2, 0);
    put_binary(&mut out[start..], octets).expect("there is space for all of it");
}

/// Octets as a string of base64, with its quotes, at the begin of a slice; gives the rest.
pub fn put_binary<'b>(out: &'b mut [u8], octets: &[u8]) -> Option<&'b mut [u8]> {
    let (place, rest) = out.split_at_mut_checked(BASE64.encode_len(octets.len()) + 2)?;
    let [open, text @ .., close] = place else { unreachable!("it has two quotes at least") };
    (*open, *close) = (b'"', b'"');
    BASE64.encode_mut(octets, text);
    Some(rest)
}
