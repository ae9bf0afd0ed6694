//~ ERROR: the logs `first` and `second` have the same `dir`
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp sink from blackhole end;

    define pipeline main
        define qos::wal operator first with read_count = 20, dir = "./wal" end;
        define qos::wal operator second with read_count = 20, dir = "wal/" end;
        create operator first;
        create operator second;
        select event from in into first;
        select event from first into second;
        select event from second into out;
    end;

    define binding main links
        /onramp/metronome/01/out => /pipeline/main/01/in,
        /pipeline/main/01/out => /offramp/sink/01/in
    end;

    create binding /binding/main/01;
}

fn main() {}
