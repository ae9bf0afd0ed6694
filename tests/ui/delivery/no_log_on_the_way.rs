//~ ERROR: no log on the way keeps events until they are confirmed
foreshock::pipeline! {
    pub flow Wrong;
    require at_least_once;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp ws0 from ws with url = "ws://localhost:8080/" end;
    define pipeline main
        select event from in into out;
    end;
    define binding default links
        /onramp/metronome/01/out => /pipeline/main/01/in,
        /pipeline/main/01/out => /offramp/ws0/01/in
    end;
    create binding /binding/default/01;
}

fn main() {}
