//! Whole flows, statement by statement.

use expect_test::{Expect, expect};

use crate::support::{FOUNDING, dump, errors, parsed};

/// Reads a text without errors; its statements, one a line.
fn check(text: &str, expected: &Expect) {
    let (flow, diagnostics) = parsed(text);
    assert_eq!(errors(diagnostics), "", "in {text}");
    expected.assert_eq(&dump(&flow.expect("the text has a head")));
}

/// As `check`, for the statements of one flow.
fn check_flow(stmts: &str, expected: &Expect) {
    check(&format!("flow Test; {stmts}"), expected);
}

/// As `check`, for the statements of one query.
fn check_query(stmts: &str, expected: &Expect) {
    check(&format!("pipeline Test; {stmts}"), expected);
}

#[test]
fn the_founding_flow_is_read_whole() {
    check(
        FOUNDING,
        &expect![[r#"
        onramp metronome from metronome with interval = 1000
        offramp ws0 from ws with url = "ws://localhost:8080/"
        offramp ws1 from ws with url = "ws://localhost:8081/"
        offramp ws2 from ws with url = "ws://localhost:8082/"
        pipeline roundrobin
          use tremor::system
          define qos::wal operator in_memory_wal with read_count = 20, max_elements = 1000, max_bytes = 10485760
          define qos::roundrobin operator roundrobin with outputs = ["ws0", "ws1", "ws2"]
          create operator in_memory_wal
          create operator roundrobin
          select merge event of {"hostname": system::hostname()} end from in into in_memory_wal
          select event from in_memory_wal into roundrobin
          select event from roundrobin/ws0 into out/ws0
          select event from roundrobin/ws1 into out/ws1
          select event from roundrobin/ws2 into out/ws2
        binding default
          /onramp/metronome/{instance}/out => /pipeline/roundrobin/{instance}/in
          /pipeline/roundrobin/{instance}/ws0 => /offramp/ws0/{instance}/in
          /pipeline/roundrobin/{instance}/ws1 => /offramp/ws1/{instance}/in
          /pipeline/roundrobin/{instance}/ws2 => /offramp/ws2/{instance}/in
        mapping /binding/default/01 instance=01
    "#]],
    );
}

#[test]
fn the_head_has_docs_visibility_and_a_name() {
    let check = |text: &str, expected: &str| {
        let (flow, diagnostics) = parsed(text);
        assert_eq!(errors(diagnostics), "");
        let flow = flow.expect("the text has a head");
        let found = format!("{:?} {} {:?} {}", flow.docs, flow.visibility, flow.head, flow.name.text);
        assert_eq!(found, expected);
    };
    check("flow A;", r#"[]  Flow A"#);
    check("pub flow A;", r#"[] pub Flow A"#);
    check("pub(crate) pipeline B;", r#"[] pub (crate) Pipeline B"#);
    check("pub(in crate::a) flow A;", r#"[] pub (in crate :: a) Flow A"#);
    check("/// One.\n///   Two.\npub flow A;", r#"[" One.", "   Two."] pub Flow A"#);
    check("flow flow;", r#"[]  Flow flow"#);
}

#[test]
fn names_of_the_flow_level_may_be_any_word() {
    check_flow(
        "define onramp type from metronome with interval = 1 end;
        define offramp r#match from default end;
        define pipeline select select event from in into out end;
        define binding end links /onramp/type/self/out => /pipeline/select/{crate}/in end;
        create binding /binding/end/with with crate = \"x\", instance = \"y\", end;
        define offramp x from ws with with = 1, yields = 2, r#end = 3, end = 4 end;",
        &expect![[r#"
            onramp type from metronome with interval = 1
            offramp match from default
            pipeline select
              select event from in into out
            binding end
              /onramp/type/self/out => /pipeline/select/{crate}/in
            mapping /binding/end/with crate=x instance=y
            offramp x from ws with with = 1, yields = 2, end = 3, end = 4
        "#]],
    );
}

#[test]
fn names_in_a_query_may_be_rust_keywords_or_quoted() {
    check_query(
        "create operator type; create operator r#select from r#from; select event.type from self into r#into/r#end;",
        &expect![[r#"
            create operator type
            create operator select from from
            select event.type from self into into/end
        "#]],
    );
}

#[test]
fn statements_of_a_query() {
    check_query(
        "use std::string; use std::type;
        define qos::wal operator wal;
        define qos::wal operator wal with /// how many at once
            read_count = 2 * 10, end;
        create operator wal;
        create operator a from wal;
        create operator b from x::wal with read_count = 1 end;
        create operator c with a = 1, b = \"x\" end;
        select event from in into out;
        select {\"a\": event.b} from in/side where event.c > 1 into wal;
        select $ from wal into out/p",
        &expect![[r#"
            use std::string
            use std::type
            define qos::wal operator wal
            define qos::wal operator wal with read_count = 2 * 10
            create operator wal
            create operator a from wal
            create operator b from x::wal with read_count = 1
            create operator c with a = 1, b = "x"
            select event from in into out
            select {"a": event.b} from in/side where event.c > 1 into wal
            select $ from wal into out/p
        "#]],
    );
}

#[test]
fn a_last_statement_of_a_pipeline_needs_no_semicolon() {
    check_flow(
        "define pipeline p end;",
        &expect![[r#"
        pipeline p
    "#]],
    );
    check_flow(
        "define pipeline p select event from in into out end;",
        &expect![[r#"
        pipeline p
          select event from in into out
    "#]],
    );
    check_flow(
        "define pipeline p create operator a end;",
        &expect![[r#"
        pipeline p
          create operator a
    "#]],
    );
    check_flow(
        "define pipeline p ; ; select merge event of event end from in into out; end;",
        &expect![[r#"
            pipeline p
              select merge event of event end from in into out
        "#]],
    );
}

#[test]
fn docs_stand_before_statements() {
    check_flow(
        "/// onramp
        define onramp a from metronome with /// key
        interval = 1 end;
        /// pipeline
        define pipeline p
            /// select
            select event from in into out;
            /// use
            use std::string;
        end;
        /// mapping
        create binding /binding/b/1;",
        &expect![[r#"
            onramp a from metronome with interval = 1
            pipeline p
              select event from in into out
              use std::string
            mapping /binding/b/1
        "#]],
    );
}

#[test]
fn ends_of_links_are_tokens_or_strings() {
    check_flow(
        r#"define binding b links
            /onramp/a/01/out => /pipeline/p/{i}/in,
            /onramp/a/x1 => [/pipeline/p/0x1, /pipeline/p/e1, "/pipeline/p/{i}",],
            "/onramp/my-ramp/prod-1/out" => "/offramp/system::stdout/{x}/in",
            /pipeline/p/{i}/type=>/offramp/system::stdout/system
        end;
        create binding "/binding/b/01";
        create binding /binding/b/02 with i = r"x", x = "" end;"#,
        &expect![[r#"
            binding b
              /onramp/a/01/out => /pipeline/p/{i}/in
              /onramp/a/x1 => /pipeline/p/0x1 + /pipeline/p/e1 + /pipeline/p/{i}
              /onramp/my-ramp/prod-1/out => /offramp/system::stdout/{x}/in
              /pipeline/p/{i}/type => /offramp/system::stdout/system
            mapping /binding/b/01
            mapping /binding/b/02 i=x x=
        "#]],
    );
}
