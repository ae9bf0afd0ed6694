//~ ERROR: expected a statement, found `selekt`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    selekt event from in into out;
}

fn main() {}
