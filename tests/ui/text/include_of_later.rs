//~ ERROR: `include` is not supported yet
//~ ERROR: nothing is created
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    include "roundrobin.trickle";
}

fn main() {}
