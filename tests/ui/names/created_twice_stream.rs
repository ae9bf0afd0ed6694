//~ ERROR: the name `log` is already in use: an operator has it
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    define qos::wal operator log with read_count = 1, max_elements = 1 end;
    create operator log;
    create stream log;
    select event from in into log;
    select event from log into out;
}

fn main() {}
