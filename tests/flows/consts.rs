//! Constants and modules, in expressions and in configs.

use foreshock::testing::Harness;

mod named {
    foreshock::pipeline! {
        pub(crate) pipeline Named;
        use deep::inner;

        select {
            "twice": event.n * two,
            "record": defaults.list[1],
            "of a module": qos_things::most,
            "deep": deep::inner::x,
            "in use": inner::x,
            "present": present defaults.nothing,
            "text": "#{defaults.name} #{deep::greeting}",
            "#{key}": null,
        } from in where event.n < qos_things::most into log having event.twice != limits[0];
        select event from log into share;
        select event from share/left into out/left;
        select event from share/right into out/right;

        /// The order does not matter.
        const two = one + one;
        const one = 1;
        const key = "k" + "ey";
        const outputs = ["left", right];
        const right = "right";
        const limits = [two * 4];
        const defaults = merge { "name": "foreshock" } of { "list": [one, two] } end;

        create operator log from qos_things::wal with read_count = two end;
        create operator share from qos_things::share;

        mod qos_things with
            /// What is in a module sees its own names first.
            define qos::wal operator wal with read_count = 1, max_elements = most - 1 end;
            define qos::roundrobin operator share with outputs = outputs end;
            const most = 2 * two;
            const two = 2;
        end;
        #[allow(unused_module)]
        mod nothing with end;
        mod deep with
            use std::string;
            mod inner with
                const x = string::len("abc" + greeting) + one;
                const greeting = "de";
                use std::string;
            end;
            const greeting = string::uppercase("hello");
        end;
    }
}

#[test]
fn constants_stand_for_their_values() {
    let mut named = Harness::<named::named::Named>::new();
    named.push("in", r#"{"n":1}"#);
    let sent = named.take();
    assert_eq!(sent[0].port, "left");
    assert_eq!(
        sent[0].event.to_string(),
        concat!(
            r#"{"twice":2,"record":2,"of a module":4,"deep":6,"in use":6,"present":false,"#,
            r#""text":"foreshock HELLO","key":null}"#
        )
    );
    named.ack(sent[0].delivery);
    named.push("in", r#"{"n":2}"#);
    named.push("in", r#"{"n":4}"#);
    assert_eq!(named.outputs().len(), 1);
    assert_eq!(named.pending(), 0);
}

#[test]
fn constants_are_settings() {
    let mut named = Harness::<named::named::Named>::new();
    for _ in 0..3 {
        named.push("in", r#"{"n":1}"#);
    }
    assert_eq!(named.room("in"), 0, "max_elements is 3");
    let ports: Vec<&str> = named.take().iter().map(|output| output.port).collect();
    assert_eq!(ports, ["left", "right", "left"]);
}
