//~ ERROR: there is no module `sistem`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    use tremor::system;
    select sistem::hostname() from in into out;
}

fn main() {}
