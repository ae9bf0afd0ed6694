//~ ERROR: there is no operator `&&`
//~ ERROR: there is no operator `<>`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select event from in where event.a && event.b <> 1 into out;
}

fn main() {}
