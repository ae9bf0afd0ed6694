//! `patch`, over events of known shape and over dynamic ones: both must give the same.

use foreshock::testing::Harness;

const TICK: &str = r#"{"onramp":"metronome","id":7,"ingest_ns":8}"#;
const EVENT: &str = r#"{"a":7,"b":{"x":7},"s":"metronome","any":[7]}"#;

/// Patches an event with these operations, once as a dynamic value and once as a record of known shape.
macro_rules! check {
    ($name:ident: [$($operations:tt)*] => $expected:literal) => {
        mod $name {
            foreshock::pipeline! {
                #[allow(unused_use, operation_in_vain)]
                pub(super) pipeline Dynamic;
                use tremor::system;
                use std::string;
                select patch event of $($operations)* end from in into out;
            }
            foreshock::pipeline! {
                #[allow(unused_use, operation_in_vain)]
                pub(super) flow Typed;
                define onramp metronome from metronome with interval = 10 end;
                define offramp sink from blackhole end;
                define pipeline query
                    use tremor::system;
                    use std::string;
                    create stream shaped;
                    select { "a": event.id, "b": { "x": event.id }, "s": event.onramp, "any": [event.id] }
                    from in into shaped;
                    select patch event of $($operations)* end from shaped into out;
                end;
                define binding default links
                    /onramp/metronome/{i}/out => /pipeline/query/{i}/in,
                    /pipeline/query/{i}/out => /offramp/sink/{i}/in
                end;
                create binding /binding/default/01 with i = "01" end;
            }
        }

        #[test]
        fn $name() {
            let mut dynamic = Harness::<$name::dynamic::Dynamic>::new();
            dynamic.push("in", super::patch::EVENT);
            assert_eq!(dynamic.outputs(), [format!("out {}", $expected)], "dynamic");
            let mut typed = Harness::<$name::typed::Query>::new();
            typed.push("in", super::patch::TICK);
            assert_eq!(typed.outputs(), [format!("out {}", $expected)], "of known shape");
        }
    };
}

check!(insert_appends: [insert "n" => event.a + 1] => r#"{"a":7,"b":{"x":7},"s":"metronome","any":[7],"n":8}"#);
check!(upsert_replaces_in_place_or_appends: [upsert "a" => "new", upsert "n" => event.a,]
    => r#"{"a":"new","b":{"x":7},"s":"metronome","any":[7],"n":7}"#);
check!(update_replaces_in_place: [update "b" => null] => r#"{"a":7,"b":null,"s":"metronome","any":[7]}"#);
check!(erase_removes_or_does_nothing: [erase "b", erase "b", erase "nothing", erase "any"] => r#"{"a":7,"s":"metronome"}"#);
check!(everything_can_be_erased: [erase "a", erase "b", erase "s", erase "any"] => r#"{}"#);
check!(move_takes_the_last_place: [move "a" => "z"] => r#"{"b":{"x":7},"s":"metronome","any":[7],"z":7}"#);
check!(move_of_nothing_does_nothing: [move "nothing" => "z", erase "b"] => r#"{"a":7,"s":"metronome","any":[7]}"#);
check!(copy_keeps_the_first: [copy "b" => "z", erase "any"] => r#"{"a":7,"b":{"x":7},"s":"metronome","z":{"x":7}}"#);
check!(copy_of_nothing_does_nothing: [copy "nothing" => "z", erase "b"] => r#"{"a":7,"s":"metronome","any":[7]}"#);
check!(merge_into_a_field: [merge "b" => { "y": event.s, "z": 1 }, erase "any"]
    => r#"{"a":7,"b":{"x":7,"y":"metronome","z":1},"s":"metronome"}"#);
check!(merge_that_deletes: [merge "b" => { "x": null, "y": { "q": null } }, erase "any"]
    => r#"{"a":7,"b":{"y":{"q":null}},"s":"metronome"}"#);
check!(merge_into_a_missing_field: [merge "n" => { "x": null, "y": 1 }, merge "m" => 5, erase "any"]
    => r#"{"a":7,"b":{"x":7},"s":"metronome","n":{"y":1},"m":5}"#);
check!(merge_of_no_record_replaces_one: [merge "b" => 5, merge "n" => null, erase "any"]
    => r#"{"a":7,"b":5,"s":"metronome","n":null}"#);
check!(merge_of_a_computed_value: [merge "b" => string::split(event.s, "r")[0], erase "any"]
    => r#"{"a":7,"b":"met","s":"metronome"}"#);
check!(merge_into_everything: [merge => { "b": { "y": 1 }, "a": 2, "n": event.a }, erase "any"]
    => r#"{"a":2,"b":{"x":7,"y":1},"s":"metronome","n":7}"#);
check!(merge_into_everything_may_delete: [insert "n" => 1, merge => { "b": null, "any": null }, update "n" => 2]
    => r#"{"a":7,"s":"metronome","n":2}"#);
check!(operands_see_the_target_as_it_was: [update "a" => event.s, update "s" => event.a, insert "n" => event.a, erase "any"]
    => r#"{"a":"metronome","b":{"x":7},"s":7,"n":7}"#);
check!(operations_apply_in_order: [erase "a", insert "a" => 1, update "a" => 2, move "a" => "c", insert "a" => 3, erase "any"]
    => r#"{"b":{"x":7},"s":"metronome","c":2,"a":3}"#);
check!(keys_are_computed: [insert "#{event.s}!" => 1, upsert "#{event.s}" => 2, erase "an#{\"y\"}", move "#{\"a\"}" => "x#{event.a}"]
    => r#"{"b":{"x":7},"s":"metronome","metronome!":1,"metronome":2,"x7":7}"#);
check!(what_is_copied_is_computed_once: [insert "t" => [string::uppercase(event.s)], copy "t" => "u", copy "u" => "v", erase "any"]
    => r#"{"a":7,"b":{"x":7},"s":"metronome","t":["METRONOME"],"u":["METRONOME"],"v":["METRONOME"]}"#);
check!(a_merged_field_is_copied: [merge "b" => { "y": null, "n": 1 }, copy "b" => "c", erase "any"]
    => r#"{"a":7,"b":{"x":7,"n":1},"s":"metronome","c":{"x":7,"n":1}}"#);
check!(a_patched_patch: [merge => patch { "q": event.a } of insert "r" => string::len(event.s), copy "r" => "t" end, erase "any"]
    => r#"{"a":7,"b":{"x":7},"s":"metronome","q":7,"r":9,"t":9}"#);
check!(in_a_list_and_behind_and: [
        insert "l" => [patch event.b of copy "x" => "y" end],
        insert "c" => event.a == 7 and patch { "k": string::len(event.s) } of copy "k" => "j" end == { "k": 9, "j": 9 },
        erase "any", erase "b"]
    => r#"{"a":7,"s":"metronome","l":[{"x":7,"y":7}],"c":true}"#);
check!(the_host: [insert "hostname" => system::hostname(), erase "any", erase "b"]
    => r#"{"a":7,"s":"metronome","hostname":"test"}"#);

/// What a dynamic event makes fail.
macro_rules! fails {
    ($name:ident: [$($operations:tt)*] $input:literal => $expected:literal) => {
        #[test]
        fn $name() {
            foreshock::pipeline! {
                pipeline Query;
                select patch event of $($operations)* end from in into out;
            }
            let mut query = Harness::<query::Query>::new();
            query.push("in", $input);
            let outputs = query.outputs();
            let (error, event) = outputs[0].split_once("\",\"event\":").expect("it fails");
            assert!(error.starts_with("err {") && error.ends_with($expected), "{error}");
            assert_eq!(event, format!("{}}}", $input));
        }
    };
}

fails!(insert_of_what_is_there: [erase "b", insert "a" => 1] r#"{"a":1}"# => "`insert` finds a field `a` already there");
fails!(update_of_what_is_not_there: [update "b" => 1] r#"{"a":1}"# => "`update` finds no field `b`");
fails!(move_onto_what_is_there: [move "c" => "a"] r#"{"a":1}"# => "`move` finds a field `a` already there");
fails!(copy_onto_what_is_there: [copy "a" => "a"] r#"{"a":1}"# => "`copy` finds a field `a` already there");
fails!(merge_into_no_record: [merge "a" => {}] r#"{"a":1}"# => "`merge` takes a record; the field `a` is an integer");
fails!(merge_with_no_record: [merge => event.a] r#"{"a":1}"# => "`merge` takes a record, not an integer");
fails!(patch_of_no_record: [erase "a"] "7" => "`patch` takes a record, not an integer");
fails!(an_operand_that_fails_where_its_value_is_not_needed: [insert "b" => event.c, erase "b"] r#"{"a":1}"# =>
    "the record has no field `c`");

/// Fails for `n` = 0 and gives `$expected` for `n` = 1, be the shape of events known or not.
macro_rules! fails_alike {
    ($name:ident: [$($select:tt)*] => $expected:literal) => {
        mod $name {
            foreshock::pipeline! {
                pub(super) pipeline Dynamic;
                select $($select)* from in into out;
            }
            foreshock::pipeline! {
                pub(super) flow Typed;
                define onramp metronome from metronome with interval = 10 end;
                define offramp sink from blackhole end;
                define pipeline query
                    create stream shaped;
                    select { "n": event.id, "r": { "a": 5 } } from in into shaped;
                    select $($select)* from shaped into out;
                end;
                define binding default links
                    /onramp/metronome/{i}/out => /pipeline/query/{i}/in,
                    /pipeline/query/{i}/out => /offramp/sink/{i}/in
                end;
                create binding /binding/default/01 with i = "01" end;
            }
        }

        #[test]
        fn $name() {
            let mut dynamic = Harness::<$name::dynamic::Dynamic>::new();
            let mut typed = Harness::<$name::typed::Query>::new();
            for n in [0, 1] {
                dynamic.push("in", &format!(r#"{{"n":{n},"r":{{"a":5}}}}"#));
                typed.push("in", &format!(r#"{{"onramp":"m","id":{n},"ingest_ns":8}}"#));
            }
            for (outputs, which) in [(dynamic.outputs(), "dynamic"), (typed.outputs(), "of known shape")] {
                assert!(outputs[0].starts_with("err ") && outputs[0].contains("by zero"), "{which}: {outputs:?}");
                assert_eq!(outputs[1..], [format!("out {}", $expected)], "{which}");
            }
        }
    };
}

fails_alike!(an_operand_that_is_erased: [patch event of insert "x" => 1 % event.n, erase "x" end]
    => r#"{"n":1,"r":{"a":5}}"#);
fails_alike!(an_operand_that_is_replaced: [patch event of upsert "n" => 1 % event.n, update "n" => 2 end]
    => r#"{"n":2,"r":{"a":5}}"#);
fails_alike!(a_merged_operand_that_is_erased: [patch event of merge "r" => { "b": 1 % event.n }, erase "r" end]
    => r#"{"n":1}"#);
fails_alike!(an_operand_of_copies_that_are_erased: [patch event of
        insert "x" => { "y": 1 % event.n }, copy "x" => "z",
        merge "x" => event.r, merge "z" => event.r, erase "x", erase "z"
    end] => r#"{"n":1,"r":{"a":5}}"#);
fails_alike!(a_patch_that_is_replaced: [patch event of
        merge => patch event.r of insert "x" => 1 % event.n, erase "x" end, erase "a"
    end] => r#"{"n":1,"r":{"a":5}}"#);
fails_alike!(a_merged_field_that_is_replaced: [merge { "a": 1 % event.n, "b": 2 } of event.r end] => r#"{"a":5,"b":2}"#);
fails_alike!(a_field_of_a_patch: [(patch event of insert "x" => 1 % event.n, erase "x" end).r] => r#"{"a":5}"#);

/// Constants are patched at compile time.
#[test]
fn patched_constants() {
    foreshock::pipeline! {
        pipeline Query;
        const base = { "a": 1, "b": { "c": 2 } };
        const more = patch base of insert "d" => base.a + 1, merge "b" => { "c": null }, copy "d" => "e" end;
        select patch more of insert "event" => event end from in into out;
    }
    let mut query = Harness::<query::Query>::new();
    query.push("in", "0");
    assert_eq!(query.outputs(), [r#"out {"a":1,"b":{},"d":2,"e":2,"event":0}"#]);
}
