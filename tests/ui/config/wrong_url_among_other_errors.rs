//~ ERROR: `url` cannot have the scheme `http`
//~ ERROR: the offramp `ws1` is defined twice
//~ ERROR: `url` must be a string, not 8082
//~ ERROR: `max_elements` must be at least 1
//~ ERROR: there is no key `max_byte`
//~ ERROR: nothing selects from `roundrobin/ws3`
//~ ERROR: there is no kind of operator called `qos::wall`
//~ ERROR: `event` has no field `idd`
//~ ERROR: `spare` is defined but never created
//~ ERROR: `roundrobin` has no port `ws4`
//~ ERROR: no link takes `/pipeline/roundrobin/01/ws9`
//~ ERROR: there is no offramp `ws7`
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define onramp metronome from metronome with
        interval = 1000
    end;

    define offramp ws0 from ws with url = "http://localhost:8080/" end;
    define offramp ws1 from ws with url = "ws://localhost:8081/" end;
    define offramp ws1 from ws with url = "ws://localhost:8081/" end;
    define offramp ws2 from ws with url = 8082 end;

    define pipeline roundrobin
        use tremor::system;

        define qos::wal operator in_memory_wal with
            read_count = 20,
            max_elements = 0,
            max_byte = 10485760
        end;

        define qos::roundrobin operator roundrobin with
            outputs = ["ws0", "ws1", "ws2", "ws3"]
        end;

        define qos::wall operator other with read_count = 20, max_elements = 1000 end;
        define qos::wal operator spare with read_count = 20, max_elements = 1000 end;

        create operator in_memory_wal;
        create operator roundrobin;

        select merge event of { "hostname": system::hostname() } end
        from in into in_memory_wal;

        select event from in_memory_wal where event.idd > 10 into roundrobin;
        select event from in_memory_wal into spare;

        select event from roundrobin/ws0 into out/ws0;
        select event from roundrobin/ws1 into out/ws1;
        select event from roundrobin/ws4 into out/ws2;
        select event from in into out/ws9;
    end;

    define binding default links
        /onramp/metronome/{instance}/out    => /pipeline/roundrobin/{instance}/in,
        /pipeline/roundrobin/{instance}/ws0 => /offramp/ws0/{instance}/in,
        /pipeline/roundrobin/{instance}/ws1 => /offramp/ws7/{instance}/in,
        /pipeline/roundrobin/{instance}/ws2 => /offramp/ws2/{instance}/in
    end;

    create binding /binding/default/01 with instance = "01" end;
}

fn main() {}
