//! `patch target of operation, … end` (language page, "Patch").

use foreshock_spec::near::advice;

use super::super::Pos;
use super::super::ast::{ExprKind, PatchKind, PatchOp};
use super::super::token::TokenKind;
use super::expr::{Tall, boxed, tallest};
use super::{Parsed, Parser};

/// The words of the operations.
const OPERATIONS: [&str; 7] = ["insert", "upsert", "update", "erase", "move", "copy", "merge"];

impl Parser<'_> {
    pub(super) fn patch(&mut self, start: Pos) -> Parsed<Tall> {
        self.advance();
        let target = self.expr()?;
        self.expect_word_with("of", |error| {
            error.help("write `patch target of insert \"key\" => value, … end`");
        })?;
        let mut operations = Vec::new();
        let mut height = target.height;
        loop {
            let (operation, operation_height) = self.operation()?;
            operations.push(operation);
            height = tallest([height, operation_height]);
            if !self.eat_symbol(",") || self.is_word("end") {
                break;
            }
        }
        let goes_on = OPERATIONS.iter().any(|word| self.is_word(word));
        self.expect_word_with("end", |error| match goes_on {
            true => {
                error.help("`,` stands between the operations");
            }
            false => {
                error.help("`patch … of …` ends with `end`").note_at(start, "`patch` begins");
            }
        })?;
        self.tall(ExprKind::Patch(boxed(target), operations), start, [height])
    }

    /// One operation, and the height of its tallest part.
    fn operation(&mut self) -> Parsed<(PatchOp, usize)> {
        let kind = match self.peek().word().unwrap_or("") {
            "insert" => PatchKind::Insert,
            "upsert" => PatchKind::Upsert,
            "update" => PatchKind::Update,
            "erase" => PatchKind::Erase,
            "move" => PatchKind::Move,
            "copy" => PatchKind::Copy,
            "merge" if self.ahead(1).is_symbol("=>") => PatchKind::Merge,
            "merge" => PatchKind::MergeField,
            written => {
                let help = advice(written, "operations", OPERATIONS);
                return Err(self.unexpected_with("an operation", |error| {
                    error.help(help);
                }));
            }
        };
        self.advance();
        let (mut keys, mut heights) = (Vec::new(), vec![0]);
        if kind != PatchKind::Merge {
            let (key, height) = self.record_key()?;
            keys.push(key);
            heights.push(height);
        }
        let value = match kind {
            PatchKind::Erase => None,
            PatchKind::Move | PatchKind::Copy => {
                self.operation_arrow(kind)?;
                let (key, height) = self.record_key()?;
                keys.push(key);
                heights.push(height);
                None
            }
            _ => {
                self.operation_arrow(kind)?;
                let value = self.expr()?;
                heights.push(value.height);
                Some(value.expr)
            }
        };
        Ok((PatchOp { kind, keys, value }, tallest(heights)))
    }

    /// The `=>` of an operation. What other languages write there is reported and taken for it.
    fn operation_arrow(&mut self, kind: PatchKind) -> Parsed<()> {
        if self.eat_symbol("=>") {
            return Ok(());
        }
        let is_other = [":", "=", "->"].iter().any(|symbol| self.is_symbol(symbol))
            || (self.is_symbol(",") && matches!(self.ahead(1).kind, TokenKind::String(_)));
        let word = kind.word();
        let operand = if matches!(kind, PatchKind::Move | PatchKind::Copy) { "\"other\"" } else { "value" };
        let reported = self.unexpected_with("`=>`", |error| {
            error.help(format!("write `{word} \"key\" => {operand}`"));
        });
        if !is_other {
            return Err(reported);
        }
        self.advance();
        Ok(())
    }
}
