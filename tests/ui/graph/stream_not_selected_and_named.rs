//~ ERROR: nothing selects from `all`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    create stream all;
    select event from in into all;
}

fn main() {}
