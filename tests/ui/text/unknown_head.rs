//~ ERROR: expected `flow` or `pipeline`
use foreshock::pipeline;

pipeline! {
    pub flw Wrong;

    select event from in into out;
}

fn main() {}
