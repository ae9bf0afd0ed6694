//~ ERROR: the module `system` is not in use
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select system::hostname() from in into out;
}

fn main() {}
