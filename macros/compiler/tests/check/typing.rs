//! The types of expressions, and of the events on the edges.

use foreshock_compiler::check::facts::{PipelineFacts, TypedExpr, TypedKind};
use foreshock_compiler::check::types::Type;

use crate::{errors, flow, run};

/// A type as the shapes of the language write it.
fn show_type(ty: &Type) -> String {
    match ty {
        Type::Any => "any".to_owned(),
        Type::Null => "null".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Uint => "uint".to_owned(),
        Type::Integer => "int".to_owned(),
        Type::Float => "float".to_owned(),
        Type::String => "string".to_owned(),
        Type::Binary => "binary".to_owned(),
        Type::List => "list".to_owned(),
        Type::Record(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, ty)| format!("{name}: {}", show_type(ty))).collect();
            format!("{{{}}}", fields.join(", "))
        }
    }
}

/// `= 3` for a constant, else the type; `!` if it can fail; some kinds by name.
fn show(expr: &TypedExpr) -> String {
    let fails = if expr.fallible { "!" } else { "" };
    let kind = match &expr.kind {
        TypedKind::Const(value) => return format!("= {value}{fails}"),
        TypedKind::StaticMerge(..) => "static ",
        TypedKind::DynamicMerge(..) => "dynamic ",
        TypedKind::Present(..) => "present ",
        _ => "",
    };
    format!("{kind}{}{fails}", show_type(&expr.ty))
}

fn facts(text: &str) -> Vec<PipelineFacts> {
    let (facts, errors) = run(text);
    assert!(errors.is_empty(), "in\n{text}\n{errors:#?}");
    facts.expect("there are no errors").pipelines
}

/// The target of the only select.
fn target(text: &str) -> TypedExpr {
    let pipelines = facts(text);
    let select = pipelines[0].selects.iter().flatten().next().expect("a select");
    select.target.clone()
}

/// The type of an expression over the metronome's event, `{onramp: string, id: uint, ingest_ns: uint}`.
#[track_caller]
pub(crate) fn typed(expr: &str, expected: &str) {
    let found = show(&target(&flow("", &format!("select {expr} from in into out;"))));
    assert_eq!(found, expected, "{expr}");
}

/// The type of an expression over an event of which nothing is known.
#[track_caller]
pub(crate) fn dynamic(expr: &str, expected: &str) {
    dynamic_in("use tremor::system; use std::string;", expr, expected);
}

/// The same in a query with further statements.
#[track_caller]
pub(crate) fn dynamic_in(statements: &str, expr: &str, expected: &str) {
    let query = format!("{statements} select {expr} from in into out;");
    let found = show(&target(&format!("pub pipeline Test; {query}")));
    assert_eq!(found, expected, "{expr}");
}

/// The type of `event` where this onramp, with what stands behind its name, feeds a pipeline.
#[track_caller]
fn fed_by(onramp: &str, expected: &str) {
    let text = format!(
        "flow Test;
        define onramp lines from {onramp} end;
        define pipeline all select event from in into out; end;
        define binding all links
            /onramp/lines/01/out => /pipeline/all/01/in,
            /pipeline/all/01/out => /offramp/system::stdout/system/in
        end;
        create binding /binding/all/01;"
    );
    assert_eq!(show(&target(&text)), expected, "{onramp}");
}

#[test]
fn lines_are_texts_or_anything_as_their_codec_says() {
    fed_by("stdin", "string");
    fed_by("stdin with codec = \"string\"", "string");
    fed_by("stdin with codec = \"js\" + \"on\"", "any");
    fed_by("file with source = \"x\"", "any");
    fed_by("file with source = \"x\", codec = \"string\"", "string");
    fed_by("blaster with lines = [\"x\"], codec = \"string\"", "string");
    fed_by("blaster with lines = [\"x\"]", "any");
}

#[test]
fn a_text_has_no_fields_and_is_joined_with_texts_only() {
    let check = |onramp: &str, select: &str, expected: &[(&str, &str)]| {
        let text = format!(
            "flow Test;
define onramp lines from {onramp} end;
define pipeline all
select {select} from in into out;
end;
define binding all links
/onramp/lines/01/out => /pipeline/all/01/in,
/pipeline/all/01/out => /offramp/system::stdout/system/in
end;
create binding /binding/all/01;"
        );
        errors(&text, expected);
    };
    check("stdin", "event + \"!\"", &[]);
    check("stdin", "event.x", &[("4:13", "has no field `x`: it is a string")]);
    check("stdin", "event + 1", &[("4:7", "`+` takes two numbers or two strings")]);
    check("stdin with codec = \"json\"", "[event.x, event + 1]", &[]);
    // What is wrong with the codec is told once.
    check("stdin with codec = \"jason\"", "event.x", &[("2:44", "`codec` cannot be")]);
    check("stdin with codec = nothing", "event.x", &[("2:44", "nothing")]);
}

#[test]
fn constants_are_computed() {
    typed("null", "= null");
    typed("1 + 2 * 3", "= 7");
    typed("2 - 5", "= -3");
    typed("6 / 2", "= 3.0");
    typed("7 % 4", "= 3");
    typed("1 + 0.5", "= 1.5");
    typed("\"a\" + \"b\"", "= \"ab\"");
    typed("1 == 1.0", "= true");
    typed("1 == \"1\"", "= false");
    typed("\"a\" < \"b\"", "= true");
    typed("not true", "= false");
    typed("not true == false", "= true");
    typed("!0", "= -1");
    typed("+1", "= 1");
    typed("-(1)", "= -1");
    typed("1 << 4", "= 16");
    typed("6 & 3", "= 2");
    typed("true ^ true", "= false");
    typed("true xor false", "= true");
    typed("{\"a\": 1, \"b\": [1, {\"c\": null}]}", "= {\"a\":1,\"b\":[1,{\"c\":null}]}");
    typed("{\"a\": 1, \"b\": 2, \"a\": 3}", "= {\"a\":3,\"b\":2}");
    typed("{\"a\": {\"b\": 7}}.a.b", "= 7");
    typed("[1, 2, 3][1]", "= 2");
    typed("[1, 2, 3][1:3]", "= [2,3]");
    typed("merge {\"a\": 1, \"b\": 2} of {\"a\": null, \"c\": 3} end", "= {\"b\":2,\"c\":3}");
    typed("\"1 + 1 is #{1 + 1}, #{\\\"in\\\"} #{[null]}\"", "= \"1 + 1 is 2, in [null]\"");
    typed("string::len(\"abc\")", "= 3");
    typed("core::string::len(\"abc\")", "= 3");
    typed("$", "= {}");
    typed("present $", "= true");
    typed("present $[\"x\"]", "= false");
}

#[test]
fn operators_follow_the_rules_for_numbers() {
    typed("event.id", "uint");
    typed("event[\"id\"]", "uint");
    typed("+event.id", "uint");
    typed("-event.id", "int!");
    typed("!event.id", "int");
    typed("event.id + event.ingest_ns", "int!");
    typed("event.id - 1", "int!");
    typed("event.id * 2.0", "float");
    typed("event.id / 2", "float");
    typed("event.id % 2", "int!");
    typed("event.id >> 2", "int!");
    typed("event.id & 255", "int");
    typed("event.id ^ event.id", "int");
    typed("event.id == event.onramp", "bool");
    typed("event.id < 1.5", "bool");
    typed("event.onramp >= \"m\"", "bool");
    typed("event.onramp + \"!\"", "string");
    typed("event.id == 1 and event.id > 1", "bool");
    typed("not (event.id == 1)", "bool");
}

#[test]
fn and_and_or_are_decided_by_their_left_side() {
    typed("false and event.id == 1", "= false");
    typed("true or event.id == 1", "= true");
    typed("true and event.id == 1", "bool");
    typed("event.id == 1 and false", "bool");
    dynamic("true and event.x", "bool!");
    dynamic("event.x and true", "bool!");
}

#[test]
fn operators_on_unknown_values_are_checked_at_run_time() {
    dynamic("event", "any");
    dynamic("event.x", "any!");
    dynamic("event[\"x\"]", "any!");
    dynamic("event[event.i]", "any!");
    dynamic("event.x[0]", "any!");
    dynamic("event.x[0:2]", "list!");
    dynamic("-event.x", "any!");
    dynamic("not event.x", "bool!");
    dynamic("event.x + 1", "any!");
    dynamic("event.x / 2", "any!");
    dynamic("event.x == 1", "bool");
    dynamic("event.x < 1", "bool!");
    dynamic("event.x xor true", "bool!");
    dynamic("[event.x]", "list");
    dynamic("{\"a\": event.x, \"b\": 1}", "{a: any, b: int}");
    dynamic("{\"#{event.x}\": 1}", "any");
    dynamic("\"x is #{event.x}\"", "string");
}

#[test]
fn a_closed_record_knows_what_is_present() {
    typed("present event", "= true");
    typed("present event.id", "= true");
    typed("absent event.id", "= false");
    typed("present event.hostname", "= false");
    typed("absent event.hostname.x", "= true");
    typed("present event.id.x", "= false");
    typed("present event[\"id\"]", "= true");
    typed("present event.id[0]", "= false");
    dynamic("present event.x", "present bool");
    dynamic("present event.x[0]", "present bool");
    typed("present event[event.onramp]", "present bool");
    typed("present $[event.onramp]", "present bool");
    dynamic("present event.x[event.i]", "present bool!");
    dynamic("present event.x[0:event.i]", "present bool!");
    dynamic("absent event.x", "bool");
}

#[test]
fn a_merge_of_closed_records_is_a_closed_record() {
    let event = "onramp: string, id: uint, ingest_ns: uint";
    typed(
        "merge event of {\"hostname\": system::hostname()} end",
        &format!("static {{{event}, hostname: string}}"),
    );
    typed("merge event of {\"id\": \"x\"} end", "static {onramp: string, id: string, ingest_ns: uint}");
    typed("merge event of {\"a\": {\"b\": null}} end", &format!("static {{{event}, a: {{b: null}}}}"));
    typed("merge event of {} end", &format!("static {{{event}}}"));
    typed(
        "merge {\"a\": {\"b\": event.id, \"c\": 1}} of {\"a\": {\"b\": \"x\", \"d\": 2.5}} end",
        "static {a: {b: string, c: int, d: float}}",
    );
    typed("merge {\"a\": event.id} of {\"a\": {\"b\": 1}} end", "static {a: {b: int}}");
}

#[test]
fn a_merge_that_could_delete_is_decided_at_run_time() {
    typed("merge event of {\"id\": null} end", "dynamic any");
    typed("merge {\"a\": {\"b\": event.id}} of {\"a\": {\"b\": null}} end", "dynamic any");
    dynamic("merge event of {\"a\": 1} end", "dynamic any!");
    dynamic("merge {\"a\": 1} of event end", "dynamic any!");
    dynamic("merge {\"a\": 1} of {\"b\": event.x} end", "dynamic any");
    dynamic("merge {\"a\": event.x} of {\"a\": {\"b\": 1}} end", "dynamic any");
    dynamic("merge {\"a\": event.x} of {\"a\": 1} end", "static {a: int}");
}

#[test]
fn calls_have_the_type_of_their_row() {
    typed("system::hostname()", "string");
    typed("system::ingest_ns()", "int");
    typed("string::len(event.onramp)", "int");
    typed("string::uppercase(event.onramp)", "string");
    typed("string::format(\"{}\", event.id)", "string!");
    typed("string::into_binary(event.onramp)", "binary");
    typed("string::from_utf8_lossy(string::into_binary(event.onramp))", "string");
    typed("core::datetime::today()", "int");
    typed("core::array::push([], event)", "list");
    dynamic("string::len(event.x)", "int!");
    dynamic("core::array::len(event.x)", "int!");
    dynamic("string::into_binary(event.x)", "binary!");
    dynamic("string::from_utf8_lossy(event.x)", "string!");
}

#[test]
fn binaries_are_a_type_of_their_own() {
    typed("string::into_binary(\"foo\")", "= \"Zm9v\"");
    typed("string::into_binary(\"foo\") == \"foo\"", "= true");
    typed("string::from_utf8_lossy(string::into_binary(\"foo\"))", "= \"foo\"");
    dynamic_in("use std::string; const b = string::into_binary(\"foo\");", "\"#{b}\"", r#"= "\"Zm9v\"""#);
    typed("string::into_binary(event.onramp) == event.id", "bool");
    typed("string::into_binary(event.onramp) < event.onramp", "bool");
    typed("event.onramp >= string::into_binary(event.onramp)", "bool");
    dynamic_in("use std::string;", "\"#{string::into_binary(event)}\"", "string");
    typed("{\"b\": string::into_binary(event.onramp), \"c\": 1}", "{b: binary, c: int}");
    typed("{\"b\": string::into_binary(event.onramp)}.b", "binary");
    typed("merge {\"b\": event.id} of {\"b\": string::into_binary(event.onramp)} end", "static {b: binary}");
    dynamic_in(
        "use std::string; const b = {\"b\": string::into_binary(\"foo\")};",
        "[present b.b, present b.b[0]]",
        "= [true,false]",
    );
    typed("core::type::is_binary(string::into_binary(\"\"))", "= true");
    dynamic("string::into_binary(\"foo\") < event.x", "bool!");
}

/// What gives a number gives an integer if it is given integers only.
#[test]
fn calls_that_give_numbers_have_the_type_of_their_arguments() {
    typed("core::math::max(event.id, -1)", "int");
    typed("core::math::max(event.id / 2, 1.5)", "float");
    typed("core::math::max(event.id, 1.5)", "float");
    typed("core::math::round(event.id / 2)", "int!");
    dynamic("core::math::max(event.x, 1)", "any!");
    dynamic("core::math::max(event.x, 1.5)", "any!");
}

/// The types of the events that leave the nodes of a pipeline, in the order of the nodes.
#[track_caller]
fn outputs(text: &str, pipeline: usize, expected: &[&str]) {
    let outputs: Vec<String> = facts(text)[pipeline].outputs.iter().map(show_type).collect();
    assert_eq!(outputs, expected, "{text}");
}

#[test]
fn types_flow_along_the_edges_and_meet_as_any() {
    let query = "define qos::wal operator wal with read_count = 1, max_elements = 1 end;
        create operator wal;
        select {\"id\": event.id} from in into wal;
        select event from wal where event.id > 1 into out;";
    let id = "{id: uint}";
    outputs(&flow("", query), 0, &["{onramp: string, id: uint, ingest_ns: uint}", id, id, id, id]);

    let query = "select event.id from in into out; select event.onramp from in into out;";
    outputs(&flow("", query), 0, &["{onramp: string, id: uint, ingest_ns: uint}", "uint", "string", "any"]);

    let query = "select event.id from in into out; select event.ingest_ns from in into out;";
    outputs(&flow("", query), 0, &["{onramp: string, id: uint, ingest_ns: uint}", "uint", "uint", "uint"]);
}

#[test]
fn types_flow_along_links_whatever_the_order_of_the_text() {
    let text = "pub flow Test;
        define pipeline second select event from in into out; end;
        define pipeline first select event.id from in into out; end;
        define onramp metronome from metronome with interval = 1 end;
        define offramp sink from blackhole end;
        define binding main links
            /pipeline/second/01/out => /offramp/sink/01/in,
            /pipeline/first/01/out => /pipeline/second/01/in,
            /onramp/metronome/01/out => /pipeline/first/01/in
        end;
        create binding /binding/main/01;";
    outputs(text, 0, &["uint", "uint", "uint"]);
}

#[test]
fn a_pipeline_fed_with_different_types_sees_any() {
    let text = "pub flow Test;
        define pipeline second select event from in into out; end;
        define pipeline first select event.id from in into out; end;
        define onramp metronome from metronome with interval = 1 end;
        define offramp sink from blackhole end;
        define binding main links
            /pipeline/second/01/out => /offramp/sink/01/in,
            /pipeline/first/01/out => /pipeline/second/01/in,
            /onramp/metronome/01/out => [/pipeline/first/01/in, /pipeline/second/01/in]
        end;
        create binding /binding/main/01;";
    outputs(text, 0, &["any", "any", "any"]);
}

#[test]
fn two_instances_of_one_pipeline_in_a_row_see_any() {
    let text = "pub flow Test;
        define pipeline main select event.id from in into out; end;
        define onramp metronome from metronome with interval = 1 end;
        define offramp sink from blackhole end;
        define binding main links
            /onramp/metronome/01/out => /pipeline/main/01/in,
            /pipeline/main/01/out => /pipeline/main/02/in,
            /pipeline/main/02/out => /offramp/sink/01/in
        end;
        create binding /binding/main/01;";
    outputs(text, 0, &["any", "any", "any"]);
}

#[test]
fn what_comes_out_of_err_has_no_known_type() {
    let text = "pub flow Test;
        define pipeline main select event.id from in into err; end;
        define pipeline errors select event from in into out; end;
        define onramp metronome from metronome with interval = 1 end;
        define offramp sink from blackhole end;
        define binding main links
            /onramp/metronome/01/out => /pipeline/main/01/in,
            /pipeline/main/01/err => /pipeline/errors/01/in,
            /pipeline/errors/01/out => /offramp/sink/01/in
        end;
        create binding /binding/main/01;";
    outputs(text, 1, &["any", "any", "any"]);
}

#[test]
fn a_record_that_doubles_with_every_select_is_refused_before_it_is_too_large() {
    let doubled = "select { \"a\": event, \"b\": event } from";
    let mut query = String::new();
    for n in 0..40 {
        let from = if n == 0 { "in".to_owned() } else { format!("wal{}", n - 1) };
        query += &format!("create operator wal{n} from wal; {doubled} {from} into wal{n};\n");
    }
    let text = format!(
        "pub pipeline Test; define qos::wal operator wal with read_count = 1, max_elements = 1 end;
        {query} select event from wal39 into out;"
    );
    let errors = run(&text).1;
    assert!(errors.iter().any(|error| error.contains("fields, 12 levels deep, is too large")), "{errors:#?}");
}
