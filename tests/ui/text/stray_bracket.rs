//~ ERROR: `)` closes nothing
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    include "ui/text/stray_bracket.trickle";
}

fn main() {}
