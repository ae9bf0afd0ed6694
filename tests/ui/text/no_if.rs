//~ ERROR: there is no `if`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select if event.id > 1 { 1 } else { 2 } from in into out;
}

fn main() {}
