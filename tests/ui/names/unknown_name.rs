//~ ERROR: there is no name `evnt`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select evnt from in into out;
}

fn main() {}
