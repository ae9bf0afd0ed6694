//~ ERROR: `\q` is no escape
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select r"a\qb" from in into out;
}

fn main() {}
