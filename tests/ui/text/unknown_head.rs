//~ ERROR: expected `flow Name;` or `pipeline Name;`, found `flw`
use foreshock::pipeline;

pipeline! {
    pub flw Wrong;

    select event from in into out;
}

fn main() {}
