//~ ERROR: `%Y-%Q` is no format of a time
use foreshock::pipeline;

pipeline! {
    pub pipeline Formats;
    use core::datetime;
    select datetime::format(event.at, "%Y-%Q") from in into out;
}

fn main() {}
