//~ ERROR: the module `spare` is defined and never used
#![deny(deprecated)]

use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    mod spare with
        const x = 1;
    end;

    select event from in into out;
}

fn main() {}
