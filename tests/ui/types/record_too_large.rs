//~ ERROR: a record of 4680 fields, 4 levels deep, is too large
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    define qos::wal operator log with read_count = 20, max_elements = 1000 end;
    create operator first from log;
    create operator second from log;
    create operator third from log;
    select { "a": event, "b": event, "c": event, "d": event, "e": event, "f": event, "g": event, "h": event } from in into first;
    select { "a": event, "b": event, "c": event, "d": event, "e": event, "f": event, "g": event, "h": event } from first into second;
    select { "a": event, "b": event, "c": event, "d": event, "e": event, "f": event, "g": event, "h": event } from second into third;
    select { "a": event, "b": event, "c": event, "d": event, "e": event, "f": event, "g": event, "h": event } from third into out;
}

fn main() {}
