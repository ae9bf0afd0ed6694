//! Functions.

snippet! {
    /// `std::string`.
    strings, "snippets/strings.trickle", {
        use std::string;
        select [
            string::uppercase(event), string::capitalize(event), string::substr(event, 1, 3), string::split(event, "b"),
            string::replace(event, "a", "."), string::len(event), string::format("{}/{}", event, 1),
        ] from in into out;
    }
    r#""abca""# => [r#"out ["ABCA","Abca","bc",["a","ca"],".bc.",4,"abca/1"]"#],
    "1" => ["err 1"],
}

snippet! {
    /// `std::type`.
    types, "snippets/types.trickle", {
        use std::type; select [type::as_string(event), type::is_number(event), type::is_record(event), type::is_null(event)] from in into out;
    }
    "1.5" => [r#"out ["float",true,false,false]"#],
    "{}" => [r#"out ["record",false,true,false]"#],
    "null" => [r#"out ["null",false,false,true]"#],
}

snippet! {
    /// `std::math`.
    numbers, "snippets/numbers.trickle", {
        use std::math; select [math::floor(event), math::ceil(event), math::round(event), math::trunc(event), math::max(event, 1), math::min(event, 1)] from in into out;
    }
    "2.5" => ["out [2,3,3,2,2.5,1.0]"],
    "-2.5" => ["out [-3,-2,-3,-2,1.0,-2.5]"],
    "3" => ["out [3,3,3,3,3,1]"],
}

snippet! {
    /// `std::array`.
    arrays, "snippets/arrays.trickle", {
        use std::array;
        select [array::len(event), array::contains(event, 1), array::contains(event, 1.0), array::push(event, 9),
            array::flatten(event), array::coalesce(event), array::join(event, "-")] from in into out;
    }
    "[1,[2,[3]],null]" => [r#"out [3,true,false,[1,[2,[3]],null,9],[1,2,3,null],[1,[2,[3]]],"1-[2,[3]]-null"]"#],
}

snippet! {
    /// `std::array`: `zip` and `unzip`.
    pairs, "snippets/pairs.trickle", {
        use std::array; select [array::zip(event.a, event.b), array::unzip(event.pairs)] from in into out;
    }
    r#"{"a":[1,2],"b":["x","y"],"pairs":[[1,2],[3,4]]}"# => [r#"out [[[1,"x"],[2,"y"]],[[1,3],[2,4]]]"#],
    r#"{"a":[1],"b":[],"pairs":[]}"# => [r#"err {"a":[1],"b":[],"pairs":[]}"#],
}

snippet! {
    /// `std::record`; two of its names are keywords.
    record_functions, "snippets/record_functions.trickle", {
        use std::record;
        select [record::keys(event), record::values(event), record::to_array(event), record::contains(event, "a"),
            record::r#select(event, ["a", "none"]), record::r#merge(event, { "b": 3 }), record::rename(event, { "a": "z" })]
        from in into out;
    }
    r#"{"a":1,"b":2}"# => [r#"out [["a","b"],[1,2],[["a",1],["b",2]],true,{"a":1},{"a":1,"b":3},{"z":1,"b":2}]"#],
}

snippet! {
    /// `core::datetime`, which needs no `use`.
    times, "snippets/times.trickle", {
        select [core::datetime::iso8601(event), core::datetime::year(event), core::datetime::format(event, "%H:%M:%S"), core::datetime::without_subseconds(event)] from in into out;
    }
    "1600689100122526000" => [r#"out ["2020-09-21T11:51:40.122526000+00:00",2020,"11:51:40",1600689100]"#],
}

snippet! {
    /// `core::datetime` reads texts.
    time_texts, "snippets/time_texts.trickle", {
        select [core::datetime::parse(event, "%Y-%m-%d %H:%M:%S"), core::datetime::from_human_format("3 minutes 2 seconds")] from in into out;
    }
    r#""2020-09-21 11:51:40""# => ["out [1600689100000000000,182000000000]"],
    r#""soon""# => [r#"err "soon""#],
}

snippet! {
    /// `tremor::system`.
    the_system, "snippets/the_system.trickle", {
        use tremor::system; select [system::hostname(), system::ingest_ns() == system::nanotime()] from in into out;
    }
    "1" => [r#"out ["test",true]"#],
}

snippet! {
    /// Binaries; in JSON they are base64.
    binaries, "snippets/binaries.trickle", {
        use std::string;
        use std::type;
        const foo = string::into_binary("foo");
        select {
            "binary": string::into_binary(event),
            "kind": type::as_string(foo),
            "back": string::from_utf8_lossy(string::into_binary(event)),
            "equal": string::into_binary(event) == event and foo == "foo" and foo < event,
            "text": "#{foo}",
        } from in where string::into_binary(event) > foo into out having type::is_binary(event.binary);
    }
    r#""größer""# => [r#"out {"binary":"Z3LDtsOfZXI=","kind":"bytes","back":"größer","equal":true,"text":"\"Zm9v\""}"#],
    r#""a""# => [],
    "1" => ["err 1"],
}

snippet! {
    /// Few operators take a binary.
    binary_operands, "snippets/binary_operands.trickle", {
        use std::string; select string::into_binary("a") < event from in into out;
    }
    r#""b""# => ["out true"],
    "[]" => ["err []"],
}
