//~ ERROR: a name has no `-`: `my-stream`
//~ ERROR: a name has no `-`: `my-stream`
//~ ERROR: a name has no `-`: `my-stream`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    create stream my-stream;
    select event from in into my-stream;
    select event from my-stream into out;
}

fn main() {}
