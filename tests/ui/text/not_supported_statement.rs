//~ ERROR: `script` is not supported yet
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    define script side script event end;
    select event from in into out;
}

fn main() {}
