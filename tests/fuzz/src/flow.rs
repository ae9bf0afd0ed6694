//! The text of a query in a file, from the lexer to the code that is made of it. An expression is printed so that it is read
//! again as the same.

use foreshock_compiler::syntax::ast::{Expr, QueryStmt, Stmt};
use foreshock_compiler::syntax::print;

use crate::Target;
use crate::compiled::{self, Memory};

/// A `.trickle` file.
pub const TARGET: Target = Target { name: "flow", run, longest: 4 * 1024, words: WORDS };

/// What makes sense in a query, or nowhere.
pub(crate) const WORDS: &[&[u8]] = &[
    b"select ",
    b"event",
    b" from in",
    b" into out",
    b" where ",
    b" having ",
    b";",
    b" end",
    b"define ",
    b"create ",
    b"operator ",
    b"stream ",
    b"qos::wal",
    b"qos::roundrobin",
    b" with ",
    b"read_count = 1",
    b"max_elements = 1",
    b"outputs = [\"a\"]",
    b"dir = \"d\"",
    b"const ",
    b"mod ",
    b"use std::string;",
    b"string::len(",
    b"string::format(\"{}\", ",
    b"merge ",
    b" of ",
    b"patch ",
    b"insert \"a\" => ",
    b"move \"a\" => \"b\"",
    b"erase \"a\"",
    b"default => ",
    b"present ",
    b"absent ",
    b"event.a[1:2]",
    b"event[",
    b"$",
    b"$.a",
    b"\"#{",
    b"}\"",
    b"\"\"\"",
    b"`a`",
    b"'a'",
    b"#",
    b"##",
    b"###",
    b"//",
    b"/*",
    b"\\u00e4",
    b"\\u{1F600}",
    b"\\ud800",
    b"0x",
    b"1e999",
    b"1.",
    b"1_000",
    b"99999999999999999999",
    b"-9223372036854775808",
    b"<<",
    b">>>",
    b"~=",
    b" and ",
    b" or ",
    b" xor ",
    b" not ",
    b"(",
    b")",
    b"[",
    b"]",
    b"{",
    b"}",
    b"::",
    b"=>",
    b":=",
    b"|",
    b"\xc3\xa4",
    b"\xf0\x9f\x98\x80",
    b"\xe2\x80\xa8",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\0",
    b"\r\n",
    b"\r",
    b"\t",
    b"\x1b[31m",
    b"\xe2\x80\xae",
    b"r#a",
    b"include \"x.trickle\"",
    b"system::hostname()",
];

/// The body of the target.
pub fn run(data: &[u8]) {
    let files = [("x.trickle", data)];
    let call = "pub pipeline Test; include \"x.trickle\";";
    compiled::check(call, call.parse().expect("it is Rust tokens"), &Memory(&files));
    if let Some(flow) = compiled::parsed(call, &Memory(&files)) {
        for stmt in &flow.stmts {
            let Stmt::Query(QueryStmt::Select(select)) = stmt else { continue };
            [Some(&select.target), select.condition.as_ref(), select.having.as_ref()]
                .into_iter()
                .flatten()
                .for_each(check_print);
        }
    }
    compiled::forget_places();
}

fn check_print(expr: &Expr) {
    let text = print(expr);
    if text.contains("r#") {
        // Keywords are quoted as in a macro call.
        return;
    }
    let again = format!("select {text} from in into out;");
    let files = [("y.trickle", again.as_bytes())];
    let flow = compiled::parsed("pub pipeline Test; include \"y.trickle\";", &Memory(&files));
    let flow = flow.unwrap_or_else(|| panic!("what is printed cannot be read: {text}"));
    let Some(Stmt::Query(QueryStmt::Select(select))) = flow.stmts.first() else {
        panic!("it is a select: {again}")
    };
    assert_eq!(print(&select.target), text, "it is printed as it was read");
}
