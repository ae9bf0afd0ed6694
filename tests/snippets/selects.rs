//! Selects: conditions, ways, failures.

snippet! {
    /// Events go on as they came.
    passthrough, "snippets/passthrough.trickle", {
        select event from in into out;
    }
    r#"{"a":1}"# => [r#"out {"a":1}"#],
    r#"[1,"x",null]"# => [r#"out [1,"x",null]"#],
    "7" => ["out 7"],
}

snippet! {
    /// `where` is a condition on what comes in.
    where_keeps_what_is_wanted, "snippets/where_keeps_what_is_wanted.trickle", {
        select event from in where event.n > 10 into out;
    }
    r#"{"n":11}"# => [r#"out {"n":11}"#],
    r#"{"n":10}"# => [],
    r#"{"n":10.5}"# => [r#"out {"n":10.5}"#],
    r#"{"n":"11"}"# => [r#"err {"n":"11"}"#],
}

snippet! {
    /// The right side of `and` is evaluated only if it decides.
    and_stops_early, "snippets/and_stops_early.trickle", {
        select event.x.y from in where present event.x and event.x.y > 1 into out;
    }
    r#"{"x":{"y":2}}"# => ["out 2"],
    "{}" => [],
    r#"{"x":{"y":1}}"# => [],
    r#"{"x":{}}"# => [r#"err {"x":{}}"#],
}

snippet! {
    /// `having` is a condition on what comes out.
    having_reads_the_result, "snippets/having_reads_the_result.trickle", {
        select { "double": event.n * 2 } from in into out having event.double > 10;
    }
    r#"{"n":6}"# => [r#"out {"double":12}"#],
    r#"{"n":5}"# => [],
    r#"{"m":5}"# => [r#"err {"m":5}"#],
}

snippet! {
    /// Both conditions, each on its side.
    where_and_having, "snippets/where_and_having.trickle", {
        select event.n - 3 from in where event.n > 3 into out having event < 3;
    }
    r#"{"n":3}"# => [],
    r#"{"n":4}"# => ["out 1"],
    r#"{"n":6}"# => [],
}

snippet! {
    /// Several selects from one port each get every event, in the order of the text.
    two_ways, "snippets/two_ways.trickle", {
        select event from in into out/all; select event.a from in where present event.a into out/some;
    }
    r#"{"a":1}"# => [r#"all {"a":1}"#, "some 1"],
    "{}" => ["all {}"],
}

snippet! {
    /// A stream is a name where ways meet and part.
    stream, "snippets/stream.trickle", {
        create stream both; select event.a from in into both; select event.b from in into both; select event + 1 from both into out/more; select event from both into out;
    }
    r#"{"a":1,"b":10}"# => ["more 2", "out 1", "more 11", "out 10"],
}

snippet! {
    /// Fields may be called as keywords are.
    keyword_fields, "snippets/keyword_fields.trickle", {
        select { "select": event.r#select, "from": event["from"] } from in into out;
    }
    r#"{"select":1,"from":2}"# => [r#"out {"select":1,"from":2}"#],
}

snippet! {
    /// What fails goes to `err`, the rest goes on.
    failures_go_to_err, "snippets/failures_go_to_err.trickle", {
        select event.n % event.m from in into out;
    }
    r#"{"n":7,"m":4}"# => ["out 3"],
    r#"{"n":7,"m":0}"# => [r#"err {"n":7,"m":0}"#],
    r#"{"n":7}"# => [r#"err {"n":7}"#],
}

snippet! {
    /// `err` takes selects too.
    errors_of_ones_own, "snippets/errors_of_ones_own.trickle", {
        select event from in where event.ok into out; select { "error": "not ok", "event": event } from in where not event.ok into err;
    }
    r#"{"ok":true}"# => [r#"out {"ok":true}"#],
    r#"{"ok":false}"# => [r#"err {"ok":false}"#],
}
