//~ ERROR: `merge` takes two records; this is an integer
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select merge event of 1 end from in into out;
}

fn main() {}
