//! A flow with a secret wherever one may be: in the flow's own text and in the environment. Ports come by `--set` and the
//! environment.

use foreshock::pipeline;

pipeline! {
    /// Metronome events, kept on disk, for three servers that want to know who asks.
    pub flow Secretive;

    define onramp metronome from metronome with interval = 5 end;

    define offramp token from ws with
        url = env("FORESHOCK_TEST_URL"),
        bearer = env("FORESHOCK_TEST_TOKEN"),
        backoff_min = 10,
        backoff_max = 50
    end;
    #[allow(secret_in_the_flow)]
    define offramp password from ws with
        url = "ws://localhost:1/in?key=s3cr3t-query&room=7",
        basic = "user:s3cr3t-password",
        backoff_min = 10,
        backoff_max = 50
    end;
    define offramp header from ws with
        url = "ws://localhost:1/",
        headers = { "X-Key": "s3cr3t-header", "Authorization": env("FORESHOCK_TEST_HEADER") },
        backoff_min = 10,
        backoff_max = 50
    end;

    define pipeline shared
        define qos::wal operator log with
            read_count = 20,
            max_elements = 1000,
            dir = "./secretive.wal"
        end;
        define qos::roundrobin operator share with outputs = ["token", "password", "header"] end;
        create operator log;
        create operator share;
        select { "id": event.id } from in into log;
        select event from log into share;
        select event from share/token into out/token;
        select event from share/password into out/password;
        select event from share/header into out/header;
    end;

    define binding default links
        /onramp/metronome/{instance}/out  => /pipeline/shared/{instance}/in,
        /pipeline/shared/{instance}/token => /offramp/token/{instance}/in,
        /pipeline/shared/{instance}/password => /offramp/password/{instance}/in,
        /pipeline/shared/{instance}/header => /offramp/header/{instance}/in
    end;

    create binding /binding/default/01 with instance = "01" end;
}
