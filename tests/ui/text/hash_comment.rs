//~ ERROR: `#` does not begin a comment inside `pipeline!`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    # one
    select event from in into out; # two
}

fn main() {}
