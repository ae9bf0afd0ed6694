//~ ERROR: expected an expression, found `*`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select * from in into out;
}

fn main() {}
