//~ ERROR: an event can go more than 4096 ways from here on
use foreshock::pipeline;

pipeline! {
    pub pipeline Wrong;

    select event from in into s0;
    create stream s0;
    select event from s0 into s1;
    select event from s0 into s1;
    create stream s1;
    select event from s1 into s2;
    select event from s1 into s2;
    create stream s2;
    select event from s2 into s3;
    select event from s2 into s3;
    create stream s3;
    select event from s3 into s4;
    select event from s3 into s4;
    create stream s4;
    select event from s4 into s5;
    select event from s4 into s5;
    create stream s5;
    select event from s5 into s6;
    select event from s5 into s6;
    create stream s6;
    select event from s6 into s7;
    select event from s6 into s7;
    create stream s7;
    select event from s7 into s8;
    select event from s7 into s8;
    create stream s8;
    select event from s8 into s9;
    select event from s8 into s9;
    create stream s9;
    select event from s9 into s10;
    select event from s9 into s10;
    create stream s10;
    select event from s10 into s11;
    select event from s10 into s11;
    create stream s11;
    select event from s11 into s12;
    select event from s11 into s12;
    create stream s12;
    select event from s12 into out;
    select event from s12 into out;
}

fn main() {}
