//! Flows of lines, for the end-to-end tests of what reads and writes files and standard streams.

/// What the programs of this file are called.
pub const NAMES: [&str; 5] = ["echo", "text", "blast", "copy", "logged"];

foreshock::pipeline! {
    /// JSON lines from stdin to stdout, with a field more; what is none goes to stderr.
    pub flow Echo;

    define onramp lines from stdin with codec = "json" end;
    define offramp out from stdout end;
    define offramp refused from stderr with prefix = "refused: " end;
    define pipeline add
        select merge event of { "seen": true } end from in into out;
    end;
    define pipeline all
        select event from in into out;
    end;
    define binding default links
        /onramp/lines/01/out => /pipeline/add/01/in,
        /onramp/lines/01/err => /pipeline/all/01/in,
        /pipeline/add/01/out => /offramp/out/01/in,
        /pipeline/all/01/out => /offramp/refused/01/in
    end;
    create binding /binding/default/01;
}

foreshock::pipeline! {
    /// Text from stdin to stdout, as it is.
    pub flow Text;

    define onramp lines from stdin end;
    define offramp out from stdout with codec = "string" end;
    define pipeline all
        select event from in into out;
    end;
    define binding default links
        /onramp/lines/01/out => /pipeline/all/01/in,
        /pipeline/all/01/out => /offramp/out/01/in
    end;
    create binding /binding/default/01;
}

foreshock::pipeline! {
    /// A file's lines, again and again, to a file.
    pub flow Blast;

    define onramp lines from blaster with source = "/dev/null", iters = 3 end;
    define offramp out from file with file = "/dev/null" end;
    define pipeline all
        select event from in into out;
    end;
    define binding default links
        /onramp/lines/01/out => /pipeline/all/01/in,
        /pipeline/all/01/out => /offramp/out/01/in
    end;
    create binding /binding/default/01;
}

foreshock::pipeline! {
    /// A file's lines to a file.
    pub flow Copy;

    define onramp lines from file with source = "/dev/null" end;
    define offramp out from file with file = "/dev/null" end;
    define pipeline all
        select event from in into out;
    end;
    define binding default links
        /onramp/lines/01/out => /pipeline/all/01/in,
        /pipeline/all/01/out => /offramp/out/01/in
    end;
    create binding /binding/default/01;
}

foreshock::pipeline! {
    /// Lines without end through a log to stdout.
    pub flow Logged;

    define onramp lines from blaster with lines = ["{\"a\":1}", "{\"a\":2}"] end;
    define offramp out from stdout end;
    define pipeline logged
        define qos::wal operator log with read_count = 20, max_elements = 100 end;
        create operator log;
        select event from in into log;
        select event from log into out;
    end;
    define binding default links
        /onramp/lines/01/out    => /pipeline/logged/01/in,
        /pipeline/logged/01/out => /offramp/out/01/in
    end;
    create binding /binding/default/01;
}
