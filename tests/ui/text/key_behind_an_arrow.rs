//~ ERROR: before a key stands `.`, not `->`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select event->id from in into out;
}

fn main() {}
