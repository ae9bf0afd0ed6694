//~ ERROR: expected `from`, found `form`
//~ ERROR: nothing is created: the flow has no mapping
use foreshock::pipeline;

pipeline! {
    pub pipeline Broken;

    select event form in into out;
}

pipeline! {
    flow Whole;

    define pipeline counted
        select { "n": event.n } from in into out;
    end;
}

fn main() {
    let mut query = Broken::new();
    query.push("in", foreshock::Value::Null).expect("there is room");
    while let Some(output) = query.next_output() {
        query.ack(output.delivery);
    }
    let same: foreshock::testing::Harness<broken::Broken> = foreshock::testing::Harness::new();
    let _ = (same, foreshock::testing::Harness::<whole::Counted>::new());
}
