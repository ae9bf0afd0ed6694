//~ ERROR: the variable `i` stands here without its braces
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp sink from blackhole end;

    define pipeline main
        select event from in into out;
    end;

    define binding main links
        /onramp/metronome/i/out => /pipeline/main/{i}/in,
        /pipeline/main/{i}/out => /offramp/sink/{i}/in
    end;

    create binding /binding/main/01 with i = "01" end;
}

fn main() {}
