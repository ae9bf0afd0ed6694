//! A `.yaml` file of a deployment, beside the query that it deploys.

use crate::Target;
use crate::compiled::{self, Memory};

/// A `.yaml` file.
pub const TARGET: Target = Target {
    name: "yaml",
    run,
    longest: 4 * 1024,
    words: &[
        b"onramp:\n",
        b"offramp:\n",
        b"binding:\n",
        b"mapping:\n",
        b"pipeline:\n",
        b"  - id: ",
        b"    type: ",
        b"    config:\n",
        b"    codec: json\n",
        b"    links:\n",
        b"metronome",
        b"ws",
        b"interval: ",
        b"url: ws://localhost/\n",
        b"\"/onramp/a/{instance}/out\"",
        b": [",
        b"\"/pipeline/x/{instance}/in\"",
        b"]",
        b"  /binding/default/01:\n",
        b"    instance: \"01\"\n",
        b"{",
        b"}",
        b"[",
        b", ",
        b"&a ",
        b"*a",
        b"!!str ",
        b"!t ",
        b"<<: *a",
        b"? ",
        b": ",
        b"- ",
        b"|\n",
        b">\n",
        b"|2-\n",
        b"'",
        b"\"",
        b"\\x41",
        b"\\u00e4",
        b"\\U0001F600",
        b"#",
        b"---\n",
        b"...\n",
        b"%YAML 1.2\n",
        b"~",
        b"null",
        b"true",
        b"1e999",
        b"0x10",
        b"0o7",
        b".nan",
        b"99999999999999999999",
        b"2001-01-01",
        b"\t",
        b"\r",
        b"\r\n",
        b"\xc2\x85",
        b"\xe2\x80\xa8",
        b"\xef\xbb\xbf",
        b"\xff",
        b"\0",
        b"\xf0\x9f\x98\x80",
        b"\xe2\x80\xae",
    ],
};

/// The body of the target.
pub fn run(data: &[u8]) {
    let query = include_bytes!("../../customer/mended/roundrobin.trickle");
    let files = [("deployment.yaml", data), ("roundrobin.trickle", &query[..])];
    let call = "flow Test; include \"deployment.yaml\"; include \"roundrobin.trickle\";";
    compiled::check(call, call.parse().expect("it is Rust tokens"), &Memory(&files));
}
