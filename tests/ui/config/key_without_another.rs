//~ ERROR: `sync` needs `dir`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    define qos::wal operator log with read_count = 20, max_elements = 1000, sync = "batch" end;
    create operator log;
    select event from in into log;
    select event from log into out;
}

fn main() {}
