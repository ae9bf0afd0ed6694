//~ ERROR: `/onramp/lines/01` reads stdin already
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define onramp lines from stdin end;
    define offramp sink from blackhole end;

    define pipeline main
        select event from in into out;
    end;

    define binding main links
        /onramp/lines/01/out => /pipeline/main/01/in,
        /onramp/lines/02/out => /pipeline/main/01/in,
        /pipeline/main/01/out => /offramp/sink/01/in
    end;

    create binding /binding/main/01;
}

fn main() {}
