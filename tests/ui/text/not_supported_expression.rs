//~ ERROR: `match` is not supported yet
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select match event of case 1 => 2 default => 3 end from in into out;
}

fn main() {}
