//~ ERROR: the constant `spare` is defined and never used
#![deny(deprecated)]

use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    const spare = 1;

    #[allow(unused_constant)]
    const meant_to_stay = 2;

    select event from in into out;
}

fn main() {}
