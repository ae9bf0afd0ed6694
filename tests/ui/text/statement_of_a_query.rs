//~ ERROR: `select` belongs into a pipeline
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    select event from in into out;
}

fn main() {}
