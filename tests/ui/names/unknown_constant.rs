//~ ERROR: the module `limits` has no constant `mots`
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    mod limits with
        const most = 1;
    end;
    select event from in where event < limits::mots into out;
}

fn main() {}
