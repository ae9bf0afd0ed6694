//! A short run of the chaos command.

use std::process::Command;

#[test]
fn ten_kills_and_freezes_lose_nothing() {
    let output = Command::new(env!("CARGO_BIN_EXE_chaos")).args(["--kills", "10"]).output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}\n{stderr}");
    assert!(stdout.contains("lost 0"), "{stdout}");
}

#[test]
fn wrong_usage_is_told() {
    let output = Command::new(env!("CARGO_BIN_EXE_chaos")).args(["--kills"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("takes a number"));
}
