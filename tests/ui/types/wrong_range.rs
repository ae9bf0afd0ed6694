//~ ERROR: a range cannot end (at 1) before it starts (at 3)
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select event[3:1] from in into out;
}

fn main() {}
