//~ ERROR: this constant is made of itself: `a` uses `limits::b` uses `a`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    const a = limits::b + 1;
    mod limits with
        const b = a;
    end;
    select a from in into out;
}

fn main() {}
