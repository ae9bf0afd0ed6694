//! The picture in the language of graphviz.

use super::Picture;
use super::draw::{Arrow, Detail, Frame, Shape, Shown};
use crate::row::Durability;

impl Picture<'_> {
    /// The picture as a directed graph for `dot`, each line ended by a line feed.
    /// `durability` is as for [`Picture::promises`].
    pub fn dot(&self, detail: Detail, durability: impl Fn(&str) -> Durability) -> String {
        let drawing = self.drawing(detail, durability);
        let mut out = format!("digraph {} {{\n  rankdir=LR;\n  node [shape=box];\n", quoted(&[self.name]));
        for frame in &drawing.frames {
            match &frame.title {
                Some(title) => {
                    out += &format!("  subgraph cluster_{} {{\n    label={};\n", frame.id, quoted(&[title]));
                    write_frame(&mut out, frame, "    ");
                    out += "  }\n";
                }
                None => write_frame(&mut out, frame, "  "),
            }
        }
        for arrow in &drawing.arrows {
            write_arrow(&mut out, arrow, "  ");
        }
        out + "}\n"
    }
}

fn write_frame(out: &mut String, frame: &Frame, indent: &str) {
    for Shown { id, lines, shape } in &frame.boxes {
        let shape = match shape {
            Shape::Source => ", shape=oval",
            Shape::Sink => ", peripheries=2",
            Shape::Pipeline | Shape::Select => "",
            Shape::Port => ", style=rounded",
            Shape::Log => ", shape=cylinder",
            Shape::Distributor => ", shape=hexagon",
        };
        *out += &format!("{indent}{id} [label={}{shape}];\n", quoted(lines));
    }
    for arrow in &frame.arrows {
        write_arrow(out, arrow, indent);
    }
}

fn write_arrow(out: &mut String, arrow: &Arrow, indent: &str) {
    let label = (!arrow.label.is_empty()).then(|| format!("label={}", quoted(&[&arrow.label])));
    let style = arrow.dotted.then(|| "style=dotted".to_owned());
    let attributes: Vec<String> = label.into_iter().chain(style).collect();
    let attributes =
        if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) };
    *out += &format!("{indent}{} -> {}{attributes};\n", arrow.from, arrow.to);
}

/// A string of several lines. A backslash begins an escape, and `&` the name of a character, as in HTML.
fn quoted(lines: &[impl AsRef<str>]) -> String {
    let lines = lines.iter().map(|line| {
        let chars = line.as_ref().chars().map(|c| match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            '&' => "&amp;".to_owned(),
            c if c.is_control() || c.is_whitespace() => " ".to_owned(),
            c => c.to_string(),
        });
        chars.collect::<String>()
    });
    format!("\"{}\"", lines.collect::<Vec<_>>().join("\\n"))
}
