//~ ERROR: `%` by zero
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select 7 % 0 from in into out;
}

fn main() {}
