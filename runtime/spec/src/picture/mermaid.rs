//! The picture as mermaid, which repositories and many documentation tools draw.

use super::Picture;
use super::draw::{Arrow, Detail, Frame, Shape, Shown};
use crate::row::Durability;

impl Picture<'_> {
    /// The picture as a mermaid flowchart, each line ended by a line feed.
    /// `durability` is as for [`Picture::promises`].
    pub fn mermaid(&self, detail: Detail, durability: impl Fn(&str) -> Durability) -> String {
        let drawing = self.drawing(detail, durability);
        let mut out = String::from("flowchart LR\n");
        for frame in &drawing.frames {
            match &frame.title {
                Some(title) => {
                    out += &format!("  subgraph {}[{}]\n", frame.id, quoted(title));
                    write_frame(&mut out, frame, "    ");
                    out += "  end\n";
                }
                None => write_frame(&mut out, frame, "  "),
            }
        }
        for arrow in &drawing.arrows {
            write_arrow(&mut out, arrow, "  ");
        }
        out
    }
}

fn write_frame(out: &mut String, frame: &Frame, indent: &str) {
    for Shown { id, lines, shape } in &frame.boxes {
        let (left, right) = match shape {
            Shape::Source => ("([", "])"),
            Shape::Sink => ("[[", "]]"),
            Shape::Pipeline | Shape::Select => ("[", "]"),
            Shape::Port => ("(", ")"),
            Shape::Log => ("[(", ")]"),
            Shape::Distributor => ("{{", "}}"),
        };
        let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
        *out += &format!("{indent}{id}{left}\"{}\"{right}\n", lines.join("<br/>"));
    }
    for arrow in &frame.arrows {
        write_arrow(out, arrow, indent);
    }
}

fn write_arrow(out: &mut String, arrow: &Arrow, indent: &str) {
    let line = if arrow.dotted { "-.->" } else { "-->" };
    let label = if arrow.label.is_empty() { String::new() } else { format!("|{}|", quoted(&arrow.label)) };
    *out += &format!("{indent}{} {line}{label} {}\n", arrow.from, arrow.to);
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// A text that mermaid shows as it is, between quotes. `#` begins the name or number of a character there, HTML, some
/// markdown and `$$` of formulas mean themselves, `%%` begins a comment or directive even between quotes.
fn escaped(text: &str) -> String {
    // It cuts the end off lines that look like definitions of styles (a word, a colon, a `#`), and draws icons for others.
    let looks_like_more = ["style", "classDef", ":fa-"].iter().any(|part| text.contains(part));
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '#' | '&' | '<' | '>' | '\\' | '`' | '*' | '%' | '$' => out += &format!("#{};", u32::from(c)),
            ':' if looks_like_more => out.push_str("#58;"),
            c if c.is_control() || c.is_whitespace() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
