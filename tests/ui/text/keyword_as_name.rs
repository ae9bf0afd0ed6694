//~ ERROR: `stream` is a keyword, not a name
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    define qos::wal operator stream with read_count = 20, max_elements = 1000 end;
    create operator r#stream;
    select event from in into r#stream;
    select event from r#stream into out;
}

fn main() {}
