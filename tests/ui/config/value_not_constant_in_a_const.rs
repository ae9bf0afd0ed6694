//~ ERROR: the value of `host` must be a constant
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    use tremor::system;
    const host = system::hostname();
    select host from in into out;
}

fn main() {}
