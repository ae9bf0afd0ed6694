//~ ERROR: a port stands behind a `/`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select event from in into out::side;
}

fn main() {}
