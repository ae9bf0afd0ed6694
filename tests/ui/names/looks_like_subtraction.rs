//~ ERROR: `a-1` is one name in a file, not a subtraction
#![deny(deprecated)]

use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    include "ui/names/looks_like_subtraction.trickle";
}

fn main() {}
