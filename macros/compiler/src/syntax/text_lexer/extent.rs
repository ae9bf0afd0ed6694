//! How far a string goes: strings and interpolations nest in each other. What is in them is not its business.

/// Something has no end.
pub(super) struct Unclosed {
    /// Where the innermost `#{` begins that is still open.
    pub(super) interpolation: Option<usize>,
}

enum In {
    /// A string; one that may go over several lines, which only a heredoc in a file may.
    String { is_heredoc: bool },
    /// Code, and where its `#{` begins, if it is that of an interpolation.
    Code { begins: Option<usize> },
}

/// How many bytes of `text` belong to the string that has just been opened. With `one_line` a line's end is no part
/// of it.
pub(super) fn string(text: &str, one_line: bool) -> Result<usize, Unclosed> {
    extent(text, false, one_line)
}

/// The same for a heredoc, whose first line is over.
pub(super) fn heredoc(text: &str) -> Result<usize, Unclosed> {
    extent(text, true, true)
}

/// A stack of its own, since input decides how deep it gets.
fn extent(text: &str, is_heredoc: bool, one_line: bool) -> Result<usize, Unclosed> {
    let bytes = text.as_bytes();
    let mut stack = vec![In::String { is_heredoc }];
    let mut at = 0;
    while let (Some(inside), Some(byte)) = (stack.last(), bytes.get(at)) {
        let step = match (inside, byte) {
            (In::String { .. }, b'\\') => 2,
            (In::String { is_heredoc: true }, b'"') if !text[at..].starts_with("\"\"\"") => 1,
            (In::String { .. }, b'"') => {
                if stack.len() == 1 {
                    return Ok(at);
                }
                stack.pop();
                1
            }
            (In::String { .. }, b'#') if bytes.get(at + 1) == Some(&b'{') => {
                stack.push(In::Code { begins: Some(at) });
                2
            }
            (In::String { is_heredoc: false }, b'\n') if one_line => break,
            (In::Code { .. }, b'\n') if one_line && !is_heredoc => break,
            (In::Code { .. }, b'"') => {
                stack.push(In::String { is_heredoc: false });
                1
            }
            (In::Code { .. }, b'{') => {
                stack.push(In::Code { begins: None });
                1
            }
            (In::Code { .. }, b'}') => {
                stack.pop();
                1
            }
            (In::Code { .. }, b'`') => 1 + text[at + 1..].find(['`', '\n']).map_or(0, |len| len + 1),
            _ => 1,
        };
        at += step;
    }
    let begins = |inside: &In| match inside {
        In::Code { begins } => *begins,
        In::String { .. } => None,
    };
    Err(Unclosed { interpolation: stack.iter().rev().find_map(begins) })
}
