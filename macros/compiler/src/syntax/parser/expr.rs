//! Operators and paths (language page, "Precedence" and "Paths"). What stands between operators is in `primary`.

use super::super::ast::{BinaryOp, Expr, ExprKind, UnaryOp};
use super::super::token::TokenKind;
use super::super::{GREATEST_DEPTH, Pos, print};
use super::{Parsed, Parser, Reported};
use crate::diagnostics::Rule;

/// An expression with the height of its tree: a long chain of operators is as high as deep brackets are, and later
/// passes walk both.
pub(super) struct Tall {
    pub(super) expr: Expr,
    pub(super) height: usize,
}

/// Operators with two operands: their level (higher binds tighter). All associate to the left.
const BINARY: &[(&str, u8, BinaryOp)] = &[
    ("or", 1, BinaryOp::Or),
    ("xor", 2, BinaryOp::Xor),
    ("and", 3, BinaryOp::And),
    ("^", 4, BinaryOp::BitXor),
    ("&", 5, BinaryOp::BitAnd),
    ("==", 6, BinaryOp::Eq),
    ("!=", 6, BinaryOp::NotEq),
    (">=", 7, BinaryOp::Gte),
    (">", 7, BinaryOp::Gt),
    ("<=", 7, BinaryOp::Lte),
    ("<", 7, BinaryOp::Lt),
    (">>", 8, BinaryOp::Shr),
    (">>>", 8, BinaryOp::UnsignedShr),
    ("<<", 8, BinaryOp::Shl),
    ("+", 9, BinaryOp::Add),
    ("-", 9, BinaryOp::Sub),
    ("*", 10, BinaryOp::Mul),
    ("/", 10, BinaryOp::Div),
    ("%", 10, BinaryOp::Mod),
];

/// What other languages write, and the operator that it is here.
const FOREIGN: &[(&str, BinaryOp)] = &[
    ("&&", BinaryOp::And),
    ("||", BinaryOp::Or),
    ("=", BinaryOp::Eq),
    ("===", BinaryOp::Eq),
    ("!==", BinaryOp::NotEq),
    ("<>", BinaryOp::NotEq),
    ("AND", BinaryOp::And),
    ("OR", BinaryOp::Or),
];

/// What other languages write and what is not here, and what to do about it.
const ABSENT: &[(&str, &str)] = &[
    ("|", "write `or` between booleans"),
    ("is", "write `==`; `present event.key` and `absent event.key` say whether there is such a key"),
    ("isnt", "write `!=`"),
    ("like", "the module `std::string` has functions that look into strings, such as `contains`"),
    ("contains", "the modules `std::string` and `std::array` have a function `contains`"),
    ("between", "write `event.key >= 1 and event.key <= 9`"),
    ("?", "write two selects, each with its `where`: there is no `? :`"),
    (
        "as",
        "a value gets a name in a record, `{ \"name\": event.key }`, and is a string in `\"#{event.key}\"`",
    ),
];

impl BinaryOp {
    /// Its symbol and its level.
    pub(in super::super) fn spelling(self) -> (&'static str, u8) {
        let row = BINARY.iter().find(|(_, _, op)| *op == self).expect("the table has all operators");
        (row.0, row.1)
    }
}

impl UnaryOp {
    /// Its symbol.
    pub(in super::super) fn spelling(self) -> &'static str {
        match self {
            UnaryOp::Plus => "+",
            UnaryOp::Minus => "-",
            UnaryOp::Not => "not",
            UnaryOp::BitNot => "!",
        }
    }
}

impl Parser<'_> {
    /// A whole expression.
    pub(super) fn expr(&mut self) -> Parsed<Tall> {
        self.nested(|parser| parser.binary(0))
    }

    fn binary(&mut self, least: u8) -> Parsed<Tall> {
        let start = self.pos();
        let mut left = self.unary()?;
        while let Some((level, op)) = self.binary_op()?.filter(|(level, _)| *level >= least) {
            self.is_own_operator(op);
            self.advance();
            let right = self.binary(level + 1)?;
            let heights = [left.height, right.height];
            left = self.tall(ExprKind::Binary(op, boxed(left), boxed(right)), start, heights)?;
        }
        Ok(left)
    }

    fn binary_op(&mut self) -> Parsed<Option<(u8, BinaryOp)>> {
        let token = self.peek();
        let text = match &token.kind {
            TokenKind::Symbol(symbol) => symbol,
            TokenKind::Word { text, quoted: false } => text.as_str(),
            TokenKind::Number(text) if text.starts_with('-') => {
                let (pos, digits) = (token.pos, text[1..].to_string());
                let error = self.diagnostics.report(
                    Rule::minus_in_a_number,
                    pos,
                    format!("`-{digits}` is one number in a file"),
                );
                error.help(format!("write `- {digits}` to subtract, with a space behind `-`"));
                return Err(Reported);
            }
            _ => return Ok(None),
        };
        if let Some((pair, help)) = self.foreign_pair() {
            let (pos, text) = (token.pos.to(self.ahead(1).pos), format!("there is no operator `{pair}`"));
            self.diagnostics.report(Rule::unknown_expression_operator, pos, text).help(help);
            return Err(Reported);
        }
        if text == "in" && self.ahead(1).is_symbol("[") {
            let error = self.diagnostics.report(
                Rule::unknown_expression_operator,
                token.pos,
                "there is no operator `in`",
            );
            error.help("write `array::contains([1, 2], event.key)`, with `use std::array;` before it");
            return Err(Reported);
        }
        if let Some((_, level, op)) = BINARY.iter().find(|(spelling, ..)| *spelling == text) {
            return Ok(Some((*level, *op)));
        }
        if let Some((_, op)) = FOREIGN.iter().find(|(foreign, _)| *foreign == text) {
            return Ok(Some((op.spelling().1, *op)));
        }
        if let Some((absent, help)) = ABSENT.iter().find(|(absent, _)| *absent == text) {
            let pos = token.pos;
            self.diagnostics
                .report(Rule::unknown_expression_operator, pos, format!("there is no operator `{absent}`"))
                .help(help);
            return Err(Reported);
        }
        match text {
            "~" => Err(self.unsupported_here("~")),
            "~=" => Err(self.unsupported_here("~=")),
            _ => Ok(None),
        }
    }

    /// Reports an operator of another language, which is then read as the one that was meant.
    fn is_own_operator(&mut self, op: BinaryOp) {
        let token = self.peek();
        let is_written = |written: &str| token.is_symbol(written) || token.is_word(written);
        if let Some((foreign, _)) = FOREIGN.iter().find(|(foreign, _)| is_written(foreign)) {
            let (pos, text) = (token.pos, format!("there is no operator `{foreign}`"));
            let error = self.diagnostics.report(Rule::unknown_expression_operator, pos, text);
            error.help(format!("write `{}`", op.spelling().0));
        }
    }

    fn unary(&mut self) -> Parsed<Tall> {
        let op = match &self.peek().kind {
            TokenKind::Symbol("+") => UnaryOp::Plus,
            TokenKind::Symbol("-") => UnaryOp::Minus,
            TokenKind::Symbol("!") => UnaryOp::BitNot,
            TokenKind::Word { text, quoted: false } if text == "not" => UnaryOp::Not,
            _ => return self.postfix(),
        };
        let start = self.advance().pos;
        // `-9223372036854775808` is a literal: without its sign it would be out of range
        if op == UnaryOp::Minus
            && let TokenKind::Number(text) = &self.peek().kind
            && !text.starts_with('-')
        {
            let text = text.clone();
            let number = self.advance().pos;
            let kind = self.number(&text, true, start.to(number))?;
            return self.tall(kind, start, []);
        }
        let operand = self.nested(Self::unary)?;
        let height = operand.height;
        self.tall(ExprKind::Unary(op, boxed(operand)), start, [height])
    }

    /// A primary and the keys behind it.
    pub(super) fn postfix(&mut self) -> Parsed<Tall> {
        let start = self.pos();
        let mut expr = self.primary()?;
        loop {
            if matches!(expr.expr.kind, ExprKind::Int(_) | ExprKind::Float(_)) {
                return Ok(expr);
            } else if self.is_symbol("(") {
                return Err(self.no_method(&expr.expr));
            } else if self.eat_symbol(".") || self.eat_foreign_dot() {
                let key = self.key_name()?;
                let height = expr.height;
                expr = self.tall(ExprKind::Field(boxed(expr), key), start, [height])?;
            } else if self.eat_symbol("[") {
                expr = self.index(expr, start)?;
            } else {
                return Ok(expr);
            }
        }
    }

    /// What other languages write for the `.` before a key is reported and taken for it.
    fn eat_foreign_dot(&mut self) -> bool {
        let is_optional = self.is_symbol("?") && self.ahead(1).is_symbol(".");
        let (written, help) = match &self.peek().kind {
            TokenKind::Symbol("?") if is_optional => {
                ("?.", "`present event.key` says whether there is such a key")
            }
            TokenKind::Symbol(symbol @ ("->" | "::")) => (*symbol, "write `event.key`"),
            _ => return false,
        };
        let pos = self.pos().to(self.ahead(usize::from(is_optional)).pos);
        self.diagnostics
            .report(Rule::key_behind_an_arrow, pos, format!("before a key stands `.`, not `{written}`"))
            .help(help);
        self.advance();
        if is_optional {
            self.advance();
        }
        true
    }

    /// `event.key.len()`
    fn no_method(&mut self, value: &Expr) -> Reported {
        let error = self.diagnostics.report(
            Rule::function_of_a_value,
            self.pos(),
            "a value has no functions of its own",
        );
        match &value.kind {
            ExprKind::Field(module, function) if matches!(module.kind, ExprKind::Name(_)) => {
                let call = format!("{}::{}(…)", print(module), function.text);
                error.help(format!("a function is called with its module: `{call}`"))
            }
            _ => error.help("a function is called with its module: `string::len(event.key)`"),
        };
        Reported
    }

    fn key_name(&mut self) -> Parsed<super::Name> {
        let help = match &self.peek().kind {
            TokenKind::Symbol("*") => "the whole event is `event`",
            TokenKind::String(_) => "write `[\"key\"]`, without the dot",
            TokenKind::Number(_) => "write `[0]`, without the dot",
            _ => {
                self.unquoted_keyword();
                return self.any_name("a key after `.`");
            }
        };
        Err(self.unexpected_with("a key after `.`", |error| {
            error.help(help);
        }))
    }

    /// Behind the `[` of `of[…]`.
    fn index(&mut self, of: Tall, start: Pos) -> Parsed<Tall> {
        let index = self.expr()?;
        if self.eat_symbol("]") {
            let heights = [of.height, index.height];
            return self.tall(ExprKind::Index(boxed(of), boxed(index)), start, heights);
        }
        if self.is_symbol("..") {
            let error = self.diagnostics.report(
                Rule::range_with_dots,
                self.pos(),
                "a range is written with `:`, not `..`",
            );
            error.help("write `[0:2]`, which ends before element 2");
            self.advance();
        } else if !self.eat_symbol(":") {
            return Err(self.unexpected("`]`"));
        }
        let end = self.expr()?;
        self.expect_symbol("]")?;
        let heights = [of.height, index.height, end.height];
        self.tall(ExprKind::Range(boxed(of), boxed(index), boxed(end)), start, heights)
    }

    /// An expression that ends at the token before, over parts of these heights.
    pub(super) fn tall(
        &mut self,
        kind: ExprKind,
        start: Pos,
        parts: impl IntoIterator<Item = usize>,
    ) -> Parsed<Tall> {
        let height = tallest(parts) + 1;
        if height > GREATEST_DEPTH {
            return Err(self.too_deep());
        }
        Ok(Tall { expr: Expr { kind, pos: self.since(start) }, height })
    }

    /// A word of a keyword's kind that stands where only a path makes sense.
    pub(super) fn path_of(&mut self, keyword: &str) -> Parsed<Tall> {
        let path = self.nested(Self::postfix)?;
        if is_path(&path.expr) {
            return Ok(path);
        }
        let error = self.diagnostics.report(
            Rule::keyword_takes_a_path,
            path.expr.pos,
            format!("`{keyword}` takes a path"),
        );
        error.help(format!("for example `{keyword} event.key`"));
        Err(Reported)
    }
}

fn is_path(expr: &Expr) -> bool {
    let mut expr = expr;
    loop {
        match &expr.kind {
            ExprKind::Field(of, _) | ExprKind::Index(of, _) | ExprKind::Range(of, _, _) => expr = of,
            ExprKind::Event | ExprKind::Meta | ExprKind::Name(_) => return true,
            _ => return false,
        }
    }
}

pub(super) fn boxed(tall: Tall) -> Box<Expr> {
    Box::new(tall.expr)
}

/// The greatest of some heights.
pub(super) fn tallest(parts: impl IntoIterator<Item = usize>) -> usize {
    parts.into_iter().max().unwrap_or(0)
}
