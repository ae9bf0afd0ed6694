//~ ERROR: `stream` is not supported yet
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    create stream side;
    select event from in into out;
}

fn main() {}
