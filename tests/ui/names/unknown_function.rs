//~ ERROR: `tremor::system` has no function `hostnam`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    use tremor::system;
    select system::hostnam() from in into out;
}

fn main() {}
