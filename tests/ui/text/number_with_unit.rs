//~ ERROR: a number has no unit or suffix: `ms` in `10ms`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select 10ms from in into out;
}

fn main() {}
