//~ ERROR: this string has no end
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    include "ui/text/unclosed_string.trickle";
}

fn main() {}
