//~ ERROR: expected an operation, found `set`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select patch event of set "a" => 1 end from in into out;
}

fn main() {}
