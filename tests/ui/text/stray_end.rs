//~ ERROR: this `end` closes nothing
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select event from in into out end;
}

fn main() {}
