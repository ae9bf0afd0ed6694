//~ ERROR: expected the kind of an operator, such as `qos::wal`, found `operator`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    define operator log from qos::wal;
    select event from in into out;
}

fn main() {}
