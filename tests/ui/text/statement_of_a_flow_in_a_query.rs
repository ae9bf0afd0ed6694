//~ ERROR: this belongs to a flow
foreshock::pipeline! {
    pub pipeline Wrong;
    require durable;
    select event from in into out;
}

fn main() {}
