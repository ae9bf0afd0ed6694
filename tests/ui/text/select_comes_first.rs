//~ ERROR: `from` stands behind `select`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    from in select event into out;
}

fn main() {}
