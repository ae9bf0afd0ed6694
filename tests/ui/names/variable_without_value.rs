//~ ERROR: the variable `instance` has no value
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp sink from blackhole end;

    define pipeline main
        select event from in into out;
    end;

    define binding main links
        /onramp/metronome/{instance}/out => /pipeline/main/{instance}/in,
        /pipeline/main/{instance}/out => /offramp/sink/{instance}/in
    end;

    create binding /binding/main/01;
}

fn main() {}
