//! Expressions over dynamic events: input, output. (`-` for no output.)

use foreshock::testing::Harness;

/// Compiles a pipeline that selects `$target` (perhaps `where` something) and checks what comes out for each input.
macro_rules! check {
    ($name:ident: [$($target:tt)*] $($input:literal => $expected:literal),* $(,)?) => {
        #[test]
        fn $name() {
            foreshock::pipeline! {
                #[allow(unused_use)]
                pipeline Query;
                use std::string;
                use std::type;
                use tremor::system;
                select $($target)* into out;
            }
            for (input, expected) in [$(($input, $expected)),*] {
                let mut query = Harness::<query::Query>::new();
                query.set_ms(5);
                query.push("in", input);
                let outputs = query.outputs().join("; ");
                let outputs = if outputs.is_empty() { "-".to_owned() } else { outputs };
                let outputs = outputs.strip_prefix("out ").unwrap_or(&outputs);
                assert_eq!(outputs, expected, "for {input}");
                assert_eq!(query.pending(), 0, "for {input}");
            }
        }
    };
}

check!(the_event_as_it_is: [event from in]
    r#"{"b": 1, "a": [1, 2.0, null]}"# => r#"{"b":1,"a":[1,2.0,null]}"#,
    "7" => "7");
check!(a_literal: [42 from in] "{}" => "42");
check!(a_negative_literal: [-1 from in] "{}" => "-1");
check!(a_constant_record: [{"a": 1, "b": [true, null, "x"], "c": {}} from in]
    "{}" => r#"{"a":1,"b":[true,null,"x"],"c":{}}"#);
check!(the_last_of_two_equal_keys_wins: [{"a": 1, "a": event.x} from in] r#"{"x": 2}"# => r#"{"a":2}"#);
check!(a_field: [event.a.b from in] r#"{"a": {"b": "x"}}"# => r#""x""#);
check!(an_index: [event.a[1] from in] r#"{"a": [1, 2]}"# => "2");
check!(a_key_in_brackets: [event["my-key"] from in] r#"{"my-key": 1}"# => "1");
check!(a_range: [event[1:3] from in] "[0, 1, 2, 3]" => "[1,2]");
check!(a_missing_field_goes_to_err: [event.a from in]
    r#"{"b": 1}"# => r#"err {"error":"flows/expressions.rs, line 44, column 38: `event.a`: the record has no field `a`","event":{"b":1}}"#);
check!(arithmetic: [event.a + event.b * 2 from in]
    r#"{"a": 1, "b": 3}"# => "7",
    r#"{"a": 1.5, "b": 3}"# => "7.5");
check!(division_is_float: [event / 2 from in] "6" => "3.0", "7" => "3.5");
check!(minus_is_always_minus_inline: [event.a-1 from in] r#"{"a": 3}"# => "2");
check!(strings_join: [event.a + "-" + event.b from in] r#"{"a": "x", "b": "y"}"# => r#""x-y""#);
check!(interpolation: ["a=#{event.a} b=#{event.b}" from in]
    r#"{"a": "x", "b": {"c": 1.0}}"# => r#""a=x b={\"c\":1.0}""#);
check!(comparison_chains_to_the_left: [1 == 1 == event from in] "true" => "true");
check!(integers_equal_floats: [event == 1 from in] "1.0" => "true", "1" => "true", r#""1""# => "false");
check!(ordering_of_strings: [event < "b" from in] r#""a""# => "true", r#""c""# => "false");
check!(not_binds_tighter_than_comparison: [not event == false from in] "true" => "true");
check!(bits: [event & 6 ^ 1 from in] "3" => "3");
check!(shifts: [event << 2 from in] "3" => "12");
check!(and_does_not_evaluate_what_is_not_needed: [present event.x and event.x > 1 from in]
    "{}" => "false", r#"{"x": 2}"# => "true");
check!(or_does_not_evaluate_what_is_not_needed: [absent event.x or event.x > 1 from in]
    "{}" => "true", r#"{"x": 1}"# => "false");
check!(where_lets_pass: [event.a from in where event.a > 2] r#"{"a": 3}"# => "3", r#"{"a": 2}"# => "-");
check!(where_with_strings_of_the_library: [event from in where string::contains(event.s, "b")]
    r#"{"s": "abc"}"# => r#"{"s":"abc"}"#, r#"{"s": "ac"}"# => "-");
check!(merge_of_dynamic_records: [merge event of {"b": 2, "c": null} end from in]
    r#"{"a": 1, "c": 3}"# => r#"{"a":1,"b":2}"#);
check!(merge_goes_deep: [merge event of {"a": {"y": 2}} end from in]
    r#"{"a": {"x": 1}}"# => r#"{"a":{"x":1,"y":2}}"#);
check!(functions_of_strings: [string::uppercase(string::trim(event)) from in] r#"" ab ""# => r#""AB""#);
check!(a_string_made_on_the_right: ["a" == string::format("{}", event.x) from in] r#"{"x": "a"}"# => "true");
check!(functions_of_types: [type::as_string(event) from in]
    "1" => r#""integer""#, "[]" => r#""array""#, "null" => r#""null""#);
check!(the_surroundings: [{"h": system::hostname(), "i": system::ingest_ns(), "n": system::nanotime()} from in]
    "{}" => r#"{"h":"test","i":5000000,"n":5000000}"#);
check!(metadata_is_an_empty_record: [$ from in] "1" => "{}");
check!(presence_in_metadata: [present $x from in] "1" => "false");
check!(a_list_of_computed_items: [[event.a, event.a + 1, [event]] from in]
    r#"{"a": 1}"# => r#"[1,2,[{"a":1}]]"#);
check!(a_computed_key: [{"#{event.k}!": event.v} from in] r#"{"k": "x", "v": 1}"# => r#"{"x!":1}"#);
check!(unsigned_integers_above_the_signed_ones: [event from in]
    "18446744073709551615" => "18446744073709551615");
