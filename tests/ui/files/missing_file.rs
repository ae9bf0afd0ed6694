//~ ERROR: there is no file `customer/printed/roundrobn.trickle`
//~ ERROR: no file matches `customer/none/*`
use foreshock::pipeline;

pipeline! {
    pub flow Wrong;

    include "customer/printed/roundrobn.trickle";
    include "customer/none/*";
}

fn main() -> std::process::ExitCode {
    Wrong::main()
}
