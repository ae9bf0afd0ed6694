//~ ERROR: `having`: a boolean is needed, not an integer
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select { "n": 1 } from in into out having event.n;
}

fn main() {}
