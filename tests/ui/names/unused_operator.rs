//~ ERROR: the operator `spare` is defined and never used
#![deny(deprecated)]

use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    define qos::wal operator spare with read_count = 20, max_elements = 1000 end;

    select event from in into out;
}

fn main() {}
