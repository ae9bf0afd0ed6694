//~ ERROR: this line has no `:` behind its key
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    define pipeline main
        select event from in into out;
    end;

    include "ui/files/no_yaml.yaml";
}

fn main() {}
