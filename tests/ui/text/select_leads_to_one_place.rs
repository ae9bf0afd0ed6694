//~ ERROR: a select leads to one place
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select event from in into out into err;
}

fn main() {}
