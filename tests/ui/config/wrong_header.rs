//~ ERROR: `headers` cannot have `Sec-WebSocket-Protocol`: the handshake sets it
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp sink from blackhole end;
    define offramp ws0 from ws with
        url = "wss://localhost:8080/",
        headers = { "X-Tenant": "acme", "Sec-WebSocket-Protocol": "chat" }
    end;

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
