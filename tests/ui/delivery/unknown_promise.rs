//~ ERROR: there is no promise `at_least_one` that a flow can require
foreshock::pipeline! {
    pub flow Wrong;
    require at_least_one;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp ws0 from ws with url = "ws://localhost:8080/" end;
    define pipeline main
        define qos::wal operator log with read_count = 20, max_elements = 1000 end;
        create operator log;
        select event from in into log;
        select event from log into out;
    end;
    define binding default links
        /onramp/metronome/01/out => /pipeline/main/01/in,
        /pipeline/main/01/out => /offramp/ws0/01/in
    end;
    create binding /binding/default/01;
}

fn main() {}
