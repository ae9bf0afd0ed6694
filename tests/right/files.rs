//! Flows from files: queries, artefacts and bindings as tremor has them, and mixed with what is written inline.

use foreshock::testing::Harness;

use crate::{Stage, play};

foreshock::pipeline! {
    /// A query from a file.
    pub(crate) pipeline Enrich;
    include "right/files/enrich.trickle";
}

#[test]
fn a_query_from_a_file() {
    let mut enrich = Harness::<enrich::Enrich>::new();
    for (level, n) in [("info", 1), ("warn", 2), ("error", 3)] {
        enrich.push("in", &format!(r#"{{"level":"{level}","text":"it","n":{n},"my-key":"-","my key":" "}}"#));
    }
    let rest = |n: u32| {
        format!(
            r#""escapes":"\"\\/é\t#{{no}}","left":{},"dashed":"-","quoted":" ","tries":3,"lines":"one {n}\n  \"two\"\n"}}"#,
            n - 1
        )
    };
    assert_eq!(
        enrich.outputs(),
        [
            format!(r#"left {{"text":"WARN: it on test",{}"#, rest(2)),
            format!(r#"right {{"text":"ERROR: it on test",{}"#, rest(3)),
        ]
    );
}

foreshock::pipeline! {
    /// Files only.
    pub(crate) flow Shop;
    include "right/files/shop/*";
}

foreshock::pipeline! {
    /// Files, and what is inline beside them.
    pub(crate) flow Mixed;
    include "right/files/shop/orders.trickle";
    include "right/files/*.trickle";

    define onramp more from blaster with lines = ["{\"id\": 9, \"price\": 1, \"count\": 9}"], iters = 1 end;
    define onramp logged from blaster with
        lines = [r#"{"level": "error", "text": "", "n": 0, "my-key": 1, "my key": 2}"#], iters = 1
    end;
    define binding main links
        /onramp/more/1/out => "/pipeline/order-book/1/in",
        /onramp/logged/1/out => /pipeline/enrich/1/in,
        "/pipeline/order-book/1/out" => /offramp/system::stdout/1/in,
        "/pipeline/order-book/1/empty" => /offramp/system::stdout/1/in,
        /pipeline/enrich/1/left => /offramp/system::stderr/1/in,
        /pipeline/enrich/1/right => /offramp/system::stderr/1/in
    end;
    create binding /binding/main/1;
}

#[test]
fn a_flow_of_files() {
    play(async {
        let mut stage = Stage::new();
        stage.variable("SHOP_KEY", "k").serve("books", 8080).keep_stdout();
        stage.run(Shop::builder(), 2000).await;
        assert_eq!(stage.seen("books"), [r#"{"order":1,"total":5.0}"#, r#"{"order":3,"total":10}"#]);
        assert_eq!(stage.seen("stdout"), [r#"empty: {"empty":2}"#]);
    });
}

#[test]
fn files_and_what_is_inline() {
    play(async {
        let mut stage = Stage::new();
        stage.keep_stdout().keep_stderr().run(Mixed::builder(), 2000).await;
        assert_eq!(stage.seen("stdout"), [r#"{"order":9,"total":9}"#]);
        let logged = stage.seen("stderr");
        assert_eq!(logged.len(), 1);
        assert!(logged[0].starts_with(r#"{"text":"ERROR:  on simulated","#), "{logged:?}");
    });
}

foreshock::pipeline! {
    /// Files with the line ends, marks and tabs that editors leave behind.
    pub(crate) flow Odd;
    include "right/files/odd/*.trickle";
    include "right/files/odd/*.yaml";
}

#[test]
fn files_of_other_editors() {
    play(async {
        let mut stage = Stage::new();
        stage.keep_stdout().keep_file("out.json").run(Odd::builder(), 100).await;
        let expected = r#"{"n":1,"text":"a\tb","lines":"one\ntwo\n"}"#;
        assert_eq!(stage.seen("out.json"), [expected]);
        assert_eq!(stage.seen("stdout"), [expected]);
    });
}
