//~ ERROR: this statement has no `;` behind it
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    use tremor::system
    select event from in into out;
}

fn main() {}
