//~ ERROR: a value has no functions of its own
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select event.name.len() from in into out;
}

fn main() {}
