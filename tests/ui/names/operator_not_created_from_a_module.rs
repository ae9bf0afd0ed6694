//~ ERROR: `log` is defined but never created
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    mod things with
        define qos::wal operator log with read_count = 1, max_elements = 1 end;
    end;
    select event from in into log;
    select event from log into out;
}

fn main() {}
