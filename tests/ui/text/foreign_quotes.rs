//~ ERROR: strings stand in double quotes
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select { "a": 'a' } from in into out;
}

fn main() {}
