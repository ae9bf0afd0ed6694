//~ ERROR: `url` is that of `offramp.sink` too
#![deny(deprecated)]

use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp sink from ws with url = "ws://localhost:8080/" end;
    define offramp other from ws with url = "ws://localhost:8080" end;

    define pipeline main
        define qos::roundrobin operator share with outputs = ["a", "b"] end;
        create operator share;
        select event from in into share;
        select event from share/a into out/a;
        select event from share/b into out/b;
    end;

    define binding main links
        /onramp/metronome/01/out => /pipeline/main/01/in,
        /pipeline/main/01/a => /offramp/sink/01/in,
        /pipeline/main/01/b => /offramp/other/01/in
    end;

    create binding /binding/main/01;
}

fn main() {}
