//! `patch`, constants, modules, operators.

snippet! {
    /// `insert` sets what is not there yet.
    patch_inserts, "snippets/patch_inserts.trickle", {
        use tremor::system; select patch event of insert "hostname" => system::hostname() end from in into out;
    }
    r#"{"id":1}"# => [r#"out {"id":1,"hostname":"test"}"#],
    r#"{"hostname":"x"}"# => [r#"err {"hostname":"x"}"#],
}

snippet! {
    /// `update` needs what is there, `upsert` does not, `erase` removes.
    patch_changes, "snippets/patch_changes.trickle", {
        select patch event of update "a" => event.a + 1, upsert "b" => event.a, erase "c" end from in into out;
    }
    r#"{"a":1,"c":9}"# => [r#"out {"a":2,"b":1}"#],
    r#"{"a":1,"b":5}"# => [r#"out {"a":2,"b":1}"#],
    r#"{"c":9}"# => [r#"err {"c":9}"#],
}

snippet! {
    /// `move` and `copy`: nothing where there is nothing.
    patch_moves, "snippets/patch_moves.trickle", {
        select patch event of move "a" => "z", copy "b" => "c" end from in into out;
    }
    r#"{"a":1,"b":2}"# => [r#"out {"b":2,"z":1,"c":2}"#],
    r#"{"x":0}"# => [r#"out {"x":0}"#],
    r#"{"a":1,"z":2}"# => [r#"err {"a":1,"z":2}"#],
}

snippet! {
    /// `merge` inside of a patch, of one field and of the whole.
    patch_merges, "snippets/patch_merges.trickle", {
        select patch event of merge "r" => { "x": 1, "gone": null }, merge => { "m": event.n } end from in into out;
    }
    r#"{"r":{"gone":1,"y":2},"n":3}"# => [r#"out {"r":{"y":2,"x":1},"n":3,"m":3}"#],
    r#"{"r":1,"n":3}"# => [r#"err {"r":1,"n":3}"#],
}

snippet! {
    /// A constant may be used before its line, and in others.
    constants, "snippets/constants.trickle", {
        select event.n * factor from in where event.n < most into out; const most = factor * 10; const factor = 2;
    }
    r#"{"n":19}"# => ["out 38"],
    r#"{"n":20}"# => [],
}

snippet! {
    /// A module keeps constants and definitions together.
    modules, "snippets/modules.trickle", {
        mod limits with
            const most = 2;
            define qos::wal operator small with read_count = 1, max_elements = most end;
        end;
        create operator log from limits::small;
        select { "n": event, "most": limits::most } from in into log;
        select event from log into out;
    }
    "1" => [r#"out {"n":1,"most":2}"#],
}

snippet! {
    /// Each output takes its turn.
    round_robin_behind_a_log, "snippets/round_robin_behind_a_log.trickle", {
        define qos::wal operator log with read_count = 10, max_elements = 10 end;
        define qos::roundrobin operator share with outputs = ["a", "b", "c"] end;
        create operator log;
        create operator share;
        select event from in into log;
        select event from log into share;
        select event from share/a into out/a;
        select event from share/b into out/b;
        select event from share/c into out/c;
    }
    "0" => ["a 0"],
    "1" => ["b 1"],
    "2" => ["c 2"],
    "3" => ["a 3"],
}

snippet! {
    /// One definition, two operators, one with a setting of its own.
    a_definition_made_twice, "snippets/a_definition_made_twice.trickle", {
        define qos::wal operator log with read_count = 1, max_elements = 1 end;
        create operator log;
        create operator second from log with max_elements = 5 end;
        select event from in into log;
        select event from log into second;
        select event from second into out;
    }
    "1" => ["out 1"],
    "2" => ["out 2"],
}
