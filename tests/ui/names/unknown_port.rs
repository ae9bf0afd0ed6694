//~ ERROR: `spread` has no port `ws4`
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp sink from blackhole end;

    define pipeline main
        define qos::roundrobin operator spread with outputs = ["ws0", "ws1", "ws2"] end;
        create operator spread;
        select event from in into spread;
        select event from spread/ws0 into out;
        select event from spread/ws1 into out;
        select event from spread/ws4 into out;
    end;

    define binding main links
        /onramp/metronome/01/out => /pipeline/main/01/in,
        /pipeline/main/01/out => /offramp/sink/01/in
    end;

    create binding /binding/main/01;
}

fn main() {}
