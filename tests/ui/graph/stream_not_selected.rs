//~ ERROR: nothing selects from `spare`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    create stream spare;
    select event from in into spare;
    select event from in into out;
}

fn main() {}
