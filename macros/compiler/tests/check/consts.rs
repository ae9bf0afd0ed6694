//! Rules on constants, modules and streams.

use crate::typing::dynamic_in;
use crate::{errors, flow};

#[track_caller]
fn check(query: &str, expected: &[(&str, &str)]) {
    errors(&format!("pipeline Test;\n{query}\nselect event from in into out;"), expected);
}

/// Where a part of the query stands.
fn place(part: &str, query: &str) -> String {
    format!("2:{}", query.find(part).expect("it is there"))
}

/// The constant that a name stands for.
#[track_caller]
fn value(statements: &str, name: &str, expected: &str) {
    dynamic_in(statements, name, &format!("= {expected}"));
}

#[test]
fn constants_are_computed_in_any_order() {
    value("const a = b + 1; const b = 2;", "a", "3");
    value("const a = \"x#{b}\"; const b = [1, c]; const c = {\"d\": null};", "a", r#""x[1,{\"d\":null}]""#);
    value("const a = b.x[1:2]; const b = {\"x\": [1, 2]};", "a", "[2]");
    value("const a = present b.y; const b = {\"x\": [1, 2]};", "a", "false");
    value("use std::string; const a = string::len(\"abc\");", "a", "3");
    value("const a = merge b of {\"x\": 2} end; const b = {\"x\": 1};", "a", "{\"x\":2}");
    value("const a = patch b of insert \"y\" => b.x end; const b = {\"x\": 1};", "a", "{\"x\":1,\"y\":1}");
    value("const r#select = 1;", "r#select", "1");
    value("mod m with const a = 1; end;", "m::a", "1");
    value("const a = 1; mod m with const b = a; end;", "m::b", "1");
    value("const a = 1; mod m with const b = a; const a = 2; end;", "m::b", "2");
    value("const a = m::b; mod m with const b = n::c; mod n with const c = 3; end; end;", "a", "3");
    value(
        "use o::p; use m::n::o; const a = p::c; mod m with mod n with mod o with mod p with const c = 4; end; end; end; end;",
        "a",
        "4",
    );
    value("use m::n; const a = n::c; mod m with mod n with const c = 3; end; end;", "a", "3");
    value(
        "mod m with use n::o; const a = o::c; end; mod n with mod o with const c = 3; end; end;",
        "m::a",
        "3",
    );
    value("mod m with use std::string; const a = string::len(\"ab\"); end;", "m::a", "2");
    value("use std::string; mod m with const a = string::len(\"ab\"); end;", "m::a", "2");
    value("const a = 1; const b = a; mod a with const a = b + 1; end;", "a::a", "2");
}

#[test]
fn constant_is_constant() {
    check(
        "const a = event;",
        &[("2:10", "there is no `event` here: a constant is computed at compile time")],
    );
    check(
        "use tremor::system; const a = system::hostname();",
        &[("2:30", "the value of `a` must be a constant")],
    );
    check("const a = 1 + \"x\";", &[("2:10", "`+` takes")]);
    check("const a = 1 % 0; const b = a + 1; const c = b;", &[("2:10", "`%` by zero")]);
    check(
        "const a = [b]; const b = 1 % 0; define qos::wal operator w with read_count = a end;",
        &[("2:25", "`%` by zero")],
    );
    let deep = format!(
        "const a0 = 1; {}",
        (1..200).map(|n| format!("const a{n} = [a{}];", n - 1)).collect::<String>()
    );
    check(&deep, &[(&place("[a128]", &deep), "this constant is nested more than 128 levels deep")]);
    let large = (1..60).map(|n| format!("const a{n} = [a{0}, a{0}];", n - 1)).collect::<String>();
    let large = format!("const a0 = 1; {large}");
    check(&large, &[(&place("[a17, a17]", &large), "this constant is too large")]);
    let long = (1..60).map(|n| format!("const a{n} = \"#{{a{0}}}#{{a{0}}}\";", n - 1)).collect::<String>();
    let long = format!("const a0 = \"x\"; {long}");
    check(&long, &[(&place("\"#{a17}", &long), "this constant is too large")]);
}

#[test]
fn constants_go_round() {
    check("const a = a;", &[("2:6", "this constant is made of itself: `a` uses `a`")]);
    check(
        "const a = b + 1; const b = [c]; const c = m::d; mod m with const d = a; end;",
        &[("2:6", "this constant is made of itself: `a` uses `b` uses `c` uses `m::d` uses `a`")],
    );
    check(
        "const a = b; const b = a; const c = a; define qos::roundrobin operator r with outputs = a end;",
        &[("2:6", "this constant is made of itself: `a` uses `b` uses `a`")],
    );
}

#[test]
fn names_are_told_apart() {
    check(
        "const a = 1;\nconst a = 2;",
        &[(
            "3:6",
            "the constant `a` is defined twice\nhelp: remove one of the two, or give it another name\nnote: first defined at line 2",
        )],
    );
    check(
        "mod a with end;\nmod a with const b = 1 + \"\"; end;",
        &[("3:4", "the module `a` is defined twice"), ("3:21", "`+` takes")],
    );
    check("mod m with const a = 1; const a = 2; end;", &[("2:30", "the constant `a` is defined twice")]);
    check("mod std with end;", &[("2:4", "no module can be called `std`: the library has that name")]);
    check("use std::string; mod string with end;", &[("2:9", "two modules are called `string`")]);
    check(
        "use a::m; mod m with end; mod a with mod m with end; end;",
        &[("2:7", "two modules are called `m`")],
    );
    check("use m; mod m with end;", &[]);
    check(
        "mod m with define qos::wal operator w with read_count = 1, max_elements = 1 end;
        define qos::wal operator w with read_count = 1, max_elements = 1 end; end;",
        &[("3:33", "the operator `w` is defined twice")],
    );
}

#[test]
fn unknown_constant() {
    let select = |statements: &str, target: &str, place: &str, message: &str| {
        let text = format!("pipeline Test; {statements}\nselect {target} from in into out;");
        errors(&text, &[(place, message)]);
    };
    select(
        "const limit = 1;",
        "limmit",
        "2:7",
        "there is no name `limmit`\nhelp: did you mean `limit`?\nnote: constants: `limit`",
    );
    select(
        "const limit = 1;",
        "zebra",
        "2:7",
        "there is no name `zebra`\nhelp: a string needs quotes: `\"zebra\"`\nnote: constants: `limit`",
    );
    select(
        "mod m with const limit = 1; end;",
        "limit",
        "2:7",
        "there is no name `limit`\nhelp: did you mean `m::limit`?",
    );
    select(
        "mod limits with const most = 1; end;",
        "limits::mots",
        "2:15",
        "the module `limits` has no constant `mots`\nhelp: did you mean `most`?",
    );
    select(
        "mod limits with const most = 1; end;",
        "limts::most",
        "2:7",
        "there is no module `limts`\nhelp: did you mean `limits`?",
    );
    select(
        "mod a with mod b with end; end;",
        "a::c::d",
        "2:10",
        "there is no module `c`\nhelp: legal modules: `b`",
    );
    select("mod a with end;", "a::b", "2:10", "the module `a` has no constant `b`");
    select(
        "mod a with end;",
        "a::f(1)",
        "2:10",
        "the module `a` has no function `f`\nnote: functions of one's own (`fn`) are not supported yet",
    );
    select(
        "mod a with const x = y; const y = 1; mod b with const z = y; end; end;",
        "1",
        "1:73",
        "there is no name `y`\nhelp: did you mean `a::y`?",
    );
    select("const a = b::c;", "a", "1:25", "there is no constant `b::c`");
    select("use m::n; mod m with end;", "1", "1:19", "there is no module `m::n`");
}

#[test]
fn definitions_in_modules() {
    let wal = "define qos::wal operator wal with read_count = 1, max_elements = 1 end;";
    let ways = "select event from in into log; select event from log into out;";
    let case = |create: &str, expected: &[(&str, &str)]| {
        errors(
            &format!("pipeline Test; mod things with {wal} mod inner with {wal} end; end; {ways}\n{create}"),
            expected,
        );
    };
    case("create operator log from things::wal;", &[]);
    case("create operator log from things::inner::wal;", &[]);
    case("use things::inner; create operator log from inner::wal;", &[]);
    case(
        "create operator log from thing::wal;",
        &[("2:25", "there is no module `thing`\nhelp: did you mean `things`?")],
    );
    case(
        "create operator log from things::iner::wal;",
        &[("2:33", "`things` has no module `iner`\nhelp: did you mean `inner`?")],
    );
    case(
        "create operator log from things::val;",
        &[("2:33", "no operator is defined as `things::val`\nhelp: did you mean `wal`?")],
    );
    case("create operator log from wal;", &[("2:25", "no operator is defined as `wal`")]);
    errors(
        &format!(
            "pipeline Test; mod things with {wal} end;\nselect event from in into wal; select event from wal into out;"
        ),
        &[(
            "2:26",
            "`wal` is defined but never created\nhelp: add the line `create operator wal from things::wal;`",
        )],
    );
    check(
        "mod m with define qos::wal operator w with read_count = 0, max_elements = 1 end; end;",
        &[("2:56", "read_count")],
    );
    check(
        "mod m with const none = 0; define qos::wal operator w with read_count = none, max_elements = 1 end; end;",
        &[("2:72", "read_count")],
    );
}

#[test]
fn streams() {
    let check =
        |query: &str, expected: &[(&str, &str)]| errors(&format!("pipeline Test;\n{query}"), expected);
    check("create stream s; select event from s into out;", &[]);
    check(
        "create stream s; select event from s/in into out;",
        &[("2:37", "`s` has no port `in`\nhelp: legal ports: `out`")],
    );
    check(
        "create stream s; select event from in into s/x; select event from s into out;",
        &[("2:45", "`s` has no port `x` for events to come in")],
    );
    check(
        "create stream s; select event from in into s;",
        &[(
            "2:14",
            "nothing selects from `s`\nhelp: add `select event from s into …;`, or remove the stream",
        )],
    );
    check("create stream in; select event from in into out;", &[("2:14", "no stream can be called `in`")]);
    check(
        "create stream s;\ncreate stream s; select event from s into out;",
        &[("3:14", "the stream `s` is created twice")],
    );
    let wal = "define qos::wal operator s with read_count = 1, max_elements = 1 end;";
    check(
        &format!(
            "{wal} create operator s;\ncreate stream s; select event from in into s; select event from s into out;"
        ),
        &[("3:14", "the name `s` is already in use: an operator has it")],
    );
    check(
        &format!(
            "{wal} create stream s;\ncreate operator s; select event from in into s; select event from s into out;"
        ),
        &[("3:16", "the name `s` is already in use: a stream has it")],
    );
    check(
        "create stream s; create stream t; select event from s into t; select event from t into s;",
        &[("2:87", "events go round: `s` → `t` → `s`")],
    );
    check(
        "create stream side; select event from sid into out;",
        &[("2:38", "there is no operator or stream `sid`\nhelp: did you mean `side`?")],
    );
}

#[test]
fn streams_of_flows_have_types_and_links() {
    let query = "create stream s; select {\"n\": event.id} from in into s; select event.n from s into out;";
    errors(&flow("", query), &[]);
    errors(&flow("", &query.replace("event.n", "event.m")), &[("7:69", "`event` has no field `m`")]);
    // two shapes that meet are any
    let two = format!("select event from in into s; {}", query.replace("event.n", "event.m"));
    errors(&flow("", &two), &[]);
    // nothing feeds it
    let unfed = "create stream s; select event from s into out; select event from in into err;";
    errors(&flow("", unfed), &[("7:14", "no link leads into `/pipeline/main/01/s`")]);
    let linked =
        flow("", query).replace("/pipeline/main/01/in,", "[/pipeline/main/01/in, /pipeline/main/01/s],");
    errors(&linked, &[]);
}

/// What a statement that could not be parsed may define is no news where it is used.
#[test]
fn a_constant_that_could_not_be_parsed_is_one_error() {
    let one =
        |text: &str, place: &str, part: &str| errors(&format!("pipeline Test;\n{text}"), &[(place, part)]);
    one("const a = 1 +;\nselect [a, a + 1, \"#{a}\"] from in into out;", "2:13", "expected an expression");
    one("const a 1;\nconst b = a;\nselect b from in where b > a into out;", "2:8", "expected `=`");
    one("mod m with const a = ; end;\nselect m::a from in into out;", "2:21", "expected an expression");
    one("const a = 1;\nselect ab from in into out;", "3:7", "there is no name `ab`");
}
