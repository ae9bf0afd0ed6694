//~ ERROR: `file` is the file that `offramp.lines` writes too
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp lines from file with file = "data/lines.json" end;
    define offramp copy from file with file = "./data/lines.json" end;

    define pipeline main
        select event from in into out;
    end;

    define binding main links
        /onramp/metronome/01/out => /pipeline/main/01/in,
        /pipeline/main/01/out => [/offramp/lines/01/in, /offramp/copy/01/in]
    end;

    create binding /binding/main/01;
}

fn main() {}
