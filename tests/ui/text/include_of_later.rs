//~ ERROR: `include` is not supported yet
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    include "roundrobin.trickle";
}

fn main() {}
