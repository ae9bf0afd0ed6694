//~ ERROR: expected `flow Name;` or `pipeline Name;`, found `flw`
use foreshock::pipeline;

pipeline! {
    pub flw Wrong;

    define onramp m from metronome with interval = 1000 end;
    define offramp o from blackhole end;
    define pipeline all
        select event from in into out;
    end;
    define binding default links
        /onramp/m/01/out   => /pipeline/all/01/in,
        /pipeline/all/01/out => /offramp/o/01/in
    end;
    create binding /binding/default/01;
}

fn main() {}
