//! The functions of the library at run time give what they give at compile time, where constants are computed by the
//! registry's `fold`: each is called from one pipeline with random arguments.

use std::collections::BTreeMap;

use foreshock::{Embedded, Record, Value};
use foreshock_spec::{Class, FunctionRow, FunctionSource, OpError, functions, last_segment};
use proptest::prelude::*;

mod flow {
    // `select m::f(event.m_f[0], …) from in into out/m_f` for each function `m::f`
    foreshock::pipeline! {
        pub(super) pipeline Library;
        use std::array;
        use std::math;
        use std::record;
        use std::string;
        use std::type;
        use core::datetime;

        select array::coalesce(event.array_coalesce[0]) from in into out/array_coalesce;
        select array::contains(event.array_contains[0], event.array_contains[1]) from in into out/array_contains;
        select array::flatten(event.array_flatten[0]) from in into out/array_flatten;
        select array::is_empty(event.array_is_empty[0]) from in into out/array_is_empty;
        select array::join(event.array_join[0], event.array_join[1]) from in into out/array_join;
        select array::len(event.array_len[0]) from in into out/array_len;
        select array::push(event.array_push[0], event.array_push[1]) from in into out/array_push;
        select array::unzip(event.array_unzip[0]) from in into out/array_unzip;
        select array::zip(event.array_zip[0], event.array_zip[1]) from in into out/array_zip;
        select math::ceil(event.math_ceil[0]) from in into out/math_ceil;
        select math::floor(event.math_floor[0]) from in into out/math_floor;
        select math::max(event.math_max[0], event.math_max[1]) from in into out/math_max;
        select math::min(event.math_min[0], event.math_min[1]) from in into out/math_min;
        select math::round(event.math_round[0]) from in into out/math_round;
        select math::trunc(event.math_trunc[0]) from in into out/math_trunc;
        select record::contains(event.record_contains[0], event.record_contains[1]) from in into out/record_contains;
        select record::from_array(event.record_from_array[0]) from in into out/record_from_array;
        select record::is_empty(event.record_is_empty[0]) from in into out/record_is_empty;
        select record::keys(event.record_keys[0]) from in into out/record_keys;
        select record::len(event.record_len[0]) from in into out/record_len;
        select record::r#merge(event.record_merge[0], event.record_merge[1]) from in into out/record_merge;
        select record::rename(event.record_rename[0], event.record_rename[1]) from in into out/record_rename;
        select record::r#select(event.record_select[0], event.record_select[1]) from in into out/record_select;
        select record::to_array(event.record_to_array[0]) from in into out/record_to_array;
        select record::values(event.record_values[0]) from in into out/record_values;
        select string::bytes(event.string_bytes[0]) from in into out/string_bytes;
        select string::capitalize(event.string_capitalize[0]) from in into out/string_capitalize;
        select string::contains(event.string_contains[0], event.string_contains[1]) from in into out/string_contains;
        select string::format(event.string_format[0], event.string_format[1], event.string_format[2]) from in into out/string_format;
        select string::from_utf8_lossy(event.string_from_utf8_lossy[0]) from in into out/string_from_utf8_lossy;
        select string::into_binary(event.string_into_binary[0]) from in into out/string_into_binary;
        select string::is_empty(event.string_is_empty[0]) from in into out/string_is_empty;
        select string::len(event.string_len[0]) from in into out/string_len;
        select string::lowercase(event.string_lowercase[0]) from in into out/string_lowercase;
        select string::replace(event.string_replace[0], event.string_replace[1], event.string_replace[2]) from in into out/string_replace;
        select string::split(event.string_split[0], event.string_split[1]) from in into out/string_split;
        select string::substr(event.string_substr[0], event.string_substr[1], event.string_substr[2]) from in into out/string_substr;
        select string::trim(event.string_trim[0]) from in into out/string_trim;
        select string::trim_end(event.string_trim_end[0]) from in into out/string_trim_end;
        select string::trim_start(event.string_trim_start[0]) from in into out/string_trim_start;
        select string::uppercase(event.string_uppercase[0]) from in into out/string_uppercase;
        select type::as_string(event.type_as_string[0]) from in into out/type_as_string;
        select type::is_null(event.type_is_null[0]) from in into out/type_is_null;
        select type::is_bool(event.type_is_bool[0]) from in into out/type_is_bool;
        select type::is_integer(event.type_is_integer[0]) from in into out/type_is_integer;
        select type::is_float(event.type_is_float[0]) from in into out/type_is_float;
        select type::is_number(event.type_is_number[0]) from in into out/type_is_number;
        select type::is_string(event.type_is_string[0]) from in into out/type_is_string;
        select type::is_array(event.type_is_array[0]) from in into out/type_is_array;
        select type::is_binary(event.type_is_binary[0]) from in into out/type_is_binary;
        select type::is_record(event.type_is_record[0]) from in into out/type_is_record;
        select datetime::day(event.datetime_day[0]) from in into out/datetime_day;
        select datetime::format(event.datetime_format[0], event.datetime_format[1]) from in into out/datetime_format;
        select datetime::from_human_format(event.datetime_from_human_format[0]) from in into out/datetime_from_human_format;
        select datetime::hour(event.datetime_hour[0]) from in into out/datetime_hour;
        select datetime::iso8601(event.datetime_iso8601[0]) from in into out/datetime_iso8601;
        select datetime::microsecond(event.datetime_microsecond[0]) from in into out/datetime_microsecond;
        select datetime::millisecond(event.datetime_millisecond[0]) from in into out/datetime_millisecond;
        select datetime::minute(event.datetime_minute[0]) from in into out/datetime_minute;
        select datetime::month(event.datetime_month[0]) from in into out/datetime_month;
        select datetime::nanosecond(event.datetime_nanosecond[0]) from in into out/datetime_nanosecond;
        select datetime::parse(event.datetime_parse[0], event.datetime_parse[1]) from in into out/datetime_parse;
        select datetime::second(event.datetime_second[0]) from in into out/datetime_second;
        select datetime::subsecond(event.datetime_subsecond[0]) from in into out/datetime_subsecond;
        select datetime::to_nearest_microsecond(event.datetime_to_nearest_microsecond[0]) from in into out/datetime_to_nearest_microsecond;
        select datetime::to_nearest_millisecond(event.datetime_to_nearest_millisecond[0]) from in into out/datetime_to_nearest_millisecond;
        select datetime::to_nearest_second(event.datetime_to_nearest_second[0]) from in into out/datetime_to_nearest_second;
        select datetime::with_days(event.datetime_with_days[0]) from in into out/datetime_with_days;
        select datetime::with_hours(event.datetime_with_hours[0]) from in into out/datetime_with_hours;
        select datetime::with_microseconds(event.datetime_with_microseconds[0]) from in into out/datetime_with_microseconds;
        select datetime::with_milliseconds(event.datetime_with_milliseconds[0]) from in into out/datetime_with_milliseconds;
        select datetime::with_minutes(event.datetime_with_minutes[0]) from in into out/datetime_with_minutes;
        select datetime::with_nanoseconds(event.datetime_with_nanoseconds[0]) from in into out/datetime_with_nanoseconds;
        select datetime::with_seconds(event.datetime_with_seconds[0]) from in into out/datetime_with_seconds;
        select datetime::with_weeks(event.datetime_with_weeks[0]) from in into out/datetime_with_weeks;
        select datetime::with_years(event.datetime_with_years[0]) from in into out/datetime_with_years;
        select datetime::without_subseconds(event.datetime_without_subseconds[0]) from in into out/datetime_without_subseconds;
        select datetime::year(event.datetime_year[0]) from in into out/datetime_year;
    }
}

type Fold = fn(&[Value]) -> Result<Value, OpError>;

/// The functions whose result comes only from their arguments.
fn rows() -> impl Iterator<Item = (&'static FunctionRow, Fold)> {
    functions().filter_map(|row| match row.source {
        FunctionSource::Pure { fold, .. } => Some((row, fold)),
        FunctionSource::Context(_) => None,
    })
}

/// The field of the event that holds a function's arguments, and the port to which its result goes.
fn port(row: &FunctionRow) -> String {
    format!("{}_{}", last_segment(row.module), row.name)
}

/// How many arguments the pipeline gives it.
fn arity(row: &FunctionRow) -> usize {
    row.params.len() + if row.rest.is_some() { 2 } else { 0 }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ab ]{0,3}",
        "[{}a]{0,6}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "[0-9]{1,3} (second|hour|month)s?",
        prop::sample::select(vec!["%Y-%m-%d", "%F %T", "%s", "%Q", "{} {}"]).prop_map(str::to_owned),
    ]
}

fn any_integer() -> impl Strategy<Value = Value> {
    prop_oneof![
        (-3..9_i64).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from)
    ]
}

fn any_binary() -> impl Strategy<Value = Value> {
    let octets = prop_oneof![any_text().prop_map(String::into_bytes), any::<Vec<u8>>()];
    octets.prop_map(Value::Binary)
}

fn any_value() -> BoxedStrategy<Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any_integer(),
        any::<f64>().prop_map(Value::from),
        any_text().prop_map(Value::from),
        any_binary(),
    ];
    let nested = scalar.prop_recursive(3, 12, 3, |inner| {
        let pair = (any_text(), inner.clone()).prop_map(|(key, value)| Value::from(vec![key.into(), value]));
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec(pair, 0..3).prop_map(Value::from),
            prop::collection::vec((any_text(), inner), 0..3).prop_map(record),
        ]
    });
    nested.boxed()
}

fn record(fields: Vec<(String, Value)>) -> Value {
    Value::from(fields.into_iter().collect::<Record>())
}

/// A value, mostly of the class.
fn argument(class: Class) -> BoxedStrategy<Value> {
    let of_class = match class {
        Class::Integer => any_integer().boxed(),
        Class::Number => prop_oneof![any_integer(), any::<f64>().prop_map(Value::from)].boxed(),
        Class::String => any_text().prop_map(Value::from).boxed(),
        Class::Binary => any_binary().boxed(),
        Class::List => prop::collection::vec(any_value(), 0..3).prop_map(Value::from).boxed(),
        Class::Record => prop::collection::vec((any_text(), any_value()), 0..3).prop_map(record).boxed(),
        _ => any_value(),
    };
    prop_oneof![9 => of_class, 1 => any_value()].boxed()
}

/// Arguments for each function, in the order of the rows.
fn all_arguments() -> impl Strategy<Value = Vec<Vec<Value>>> {
    let of_row = |row: &FunctionRow| {
        let classes = row.params.iter().copied().chain(row.rest.into_iter().cycle());
        classes.take(arity(row)).map(argument).collect::<Vec<_>>()
    };
    rows().map(|(row, _)| of_row(row)).collect::<Vec<_>>()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn calls_give_what_constants_give(arguments in all_arguments()) {
        let event: Record =
            rows().zip(&arguments).map(|((row, _), arguments)| (port(row), Value::from(arguments.clone()))).collect();
        let mut library = Embedded::<flow::library::Library>::new();
        library.push("in", Value::from(event)).expect("an idle pipeline takes any event");
        let mut results: BTreeMap<&str, Value> = BTreeMap::new();
        let mut errors: Vec<String> = Vec::new();
        while let Some(output) = library.next_output() {
            match (output.port, output.event) {
                ("err", Value::Record(record)) => {
                    let Some(Value::String(error)) = record.get("error") else { panic!("no text: {record:?}") };
                    errors.push(error.clone());
                }
                (port, event) => {
                    let before = results.insert(port, event);
                    prop_assert!(before.is_none(), "{port} twice");
                }
            }
        }
        for ((row, fold), arguments) in rows().zip(&arguments) {
            let result = results.remove(port(row).as_str());
            match fold(arguments) {
                // as texts, since what is not a number equals nothing
                Ok(value) => prop_assert_eq!(format!("{:?}", result), format!("{:?}", Some(value)), "{}", row.name),
                Err(error) => {
                    prop_assert_eq!(result, None, "{}", row.name);
                    let (module, why) = (last_segment(row.module), format!(": {error}"));
                    let names = [format!("{module}::{}", row.name), format!("{module}::r#{}", row.name)];
                    let is_told = |text: &String| {
                        text.ends_with(&why) && names.iter().any(|name| text.contains(name))
                    };
                    prop_assert!(errors.iter().any(is_told), "{}{why} is not among {errors:#?}", names[0]);
                }
            }
        }
        prop_assert!(results.is_empty(), "{results:?}");
    }
}
