//! Every form of expression, in the spellings that people use for it.

use crate::check;

foreshock::pipeline! {
    pub(crate) pipeline Literals;

    select {
        "nothing": null,
        "yes": true,
        "no": false,
        "whole": [0, 7, -7, 1_000_000, 0xff, 0xFF_FF, -0x10, 9223372036854775807, -9223372036854775808],
        "broken": [0.5, 1.0e3, 2.5e-3, 1_0.0_1, -0.25,],
        "text": ["", " ", "a\tb\n", "\"quoted\"", "back\\slash", "\u{e9}\u{1F600}", "über 🎉", "'"],
        "raw": [r"C:\\dir", r#"a "word""#, r##"a "#hash""##],
        "list": [[], [[]], [1, [2, [3]]]],
        "record": {},
        "nested": { "a": { "b": { "c": [{ "d": 1 }] } } },
        "": "an empty key",
        "a key with blanks": 1,
        "ключ": 2,
        "select": 3,
        "dup": "first",
        "dup": "last",
    }
    from in
    into out;
}

#[test]
fn literals() {
    check::<literals::Literals>(
        &["in null"],
        &[concat!(
            r#"out {"nothing":null,"yes":true,"no":false,"#,
            r#""whole":[0,7,-7,1000000,255,65535,-16,9223372036854775807,-9223372036854775808],"#,
            r#""broken":[0.5,1000.0,0.0025,10.01,-0.25],"#,
            r#""text":[""," ","a\tb\n","\"quoted\"","back\\slash","é😀","über 🎉","'"],"#,
            r##""raw":["C:\\dir","a \"word\"","a \"#hash\""],"list":[[],[[]],[1,[2,[3]]]],"record":{},"##,
            r#""nested":{"a":{"b":{"c":[{"d":1}]}}},"":"an empty key","a key with blanks":1,"ключ":2,"#,
            r#""select":3,"dup":"last"}"#,
        )],
    );
}

foreshock::pipeline! {
    pub(crate) pipeline Interpolated;

    const greeting = "Hello";
    const punctuation = { "last": "!" };

    select [
        "#{event.name}",
        "#{ event.name }",
        "#{greeting}, #{event.name}#{punctuation.last}",
        "#{event.n + 1} of #{event.list}",
        "#{event[\"odd name\"]}",
        r#"#{event["odd name"]} and a literal \#{ here"#,
        "a literal \\#{ too, # { } {x} $x #x ##",
        "#{[event.n, \"x\"]}#{ {\"a\": null} }",
        "nested: #{\"<#{event.name}>\"}",
        "#{event.n / 2}#{true}#{null}#{1.0}",
        "#{event.list[0]}#{event.list[0:1]}#{present event.nobody}#{-event.n}",
        "a long text \
         that goes on",
        "two
lines of #{event.name}",
        "#{patch event of erase \"list\" end}",
    ] from in into out;
}

#[test]
fn strings_with_values_in_them() {
    check::<interpolated::Interpolated>(
        &[r#"in {"name": "Eve", "n": 3, "list": [1, "b"], "odd name": "odd"}"#],
        &[concat!(
            r#"out ["Eve","Eve","Hello, Eve!","4 of [1,\"b\"]","odd","odd and a literal #{ here","#,
            r#""a literal #{ too, # { } {x} $x #x ##","[3,\"x\"]{\"a\":null}","nested: <Eve>","1.5truenull1.0","#,
            r#""1[1]false-3","a long text that goes on","two\nlines of Eve","#,
            r#""{\"name\":\"Eve\",\"n\":3,\"odd name\":\"odd\"}"]"#,
        )],
    );
}

foreshock::pipeline! {
    pub(crate) pipeline Ladder;

    select {
        "sums": [1 + 2 * event.x, (1 + 2) * event.x, event.x-1, event.x - -1, event.x - (-1), 10 - 4 - 3],
        "quotients": [event.x / 2, 7 % event.x, -7 % event.x, 2 * 3 % 4],
        "signs": [-event.x, +event.x, - -event.x, !event.x, !true],
        "shifts": [1 << event.x, 256 >> event.x, -1 >>> 60, event.x << 1 + 1],
        "bits": [0xff & event.x, event.x ^ 1, true ^ false, true & true, 6 & 3 ^ 8],
        "compared": [event.x < 4, event.x <= 5, event.x > 5, event.x >= 5, "a" < "b", event.s >= "m", 1 < 1.5],
        "equal": [event.x == 5, event.x == 5.0, event.x != 5, event.s == "text", event.r == { "b": 2, "a": 1 },
            event.l == [1, [2]], null == event.none],
        "logic": [true or event.nobody, false and event.nobody, true xor event.yes, not event.yes,
            not (event.yes and true), event.yes or false and false, event.x > 1 and event.x < 9 or event.nobody],
        "chained": [1 == 1 == event.yes, event.x > 1 == true],
        "joined": "a" + event.s + "#{event.x}" + "z",
    } from in into out;
}

#[test]
fn operators_of_every_level() {
    check::<ladder::Ladder>(
        &[r#"in {"x": 5, "s": "text", "r": {"a": 1, "b": 2}, "l": [1, [2]], "none": null, "yes": true}"#],
        &[concat!(
            r#"out {"sums":[11,15,4,6,6,3],"quotients":[2.5,2,-2,2],"signs":[-5,5,5,-6,false],"#,
            r#""shifts":[32,8,15,20],"bits":[5,4,true,true,10],"#,
            r#""compared":[false,true,false,true,true,true,true],"#,
            r#""equal":[true,true,false,true,true,true,true],"logic":[true,false,false,false,false,true,true],"#,
            r#""chained":[true,true],"joined":"atext5z"}"#,
        )],
    );
}

foreshock::pipeline! {
    pub(crate) pipeline Paths;
    use std::array;

    const at = 1;
    const key = "name";
    const table = { "low": [1, 2, 3], "high": { "x": "y" } };

    select {
        "fields": [event.a.b.c, event["a"].b["c"], event.a["b"].c, event["a"]["b"]["c"]],
        "elements": [event.list[0], event.list[at], event.list[at + 1], event.list[event.i],
            event.list[array::len(event.list) - 1], event.grid[1][0]],
        "ranges": [event.list[0:2], event.list[at:3], event.list[1:3][1:2], event.list[2:2], event.list[0:event.i]],
        "computed": [event[key], event["na" + "me"], event[event.which], event["#{event.which}"], event[table.high.x]],
        "quoted": [event.r#select, event["select"], event.r#match, event.r#end, event.r#from, event["my-key"], event[""]],
        "rust": [event.type, event.self, event.fn_, event.r#type, event.async, event.in, event.crate],
        "constants": [table.low[at], table["high"].x, table.low[0:1], table.low],
        "found": [present event, present event.a.b, present event.a.b.nobody, present event.list[9],
            absent event.nobody.x.y, absent event["name"], present event.list[0:1], present event.r#select,
            not present event.x, present event.nothing, present $],
        "meta": $,
    } from in into out;
}

#[test]
fn paths_of_every_form() {
    check::<paths::Paths>(
        &[concat!(
            r#"in {"a": {"b": {"c": 7}}, "list": [10, 11, 12], "i": 2, "grid": [[1], [2]], "name": "n", "which": "i", "#,
            r#""select": "s", "match": "m", "end": "e", "from": "f", "my-key": "-", "": "empty", "type": "t", "#,
            r#""self": "self", "fn_": 1, "async": 2, "in": 3, "crate": 4, "nothing": null, "y": "why"}"#
        )],
        &[concat!(
            r#"out {"fields":[7,7,7,7],"elements":[10,11,12,12,12,2],"ranges":[[10,11],[11,12],[12],[],[10,11]],"#,
            r#""computed":["n","n",2,2,"why"],"quoted":["s","s","m","e","f","-","empty"],"#,
            r#""rust":["t","self",1,"t",2,3,4],"constants":[2,"y",[1],[1,2,3]],"#,
            r#""found":[true,true,false,false,true,false,true,true,true,true,true],"meta":{}}"#,
        )],
    );
}

foreshock::pipeline! {
    pub(crate) pipeline Changed;
    use std::string;

    const defaults = { "level": "info", "tags": { "env": "test" } };

    select {
        "merged": merge defaults of event.small end,
        "twice": merge merge { "a": 1 } of { "b": 2 } end of { "a": null, "c": { "d": null } } end,
        "deep": merge event of { "small": { "level": null }, "new": [1] } end,
        "patched": patch event.small of
            insert "id" => event.id,
            upsert "level" => string::uppercase(event.small.level),
            update "tags" => merge event.small.tags of { "b": 2 } end,
            erase "gone",
            copy "level" => "copied",
            move "host" => "where",
            merge "more" => { "m": 1 },
        end,
        "keys": patch { "n": event.id } of insert "key #{event.id}" => 1, erase "nobody", merge => { "z": 0 } end,
        "in one": (merge (patch event.small of erase "tags" end) of { "level": "x" } end) == { "level": "x", "host": "h" },
    } from in into out;
}

#[test]
fn merge_and_patch() {
    check::<changed::Changed>(
        &[r#"in {"id": 4, "small": {"level": "warn", "tags": {"a": 1}, "host": "h"}}"#],
        &[concat!(
            r#"out {"merged":{"level":"warn","tags":{"env":"test","a":1},"host":"h"},"#,
            r#""twice":{"b":2,"c":{"d":null}},"#,
            r#""deep":{"id":4,"small":{"tags":{"a":1},"host":"h"},"new":[1]},"#,
            r#""patched":{"level":"WARN","tags":{"a":1,"b":2},"id":4,"copied":"WARN","where":"h","more":{"m":1}},"#,
            r#""keys":{"n":4,"key 4":1,"z":0},"in one":true}"#,
        )],
    );
}
