//~ ERROR: a pipeline without a flow keeps nothing on disk
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    define qos::wal operator log with read_count = 20, dir = "./wal" end;
    create operator log;
    select event from in into log;
    select event from log into out;
}

fn main() {}
