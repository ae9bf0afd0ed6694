//! Random arguments: whatever a function is called with, it gives a result of its class or an error, and what is told
//! of constant arguments is what the call says.

use foreshock_spec::{Class, FunctionRow, FunctionSource, Misfit, Record, Value, functions_of};
use proptest::prelude::*;

/// Integers; those at the edges often.
fn any_integer() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(vec![0, -1, 1, i64::MIN, i64::MAX]).prop_map(Value::from),
        Just(Value::from(u64::MAX)),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (0..2_000_000_000_000_000_000_u64).prop_map(Value::from), // times up to 2033
    ]
}

/// Floats; those at the edges often.
fn any_float() -> impl Strategy<Value = Value> {
    let edges =
        vec![0.5, -0.0, 1e300, 18_446_744_073_709_551_616.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    prop_oneof![prop::sample::select(edges), any::<f64>()].prop_map(Value::from)
}

/// Octets; those of texts often.
fn any_binary() -> impl Strategy<Value = Value> {
    let octets = prop_oneof![any_text().prop_map(String::into_bytes), any::<Vec<u8>>()];
    octets.prop_map(Value::Binary)
}

/// Values of all types.
fn any_value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any_integer(),
        any_float(),
        any_text().prop_map(Value::from),
        any_binary(),
    ];
    scalar.prop_recursive(4, 24, 5, |inner| {
        let pair =
            (any_text(), inner.clone()).prop_map(|(key, value)| Value::from(vec![Value::from(key), value]));
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(pair, 0..4).prop_map(Value::from),
            prop::collection::vec((any_text(), inner), 0..5)
                .prop_map(|fields| Value::from(fields.into_iter().collect::<Record>())),
        ]
    })
}

/// Texts: any, formats of both kinds, times and spans, names that meet each other.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[abcä]{0,2}",
        "[{}a ]{0,6}",
        "(%[-_0]?[#:]{0,3}[.369]?[a-zA-Z+%]| |-|:|ß){0,8}",
        "[0-9+-]{1,5}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?([.][0-9]{1,10})?(Z|[+-][0-9]{2}:?[0-9]{2})?",
        "([0-9]{1,20} (nanosecond|minute|hour|day|week|month|year)s? ?){0,3}",
        prop::sample::select(vec!["%Y-%m-%d", "%F %T", "%+", "%s", "%Y-%m-%dT%H:%M:%S%.f%:z", "%c"])
            .prop_map(str::to_owned),
    ]
}

/// A value, mostly of the class.
fn value_for(class: Class) -> BoxedStrategy<Value> {
    let of_class = match class {
        Class::String => any_text().prop_map(Value::from).boxed(),
        Class::Binary => any_binary().boxed(),
        Class::List => prop::collection::vec(any_value(), 0..5).prop_map(Value::from).boxed(),
        Class::Record => prop::collection::vec((any_text(), any_value()), 0..5)
            .prop_map(|fields| Value::from(fields.into_iter().collect::<Record>()))
            .boxed(),
        Class::Integer => any_integer().boxed(),
        Class::Number => prop_oneof![any_integer(), any_float()].boxed(),
        _ => any_value().boxed(),
    };
    prop_oneof![9 => of_class, 1 => any_value()].boxed()
}

/// Calls of one module: the function and arguments of about the right number.
fn calls(module: &'static str) -> impl Strategy<Value = (&'static FunctionRow, Vec<Value>, usize)> {
    let pure: Vec<&'static FunctionRow> =
        functions_of(module).iter().filter(|row| matches!(row.source, FunctionSource::Pure { .. })).collect();
    prop::sample::select(pure).prop_flat_map(|row| {
        let fixed: Vec<_> = row.params.iter().map(|class| value_for(*class)).collect();
        let rest = prop::collection::vec(any_value(), 0..=if row.rest.is_some() { 3 } else { 0 });
        let wrong = prop_oneof![19 => Just(0_i32), 1 => -1..=1];
        (Just(row), fixed, rest, wrong, any::<usize>()).prop_map(
            |(row, mut arguments, rest, wrong, known)| {
                arguments.extend(rest);
                if wrong < 0 {
                    arguments.pop();
                } else if wrong > 0 {
                    arguments.push(Value::Null);
                }
                (row, arguments, known)
            },
        )
    })
}

fn holds_up(row: &FunctionRow, arguments: &[Value], known: usize) -> Result<(), TestCaseError> {
    let FunctionSource::Pure { fold, .. } = row.source else { unreachable!("calls are of pure functions") };
    let result = fold(arguments);
    let count = arguments.len();
    let fits = (count == row.params.len() || (row.rest.is_some() && count > row.params.len()))
        && arguments.iter().zip(row.params).all(|(argument, class)| class.holds(argument));
    match &result {
        Ok(value) => {
            prop_assert!(fits, "{} takes {arguments:?}", row.name);
            prop_assert!(row.result.holds(value), "{} gives {value}", row.name);
        }
        Err(error) => {
            prop_assert!(!fits || row.fallible, "{} fails: {error}", row.name);
            prop_assert!(!error.to_string().is_empty());
        }
    }
    // the same again: it depends on nothing else (compared as text, for what is not a number equals nothing)
    prop_assert_eq!(format!("{:?}", &result), format!("{:?}", fold(arguments)));
    let Some(check) = row.check_constants.filter(|_| fits) else { return Ok(()) };
    // each argument is a constant or not, by a bit
    let constants: Vec<Option<&Value>> = arguments
        .iter()
        .enumerate()
        .map(|(at, value)| (known & (1 << (at % 8)) != 0).then_some(value))
        .collect();
    if let Err(Misfit { argument, error }) = check(&constants) {
        prop_assert!(constants[argument].is_some(), "{}: what is not known is blamed", row.name);
        prop_assert!(result.is_err(), "{} {arguments:?} succeeds, in spite of: {error}", row.name);
    }
    Ok(())
}

macro_rules! module {
    ($name:ident, $module:literal) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(500))]
            #[test]
            fn $name((row, arguments, known) in calls($module)) {
                holds_up(row, &arguments, known)?;
            }
        }
    };
}

module!(any_arguments_of_arrays, "std::array");
module!(any_arguments_of_math, "std::math");
module!(any_arguments_of_records, "std::record");
module!(any_arguments_of_strings, "std::string");
module!(any_arguments_of_types, "std::type");
module!(any_arguments_of_times, "core::datetime");
