//~ ERROR: before the port `in` stands the instance
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define onramp metronome from metronome with interval = 1 end;
    define offramp sink from blackhole end;
    define pipeline main
        select event from in into out;
    end;
    define binding default links
        /onramp/metronome/{instance}/out => /pipeline/main/{instance}/in,
        /pipeline/main/{instance}/out => /offramp/sink/in
    end;
    create binding /binding/default/01 with instance = "01" end;
}

fn main() {}
