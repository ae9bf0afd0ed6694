//! The persistent twin of the founding flow: the same, with its log on disk, and longer events.

use foreshock::pipeline;

pipeline! {
    /// Metronome events, kept on disk until one of three websocket servers has them.
    pub flow Twin;

    define onramp metronome from metronome with interval = 1000 end;

    define offramp ws0 from ws with url = "ws://localhost:8080/" end;
    define offramp ws1 from ws with url = "ws://localhost:8081/" end;
    define offramp ws2 from ws with url = "ws://localhost:8082/" end;

    define pipeline roundrobin
        use tremor::system;

        define qos::wal operator on_disk_wal with
            read_count = 20,
            max_elements = 1000,
            max_bytes = 10485760,
            dir = "./wal"
        end;

        define qos::roundrobin operator roundrobin with
            outputs = ["ws0", "ws1", "ws2"]
        end;

        create operator on_disk_wal;
        create operator roundrobin;

        select merge event of {
            "hostname": system::hostname(),
            "text": "all that is told here is told again in each event, so that a small log is full soon, and a segment holds a few events only; then it must be cleaned"
        } end
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
