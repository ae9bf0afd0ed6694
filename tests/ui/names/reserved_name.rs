//~ ERROR: no operator can be called `out`
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp sink from blackhole end;

    define pipeline main
        define qos::wal operator log with read_count = 20, max_elements = 1000 end;
        create operator out from log;
        select event from in into out;
    end;

    define binding main links
        /onramp/metronome/01/out => /pipeline/main/01/in,
        /pipeline/main/01/out => /offramp/sink/01/in
    end;

    create binding /binding/main/01;
}

fn main() {}
