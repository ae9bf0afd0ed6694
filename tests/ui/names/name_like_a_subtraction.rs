//~ ERROR: this subtracts: in the macro call `-` is no part of a name
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select event.my-key from in into out;
}

fn main() {}
