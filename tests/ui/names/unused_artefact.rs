//~ ERROR: the offramp `spare` is defined and never used
#![deny(deprecated)]

use foreshock::pipeline;

pipeline! {
    pub flow Denied;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp sink from blackhole end;
    define offramp spare from blackhole end;

    #[allow(unused_artefact)]
    define offramp meant_to_stay from blackhole end;

    define pipeline main
        select event from in into out;
    end;

    define binding main links
        /onramp/metronome/01/out => /pipeline/main/01/in,
        /pipeline/main/01/out => /offramp/sink/01/in
    end;

    create binding /binding/main/01;
}

fn main() {}
