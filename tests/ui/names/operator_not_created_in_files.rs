//~ ERROR: `in_memory_wal` is defined but never created
use foreshock::pipeline;

pipeline! {
    pub flow RoundRobin;

    include "customer/printed/*";
}

fn main() -> std::process::ExitCode {
    RoundRobin::main()
}
