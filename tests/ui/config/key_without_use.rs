//~ ERROR: `ca_file` is used with `wss://` only
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp ws0 from ws with url = "ws://localhost:8080/", ca_file = "ca.pem" end;

    define pipeline main
        select event from in into out;
    end;

    define binding main links
        /onramp/metronome/01/out => /pipeline/main/01/in,
        /pipeline/main/01/out => /offramp/ws0/01/in
    end;

    create binding /binding/main/01;
}

fn main() {}
