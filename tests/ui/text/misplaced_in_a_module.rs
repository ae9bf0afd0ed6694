//~ ERROR: `select` cannot stand in a module, which only defines
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    mod limits with
        const most = 1;
        select event from in into out;
    end;
}

fn main() {}
