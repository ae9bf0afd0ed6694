//~ ERROR: expected `;`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    use tremor::system
    select event from in into out;
}

fn main() {}
