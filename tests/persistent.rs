//! The founding flow with its log on disk. Urls, limits, timeouts, the directory and the interval come by `--set`.

use foreshock::pipeline;

pipeline! {
    /// Metronome events, kept on disk and shared out over three websocket servers.
    pub flow Persistent;

    define onramp metronome from metronome with
        interval = 1000                              // milliseconds
    end;

    define offramp ws0 from ws with url = "ws://localhost:8080/" end;
    define offramp ws1 from ws with url = "ws://localhost:8081/" end;
    define offramp ws2 from ws with url = "ws://localhost:8082/" end;

    define pipeline roundrobin
        use tremor::system;

        define qos::wal operator on_disk_wal with
            read_count = 20,
            max_elements = 1000,                     // events
            max_bytes = 10485760,                    // bytes of files, 10 MiB
            dir = "./persistent.wal"
        end;

        define qos::roundrobin operator roundrobin with
            outputs = ["ws0", "ws1", "ws2"]
        end;

        create operator on_disk_wal;
        create operator roundrobin;

        select merge event of { "hostname": system::hostname() } end
        from in into on_disk_wal;

        select event from on_disk_wal into roundrobin;

        select event from roundrobin/ws0 into out/ws0;
        select event from roundrobin/ws1 into out/ws1;
        select event from roundrobin/ws2 into out/ws2;
    end;

    define binding default links
        /onramp/metronome/{instance}/out    => /pipeline/roundrobin/{instance}/in,
        /pipeline/roundrobin/{instance}/ws0 => /offramp/ws0/{instance}/in,
        /pipeline/roundrobin/{instance}/ws1 => /offramp/ws1/{instance}/in,
        /pipeline/roundrobin/{instance}/ws2 => /offramp/ws2/{instance}/in
    end;

    create binding /binding/default/01 with instance = "01" end;
}

/// A flow with two logs on disk, which delivers to nobody.
pub mod twofold {
    foreshock::pipeline! {
        /// Metronome events through two logs on disk.
        pub flow Twofold;

        define onramp metronome from metronome with interval = 1000 end;
        define offramp nowhere from blackhole end;

        define pipeline first
            define qos::wal operator log with read_count = 20, dir = "./first.wal" end;
            create operator log;
            select event from in into log;
            select event from log into out;
        end;

        define pipeline second
            define qos::wal operator log with read_count = 20, dir = "./second.wal" end;
            create operator log;
            select event from in into log;
            select event from log into out;
        end;

        define binding default links
            /onramp/metronome/01/out => /pipeline/first/01/in,
            /pipeline/first/01/out   => /pipeline/second/01/in,
            /pipeline/second/01/out  => /offramp/nowhere/01/in
        end;

        create binding /binding/default/01;
    }
}
