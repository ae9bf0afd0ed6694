//~ ERROR: the parameter `token` of `url` is a secret
//~ ERROR: the header `Authorization` is a secret
#![deny(deprecated)]

use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define onramp metronome from metronome with interval = 1000 end;
    define offramp sink from ws with
        url = "wss://example.org/?token=s3cr3t",
        headers = { "X-Room": "7", "Authorization": "Bearer s3cr3t" }
    end;

    #[allow(secret_in_the_flow)]
    define offramp meant from ws with url = "ws://localhost:1/", bearer = "test" end;

    define pipeline main
        select event from in into out;
    end;

    define binding main links
        /onramp/metronome/01/out => /pipeline/main/01/in,
        /pipeline/main/01/out => [/offramp/sink/01/in, /offramp/meant/01/in]
    end;

    create binding /binding/main/01;
}

fn main() {}
