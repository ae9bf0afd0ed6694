//~ ERROR: `::` stands between the parts of this name
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    use std/string;
    select string::len(event.name) from in into out;
}

fn main() {}
