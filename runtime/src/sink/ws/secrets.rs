//! A peer's words for log lines, without the secrets that the peer was told. Which these are, the settings say; see `config`. Our own
//! words are not searched: a secret may be a common word, and a line without it could not be read.

/// Secrets shorter than this (in bytes) are not looked for in what a peer says: nobody could read the rest.
const LEAST_SECRET: usize = 4;

/// What no log line may repeat. It has no `Debug`.
#[derive(Clone)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    pub(super) fn new(mut secrets: Vec<String>) -> Secrets {
        secrets.retain(|secret| secret.len() >= LEAST_SECRET);
        // One may begin with another: the rest of it would stay.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Secrets(secrets)
    }

    /// A peer's words: `…` for each secret, also where the words end in the middle of one; escaped; and cut after `limit`
    /// bytes. In this order, for neither an escaped secret nor the beginning of one could be recognised.
    pub(super) fn quote(&self, words: &[u8], limit: usize) -> String {
        let (mut quoted, mut at) = (String::new(), 0);
        while at < words.len().min(limit) {
            let rest = &words[at..];
            let hidden = self.0.iter().map(|secret| secret.as_bytes()).find_map(|secret| {
                let is_begun = rest.len() >= LEAST_SECRET && secret.starts_with(rest);
                (is_begun || rest.starts_with(secret)).then_some(secret.len().min(rest.len()))
            });
            match hidden {
                Some(bytes) => {
                    quoted.push('…');
                    at += bytes;
                }
                None => {
                    quoted.extend(rest[0].escape_ascii().map(char::from));
                    at += 1;
                }
            }
        }
        quoted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_secret_nothing_is_quoted_however_it_is_cut_escaped_or_mixed_with_others() {
        let check = |secrets: &[&str], words: &str, expected: &str| {
            let secrets = Secrets::new(secrets.iter().copied().map(str::to_owned).collect());
            assert_eq!(secrets.quote(words.as_bytes(), 20), expected, "{words}");
        };
        check(&[], "a \"b\"\n", "a \\\"b\\\"\\n");
        check(&["s3cr3t"], "no s3cr3t, s3cr3t", "no …, …");
        check(&["abc"], "abcd", "abcd");
        // Cut by the limit, or by the peer.
        check(&["s3cr3t"], "0123456789abcdefs3cr3t", "0123456789abcdef…");
        check(&["s3cr3t"], "0123456789abcdefghi s3cr3t", "0123456789abcdefghi ");
        check(&["s3cr3t-and-long"], "bad s3cr3t-", "bad …");
        check(&["s3cr3t"], "has", "has");
        // Changed by escapes.
        check(&["it's \\ \"£\""], "<it's \\ \"£\">", "<…>");
        // One in another.
        check(&["acme", "acme-s3cr3t"], "acme-s3cr3t acme", "… …");
    }
}
