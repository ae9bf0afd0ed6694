//~ ERROR: there is no name `hello`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select { "greeting": hello } from in into out;
}

fn main() {}
