//~ ERROR: `string::len` takes 1 argument, not 2
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    use std::string;
    select string::len(event.name, 1) from in into out;
}

fn main() {}
