//~ ERROR: a number has one dot
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select 127.0.0.1 from in into out;
}

fn main() {}
