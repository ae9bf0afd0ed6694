//! Expressions.

snippet! {
    /// A record keeps the order of its fields.
    records, "snippets/records.trickle", {
        select { "z": event.n, "a": [event.n, { "deep": true }], "n": null } from in into out;
    }
    r#"{"n":1}"# => [r#"out {"z":1,"a":[1,{"deep":true}],"n":null}"#],
}

snippet! {
    /// Keys may be computed.
    computed_keys, "snippets/computed_keys.trickle", {
        select { "#{event.key}": event.value, "fix": 1 } from in into out;
    }
    r#"{"key":"k","value":[]}"# => [r#"out {"k":[],"fix":1}"#],
}

snippet! {
    /// Strings take values; what is no string is printed as JSON.
    interpolation, "snippets/interpolation.trickle", {
        select "Hello, #{event.name}: #{event.n + 1}, #{[event.n]}, #{null}" from in into out;
    }
    r#"{"name":"you","n":1.5}"# => [r#"out "Hello, you: 2.5, [1.5], null""#],
}

snippet! {
    /// Strings inside of interpolations.
    nested_interpolation, "snippets/nested_interpolation.trickle", {
        select "<#{\"#\"}#{event[\"a\"]}>" from in into out;
    }
    r#"{"a":"x"}"# => [r#"out "<#x>""#],
}

snippet! {
    /// A literal `#{`, quotes, line ends, any character.
    escapes, "snippets/escapes.trickle", {
        select "\\#{no} \"q\" \n \u{e9} # {" from in into out;
    }
    "1" => [r##"out "#{no} \"q\" \n é # {""##],
}

snippet! {
    /// Text over several lines.
    long_text, "snippets/long_text.trickle", {
        select "one \"two\"\n  three\n" from in into out;
    }
    "1" => [r#"out "one \"two\"\n  three\n""#],
}

snippet! {
    /// Fields, elements, ranges.
    paths, "snippets/paths.trickle", {
        select [event.list[1], event.list[0:2], event["odd key"].x, event.list[event.i]] from in into out;
    }
    r#"{"list":[1,2,3],"odd key":{"x":1.0},"i":2}"# => ["out [2,[1,2],1.0,3]"],
    r#"{"list":[1],"odd key":{"x":1},"i":0}"# => [r#"err {"list":[1],"odd key":{"x":1},"i":0}"#],
}

snippet! {
    /// In a file, a dash belongs to the name; a minus stands alone.
    names_with_a_dash, "snippets/names_with_a_dash.trickle", {
        select [event["my-key"], event.a - 1] from in into out;
    }
    r#"{"my-key":"x","a":5}"# => [r#"out ["x",4]"#],
}

snippet! {
    /// Whether something is there, however deep.
    presence, "snippets/presence.trickle", {
        select [present event.a.b, absent event.a.c, present event.n] from in into out;
    }
    r#"{"a":{"b":null}}"# => ["out [true,true,false]"],
    r#"{"n":1}"# => ["out [false,true,true]"],
}

snippet! {
    /// Division gives a float; the rest stays whole.
    arithmetic, "snippets/arithmetic.trickle", {
        select [1 + 2 * event.n, event.n / 2, event.n % 4, -event.n, event.n - 10, event.n * 0.5] from in into out;
    }
    r#"{"n":6}"# => ["out [13,3.0,2,-6,-4,3.0]"],
    r#"{"n":7}"# => ["out [15,3.5,3,-7,-3,3.5]"],
}

snippet! {
    /// Numbers in their forms.
    literals, "snippets/literals.trickle", {
        select [0xff, 1_000, 1.5, 2.5e3, -3, true, null] from in into out;
    }
    "0" => ["out [255,1000,1.5,2500.0,-3,true,null]"],
}

snippet! {
    /// Bits and shifts; `&` and `^` bind looser than `==`.
    bits, "snippets/bits.trickle", {
        select [event.n & 6, event.n ^ 1, !event.n, event.n << 2, event.n >> 1, -1 >>> 60, (event.n & 4) == 4] from in into out;
    }
    r#"{"n":5}"# => ["out [4,4,-6,20,2,15,true]"],
}

snippet! {
    /// `not` binds tighter than `==`; `xor` is loose.
    logic, "snippets/logic.trickle", {
        select [not event.a == event.b, event.a and event.b or not event.b, event.a xor event.b] from in into out;
    }
    r#"{"a":true,"b":false}"# => ["out [true,true,true]"],
    r#"{"a":true,"b":true}"# => ["out [false,true,false]"],
}

snippet! {
    /// Equality is deep and never fails; order needs like with like.
    comparing, "snippets/comparing.trickle", {
        select [event.a == event.b, event.a != event.b, event.a < event.b] from in into out;
    }
    r#"{"a":1,"b":1.0}"# => ["out [true,false,false]"],
    r#"{"a":"a","b":"b"}"# => ["out [false,true,true]"],
    r#"{"a":"1","b":1}"# => [r#"err {"a":"1","b":1}"#],
}

snippet! {
    /// A merge is deep; `null` removes.
    merge, "snippets/merge.trickle", {
        select merge event of { "a": null, "c": { "x": 1 }, "new": true } end from in into out;
    }
    r#"{"a":1,"b":2,"c":{"y":2}}"# => [r#"out {"b":2,"c":{"y":2,"x":1},"new":true}"#],
    "[]" => ["err []"],
}

snippet! {
    /// Metadata is an empty record.
    metadata, "snippets/metadata.trickle", {
        select { "meta": $, "n": event } from in into out;
    }
    "1" => [r#"out {"meta":{},"n":1}"#],
}
