//! Statements of queries: conditions, streams, constants, modules, and the order in which they stand.

use crate::check;

foreshock::pipeline! {
    pub(crate) pipeline Conditions;

    select event from in into out;
    select event from in where true into out/all;
    select event from in where false into out/none;
    select event from in where event.n > 1 into out/big;
    select event.n from in into out/number having event > 1;
    select { "n": event.n, "big": event.n > 9 } from in where event.n > 1 into out/both having event.big;
    select event from in where present event.name and (event.name == "a" or event.name == "b") and not (event.n == 2) == true into out/logic;
    select "constant" from in into out/constant;
    select null from in into out/nothing;
    select [] from in into out/empty;
}

#[test]
fn where_and_having() {
    check::<conditions::Conditions>(
        &[r#"in {"n": 1}"#, r#"in {"n": 10}"#],
        &[
            r#"out {"n":1}"#,
            r#"all {"n":1}"#,
            r#"constant "constant""#,
            "nothing null",
            "empty []",
            r#"out {"n":10}"#,
            r#"all {"n":10}"#,
            r#"big {"n":10}"#,
            "number 10",
            r#"both {"n":10,"big":true}"#,
            r#"constant "constant""#,
            "nothing null",
            "empty []",
        ],
    );
}

foreshock::pipeline! {
    pub(crate) pipeline BackToFront;

    select { "limit": limit, "n": event.n, "of": limits::inner::deepest } from joined where event.n < limit into out;
    select event from a_stream into joined;
    select event from other_stream into joined;
    select event from in where event.n % 2 == 0 into a_stream;
    select event from in where event.n % 2 != 0 into other_stream;
    create stream joined;
    create stream other_stream;
    create stream a_stream;
    const limit = limits::most + half_of_it;
    const half_of_it = limits::most / 2;
    mod limits with
        const most = 10 * inner::deepest;
        mod inner with const deepest = 1; end;
    end;
}

#[test]
fn definitions_behind_their_use() {
    check::<back_to_front::BackToFront>(
        &[r#"in {"n": 14}"#, r#"in {"n": 15}"#, r#"in {"n": 3}"#, r#"joined {"n": 5}"#],
        &[
            r#"out {"limit":15.0,"n":14,"of":1}"#,
            r#"out {"limit":15.0,"n":3,"of":1}"#,
            r#"out {"limit":15.0,"n":5,"of":1}"#,
        ],
    );
}

foreshock::pipeline! {
    /// Constants of every kind.
    pub(crate) pipeline Constants;
    use std::string;
    use std::array;
    use words::more;

    const nothing = null;
    const yes = not false;
    const number = (1 + 2) * 3;
    const float = number / 2;
    const text = string::uppercase("text") + "#{number}";
    const list = [number, [text], { "k": float }];
    const record = { "list": list, "#{text}": yes };
    const merged = merge record of { "list": null, "n": 1 } end;
    const patched = patch merged of upsert "n" => 2, insert "m" => 3, end;
    const picked = list[1][0];
    const long = array::len(list) > 2 and present record.list;

    mod words with
        use std::string;
        const hello = string::capitalize("hello");
        mod more with
            const world = words::hello + ", world";
        end;
    end;

    select [nothing, yes, number, float, text, list, record, merged, patched, picked, long] from in into out;
    select "#{more::world}#{words::more::world == more::world}#{words::hello}" from in into out/words;
    select record[event] from in where array::contains(["list"], event) into out/computed;
}

#[test]
fn constants() {
    let list = r#"[9,["TEXT9"],{"k":4.5}]"#;
    check::<constants::Constants>(
        &[r#"in "list""#],
        &[
            &format!(
                r#"out [null,true,9,4.5,"TEXT9",{list},{{"list":{list},"TEXT9":true}},{{"TEXT9":true,"n":1}},{{"TEXT9":true,"n":2,"m":3}},"TEXT9",true]"#
            ),
            r#"words "Hello, worldtrueHello""#,
            &format!("computed {list}"),
        ],
    );
}

foreshock::pipeline! {
    /// A module in a module sees its own names, then those of the query.
    pub(crate) pipeline Modules;

    const depth = 0;
    const shared = "query";

    mod a with
        /// How deep this module is.
        const depth = 1;
        const seen = [depth, shared, b::depth];
        mod b with
            const depth = 2;
            const seen = [depth, shared];
        end;
    end;
    mod wals with
        const kept = 3;
        define qos::wal operator wal with read_count = 1, max_elements = kept end;
        define qos::roundrobin operator two with outputs = ["l", "r"] end;
    end;

    use a::b;

    create operator log from wals::wal with read_count = depth + 2 end;
    create operator share from wals::two;
    select { "query": depth, "a": a::seen, "b": [a::b::seen, b::depth], "event": event } from in into log;
    select event from log into share;
    select event from share/l into out/l;
    select event from share/r into out/r;
}

#[test]
fn modules() {
    let record = |n: u32| format!(r#"{{"query":0,"a":[1,"query",2],"b":[[2,"query"],2],"event":{n}}}"#);
    check::<modules::Modules>(
        &["in 1", "in 2", "in 3"],
        &[&format!("l {}", record(1)), &format!("r {}", record(2)), &format!("l {}", record(3))],
    );
}

foreshock::pipeline! {
    /// Streams that fan in and out, with inputs of their own.
    pub(crate) pipeline Streams;
    create stream left;
    create stream right;
    create stream all;
    select { "side": "left", "event": event } from left into all;
    select { "side": "right", "event": event } from right into all;
    select { "side": "in", "event": event } from in into all;
    select { "side": "extra", "event": event } from in/extra into all;
    select event from all where event.side == "left" into out/left;
    select event from all where event.side == "right" or event.side == "extra" into out/right;
    select event.side from all into out;
}

#[test]
fn streams() {
    check::<streams::Streams>(
        &["left 1", "in 2", "right 3", "extra 4", "all {\"side\": 5}"],
        &[
            r#"left {"side":"left","event":1}"#,
            r#"out "left""#,
            r#"out "in""#,
            r#"right {"side":"right","event":3}"#,
            r#"out "right""#,
            r#"right {"side":"extra","event":4}"#,
            r#"out "extra""#,
            "out 5",
        ],
    );
}

foreshock::pipeline! {
    /// Errors of one's own beside those of expressions, and numbers of one's own.
    pub(crate) pipeline Errors;
    select { "error": "too small", "event": event } from in where event.n < 0 into err;
    select { "count": 1 } from in into metrics;
    select 100 / event.n from in where event.n >= 0 into out;
}

#[test]
fn ports_err_and_metrics() {
    check::<errors::Errors>(
        &[r#"in {"n": -1}"#, r#"in {"n": 8}"#],
        &[
            r#"err {"error":"too small","event":{"n":-1}}"#,
            r#"metrics {"count":1}"#,
            r#"metrics {"count":1}"#,
            "out 12.5",
        ],
    );
}

foreshock::pipeline! {
    /// Default ports written out, parentheses where none are needed, the same select twice.
    pub(crate) pipeline WrittenOut;
    use std::string;

    define qos::wal operator log with read_count = (1 + 1), max_elements = ((9)) end;
    create operator log;
    create stream s;

    select (event) from in where (present event.n) into log/in;
    select ({ "n": (event.n) }) from log/out where ((event.n) > (0)) into s/in having (true);
    select event from s/out into out/out;
    select event from s into out;
    select event.n from s into out/length having string::len("#{event}") < 3;
}

#[test]
fn what_could_be_left_out() {
    check::<written_out::WrittenOut>(
        &[r#"in {"n": 5}"#, r#"in {"n": -5}"#, r#"in {"n": 500}"#],
        &[r#"out {"n":5}"#, r#"out {"n":5}"#, "length 5", r#"out {"n":500}"#, r#"out {"n":500}"#],
    );
}

foreshock::pipeline! {
    /// Names that are used for several things, each in its own place.
    pub(crate) pipeline Homonyms;
    const log = 1;
    const string = "s";
    const out = { "log": 2, "out": { "out": 3 } };
    const metrics = [4];
    use std::string;
    mod a with const log = 5; mod a with const log = 6; end; end;
    define qos::wal operator log with read_count = log, max_elements = a::a::log end;
    create operator log;
    create operator a from log;
    select [log, string, out.log, out.out["out"], metrics[0], a::log, a::a::log, string::len(string)] from in into log;
    select event from log into a;
    select event from a into out/log;
}

#[test]
fn names_for_several_things() {
    check::<homonyms::Homonyms>(&["in 0"], &[r#"log [1,"s",2,3,4,5,6,1]"#]);
}

foreshock::pipeline! {
    /// Strings that are hard to read.
    pub(crate) pipeline Hard;
    const brace = "}";
    select [
        "#{\"}\"}", "#{ {\"a\": \"}\"}  }", "#{\"#{1}\"}", "{{#{1}}}", "#", "##", "#{1}#{2}", "}#{brace}{", "\\", "\\\\#{1}",
        "\u{e9}#{\"\u{1F600}\"}", "//", "/* no comment */", "it's", "\0\x41", "tab\there", r"\n\u0041", r#"a"b#{"c"}"#, r##"#"# "##,
        "select event from in", "end;", "\
            joined", "#{[1, 2]}",
    ] from in into out;
}

#[test]
fn strings_that_are_hard_to_read() {
    let expected = [
        r###""}","{\"a\":\"}\"}","1","{{1}}","#","##","12","}}{","\\","\\1","é😀","//","/* no comment */","it's","###,
        r##""\u0000A","tab\there","\nA","a\"bc","#\"# ","select event from in","end;","joined","[1,2]""##,
    ];
    check::<hard::Hard>(&["in 0"], &[&format!("out [{}]", expected.concat())]);
}
