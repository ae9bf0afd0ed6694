//~ ERROR: `file` is the file that `onramp.lines` reads
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define onramp lines from file with source = "data/lines.json" end;
    define offramp copy from file with file = "./data/lines.json" end;

    define pipeline main
        select event from in into out;
    end;

    define binding main links
        /onramp/lines/01/out => /pipeline/main/01/in,
        /pipeline/main/01/out => /offramp/copy/01/in
    end;

    create binding /binding/main/01;
}

fn main() {}
