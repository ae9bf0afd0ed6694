//! Layout: all in one line, a token per line, comments wherever there may be some, commas behind the last.

use crate::check;

#[rustfmt::skip]
mod lines {
    foreshock::pipeline! { pub(super) pipeline OneLine; use std::string; const a=1; create stream s; select {"a":a,"b":string::len(event.b)} from in where event.b!="" into s; select event from s into out having event.a==1 }
    foreshock::pipeline!{pub(super)pipeline Tight;const a=[1,2];select{"x":a[0]+a[1]*2,"y":event.y-1,"z":-event.y,"w":a[0:1]}from in where event.y>1 into out;}
    foreshock::pipeline!(pub(super) pipeline Round; select event from in into out;);
    foreshock::pipeline![pub(super) pipeline Square; select event from in into out;];
    foreshock::pipeline! {
        pub
        (
        super
        )
        pipeline
        Tall
        ;
        select
        event
        .
        n
        [
        0
        :
        1
        ]
        from
        in
        where
        present
        event
        .
        n
        into
        out
        /
        tall
        having
        event
        !=
        [
        ]
        ;
    }
}

#[test]
fn lines_long_and_short() {
    check::<lines::one_line::OneLine>(&[r#"in {"b": "xy"}"#], &[r#"out {"a":1,"b":2}"#]);
    check::<lines::tight::Tight>(&[r#"in {"y": 5}"#], &[r#"out {"x":5,"y":4,"z":-5,"w":[1]}"#]);
    check::<lines::round::Round>(&["in 1"], &["out 1"]);
    check::<lines::square::Square>(&["in 1"], &["out 1"]);
    check::<lines::tall::Tall>(&[r#"in {"n": [1, 2]}"#], &["tall [1]"]);
}

foreshock::pipeline! {
    // before the head
    /* and here /* nested */ too */
    /// Its documentation,
    ///
    /// of *several* lines with `code`, "quotes", and a [`link`](crate).
    /** And of another kind. */
    #[doc = "And one more."]
    pub(crate) /* between */ pipeline /* words */ Commented; // behind

    /// A constant's documentation.
    const n = 1; // it's one
    /* Don't "worry". */
    /// A stream's.
    create stream s;
    /// An operator's.
    define qos::wal operator log with
        /// A key's.
        read_count = 1, // behind a comma
        // before a key
        max_elements = 2, /* at the end */
    end;
    /// What is created.
    create operator log;
    /// A module's.
    mod m with
        /// A constant's in a module.
        const k = 2; // `backticks` and #hashes {brackets
    end;
    /// What is used.
    use m;

    /// A select's.
    select { // an open record
        "n": n, // a field
        /* before a field */ "k": m::k,
        "sum": 1 // one
            + /* plus */ 2, // two
    } // closed
    from in // from
    // where?
    where /* here */ true
    into s // into
    ; // end

    select event from s into log;
    select event from log into out;
    // the last word
}

#[test]
fn comments_everywhere() {
    check::<commented::Commented>(&["in 0"], &[r#"out {"n":1,"k":2,"sum":3}"#]);
}

foreshock::pipeline! {
    /// A flow with documentation and comments at each statement.
    pub(crate) flow Documented;

    // ── onramps ──────────────────────────────
    /// Where it comes from.
    define onramp m from metronome with
        /// How often.
        interval = 1000, // a second
    end;
    /// Where it goes.
    define offramp s from blackhole with /* nothing */ capacity = 10 end;
    /// What it does.
    define pipeline p
        // nothing
        /// but this
        select event from in into out; // really
    end; // of p
    /// How it is linked.
    define binding b links
        /// The way in.
        /onramp/m/{i}/out => /pipeline/p/{i}/in, // one
        /* the way out */ /pipeline/p/{i}/out => [ /offramp/s/{i}/in /* one only */ ], // two
    end;
    /// What is made.
    create binding /binding/b/1 with
        /// Which.
        i = "1",
    end;
    // end
}

foreshock::pipeline! {
    pub(crate) pipeline Commas;
    define qos::roundrobin operator rr with outputs = ["a", "b",], end;
    define qos::wal operator log with read_count = 1, max_elements = 1, end;
    create operator rr;
    create operator log with max_elements = 3, end;
    select { "a": [1, 2,], "p": patch event of upsert "x" => { "y": 1, }, end, } from in into log;
    select event from log into rr;
    select event from rr/a into out;
    select event from rr/b into out;
}

#[test]
fn commas_behind_the_last() {
    check::<commas::Commas>(&["in {}"], &[r#"out {"a":[1,2],"p":{"x":{"y":1}}}"#]);
    assert!(Documented::builder().setting("onramp.m.interval").is_ok());
}
