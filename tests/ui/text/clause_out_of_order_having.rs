//~ ERROR: `having` stands behind `into`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select event from in having event.n > 1 into out;
}

fn main() {}
