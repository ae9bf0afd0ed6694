//~ ERROR: expected `into`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select event from in;
}

fn main() {}
