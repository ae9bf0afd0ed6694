//~ ERROR: expected `,` or `end`, found `;`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    define qos::wal operator log with read_count = 20, max_elements = 1000;
    create operator log;
    select event from in into log;
    select event from log into out;
}

fn main() {}
