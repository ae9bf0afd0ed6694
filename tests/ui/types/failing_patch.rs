//~ ERROR: `insert` finds a field `id` already there
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select patch { "id": event } of insert "id" => 1 end from in into out;
}

fn main() {}
