//~ ERROR: `state` is not supported yet
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select state from in into out;
}

fn main() {}
