//! What the end-to-end tests share, and the simulation of the founding flow: a recording websocket server, and a harness that runs it and flows as separate
//! processes, kills and freezes them, and accounts for every event. It knows foreshock only from outside: by its
//! command line, its signals and exit codes, and the frames that arrive. (`strict`, `founding`, `persistent`, `secretive` and `lines` only have to compile.)

pub mod chaos;
pub mod founding;
pub mod harness;
pub mod lines;
pub mod persistent;
pub mod recorder;
pub mod secretive;
pub mod simulation;
pub mod strict;
