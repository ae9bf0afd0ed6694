//! The rows themselves: what they promise each other.

use foreshock_spec::{
    FLOW, KeyRow, KeyType, Kind, Literal, OperatorRole, Shape, Value, check_value, find_offramp, find_onramp,
    find_operator, is_known_but_unbuilt, offramps, onramps, operators,
};

/// Each table of keys with the name of its row.
fn tables() -> Vec<(&'static str, &'static [KeyRow])> {
    let operators = operators().iter().map(|row| (row.name, row.keys));
    let onramps = onramps().iter().map(|row| (row.name, row.keys));
    let offramps = offramps().iter().map(|row| (row.name, row.keys));
    operators.chain(onramps).chain(offramps).chain([(FLOW.path, FLOW.keys)]).collect()
}

#[test]
fn every_default_is_legal() {
    for (row, keys) in tables() {
        for key in keys.iter().filter(|key| key.default != Literal::None) {
            assert_eq!(check_value(key, &key.default.to_value()), Ok(()), "{row}.{}", key.name);
        }
    }
}

#[test]
fn every_key_is_whole_and_of_one_meaning() {
    for (row, keys) in tables() {
        for (i, key) in keys.iter().enumerate() {
            let place = format!("{row}.{}", key.name);
            assert!(!keys[..i].iter().any(|other| other.name == key.name), "{place} is there twice");
            assert!(!key.doc.is_empty() && !key.doc.ends_with('.'), "{place}");
            assert!(!(key.required && key.default != Literal::None), "{place} is required and has a default");
            assert_eq!(key.ty == KeyType::Uint, !key.unit.is_empty(), "{place}");
            assert!(key.least <= key.most, "{place}");
            assert!(key.is_built() || !key.tunable, "{place}");
        }
    }
}

/// `Embedded` runs without a world, so nothing could look up what an operator took from the environment. Only a log on disk
/// does, which is in flows alone; in their tests its files are in memory, wherever they would be.
#[test]
fn no_operator_but_a_log_on_disk_takes_settings_from_the_environment() {
    for row in operators() {
        let taken = row.keys.iter().filter(|key| key.takes_env());
        assert!(taken.map(|key| key.name).all(|name| name == "dir" || name == "sync"), "{}", row.name);
    }
}

#[test]
fn what_differs_or_is_needed_is_of_the_same_row() {
    for (row, keys) in tables() {
        let is_there = |name: &str| keys.iter().any(|key| key.name == name);
        for key in keys {
            let needed = key.needs.iter().map(|(needed, _)| *needed).chain(key.with.map(|with| with.key));
            assert!(needed.into_iter().all(is_there), "{row}.{}", key.name);
            let among = key.among(|_| true);
            let default = among.default.to_value();
            assert!(default == Value::Null || check_value(&among, &default).is_ok(), "{row}.{}", key.name);
        }
    }
}

#[test]
fn every_group_names_keys_of_its_row() {
    for row in operators() {
        for name in row.one_of.iter().copied().flatten() {
            assert!(row.keys.iter().any(|key| key.name == *name && !key.required), "{}.{name}", row.name);
        }
    }
}

#[test]
fn rows_are_found_by_name_and_what_is_built_is_not_called_unbuilt() {
    for row in operators() {
        assert!(std::ptr::eq(find_operator(row.name).unwrap(), row));
        assert!(!is_known_but_unbuilt(Kind::Operator, row.name));
    }
    for row in onramps() {
        assert!(std::ptr::eq(find_onramp(row.name).unwrap(), row));
        assert!(!is_known_but_unbuilt(Kind::Onramp, row.name));
    }
    for row in offramps() {
        assert!(std::ptr::eq(find_offramp(row.name).unwrap(), row));
        assert!(!is_known_but_unbuilt(Kind::Offramp, row.name));
    }
    assert!(
        find_operator("qos::wall").is_none()
            && find_onramp("ws").is_none()
            && find_offramp("metronome").is_none()
    );
}

#[test]
fn kinds_of_the_language_that_are_not_built_are_known() {
    let check =
        |kind, name, expected| assert_eq!(is_known_but_unbuilt(kind, name), expected, "{kind:?} {name}");
    check(Kind::Operator, "generic::batch", true);
    check(Kind::Operator, "grouper::bucket", true);
    check(Kind::Operator, "generic::bach", false);
    check(Kind::Onramp, "kafka", true);
    check(Kind::Onramp, "ws", true);
    check(Kind::Onramp, "stdout", false);
    check(Kind::Offramp, "kafka", true);
    check(Kind::Offramp, "stdout", false);
    check(Kind::Offramp, "stdin", false);
    check(Kind::Flow, "flow", false);
}

#[test]
fn the_outputs_of_an_operator_come_from_its_config() {
    let wal = find_operator("qos::wal").unwrap();
    assert_eq!((wal.role, wal.has_overflow()), (OperatorRole::Log, false));
    assert_eq!(wal.outputs(&[("read_count".into(), Value::from(1))]), ["out"]);
    let roundrobin = find_operator("qos::roundrobin").unwrap();
    assert_eq!((roundrobin.role, roundrobin.has_overflow()), (OperatorRole::Distributor, true));
    assert_eq!(roundrobin.outputs(&[]), ["out"]);
    let outputs = Value::parse(br#"["b","a"]"#).unwrap();
    assert_eq!(roundrobin.outputs(&[("outputs".into(), outputs)]), ["b", "a"]);
}

#[test]
fn the_metronome_has_the_shape_of_its_events() {
    let metronome = find_onramp("metronome").unwrap();
    assert_eq!(
        metronome.shape,
        [("onramp", Shape::Constant("metronome")), ("id", Shape::Uint), ("ingest_ns", Shape::Uint)]
    );
    assert!(!metronome.replays);
}

#[test]
fn a_literal_is_a_value() {
    let check = |literal: Literal, json: &str| assert_eq!(literal.to_value().to_string(), json);
    check(Literal::None, "null");
    check(Literal::Bool(true), "true");
    check(Literal::Int(-1), "-1");
    check(Literal::Float(7.0), "7.0");
    check(Literal::Str("x"), "\"x\"");
    check(Literal::Strings(&["a", "b"]), r#"["a","b"]"#);
    check(Literal::Env("A"), "null");
    check(Literal::Record(&[("a", Literal::Str("b")), ("c", Literal::Env("C"))]), r#"{"a":"b","c":null}"#);
}
