//! The family *files*, as far as `.yaml` goes: what is no YAML is told at the line that mends it, and what a comment allows.

use super::rules::yaml;

#[test]
fn what_is_no_yaml_is_told_where_it_is_mended() {
    let no_yaml = |text: &str, place: &str, message: &str| yaml(text, &[("no_yaml", place, message)]);
    let missing = "this line has no `:` behind its key";
    no_yaml("onramp:\n  - id: m\n    config\n      interval: 1\n", "3:5", missing);
    no_yaml("onramp:\n  - id: m\n    config\n      interval: 1\n", "3:5", "help: write `config:`");
    no_yaml("onramp\n# a comment\n\n  - id: m\n", "1:1", "help: write `onramp:`");
    no_yaml("onramp\n  - id: m\n", "1:1", "help: write `onramp:`");
    no_yaml("onramp:\n  - id m\n    type: metronome\n", "2:5", "help: write `id: m`");
    no_yaml(
        "onramp:\n  - id: m # the one\n    type metronome # one\n    codec: json\n",
        "3:5",
        "write `type: metronome`",
    );
    no_yaml("onramp:\n// a comment\n", "2:1", "begin comments with `#`");
    no_yaml("onramp:\n  - id: m\n    config:\n\tinterval: 1\n", "4:1", "indent with spaces");
    no_yaml("onramp:\n  - id: m\n  \ttype: metronome\n", "3:3", "indent with spaces");
    no_yaml("onramp:\n  - id: m\n    config: interval: 1\n", "3:21", "a second `:` in one line");
    no_yaml("onramp:\n  - id: m\n   type: metronome\n", "3:4", "indented otherwise");
    no_yaml("onramp:\n  - id: \"m\n    type: metronome\n", "2:9", "this quote has no end");
    no_yaml("onramp:\n  - id: m\n    config: [a, b\n", "3:13", "`[` is not closed");
    no_yaml("onramp:\n  - id: m\n    config: {a: [1, 2], b: 1 # }\n", "3:13", "`{` is not closed");
    no_yaml("onramp\u{e9}\n  - id: \u{e9}\n", "1:1", missing);
    no_yaml("onramp:\n  -id: a\n    type: b\n", "2:3", "write `- id: a`");
    no_yaml("onramp:\n  - id: [a, b\nofframp:\n", "2:9", "`[` is not closed");
    no_yaml("onramp:\n  - id: a\n      type: b\n", "3:11", "the keys of one map stand in one column");
}

const RIGHT: &str = "onramp:
  - id: m
    type: metronome
    config:
      interval: 1
offramp:
  - id: sink
    type: blackhole
binding:
  - id: b
    links:
      /onramp/m/01/out: [/pipeline/main/01/in]
      /pipeline/main/01/out: [/offramp/sink/01/in]
mapping:
  /binding/b/01:
";

#[test]
fn a_comment_allows_what_is_in_the_item_behind_it() {
    let with = |before: &str, comment: &str, between: &str| {
        let spare = format!("offramp:\n{comment}  - id: spare\n    type: blackhole\n{between}");
        format!("{before}{}", RIGHT.replace("offramp:\n", &spare))
    };
    let unused =
        |place: &'static str| ("unused_artefact", place, "the offramp `spare` is defined and never used");
    yaml(&with("", "", ""), &[unused("7:9")]);
    yaml(&with("", "  # allow(unused_artefact)\n", ""), &[]);
    yaml(&with("", "\n# allow(unused_operator, unused_artefact)\n  # a spare one\n\n", ""), &[]);
    yaml(&with("# allow(unused_artefact)\n", "", ""), &[]);
    yaml(&with("---\n# The whole file.\n\n# allow(unused_artefact)\n", "", ""), &[]);
    // before another item
    yaml(&with("", "", "  # allow(unused_artefact)\n"), &[unused("7:9")]);
    // behind something in its line, or with more words, it is just a comment
    yaml(&with("", "", "").replace("- id: spare", "- id: spare # allow(unused_artefact)"), &[unused("7:9")]);
    yaml(&with("", "  # we allow(unused_artefact)\n", ""), &[unused("8:9")]);
}

#[test]
fn a_comment_before_a_key_allows_what_is_below_it() {
    let spare = "offramp:\n  - id: spare\n    type: blackhole\n";
    let all = RIGHT.replace("offramp:\n", spare);
    yaml(&all.replace("offramp:\n", "# allow(unused_artefact)\nofframp:\n"), &[]);
    yaml(
        &all.replace("binding:\n", "# allow(unused_artefact)\nbinding:\n"),
        &[("unused_artefact", "7:9", "")],
    );
    let other = "  - id: c\n    links:\n      /onramp/m/02/out: [/offramp/sink/02/in]\n";
    let bindings = RIGHT.replace("binding:\n", &format!("binding:\n  # allow(binding_not_mapped)\n{other}"));
    yaml(&bindings, &[]);
}

#[test]
fn only_rules_that_warn_can_be_allowed_in_a_file() {
    let with = |comment: &str| RIGHT.replace("  - id: sink", &format!("  # {comment}\n  - id: sink"));
    yaml(&with("allow(unused_artefact)"), &[]);
    yaml(&with("allow(unused_artifact)"), &[("unknown_rule", "7:11", "did you mean `unused_artefact`?")]);
    yaml(&with("allow(unknown_key)"), &[("unknown_rule", "7:11", "is an error, and cannot be allowed")]);
}

#[test]
fn a_comment_in_a_text_of_several_lines_is_none() {
    let text = "description: |\n      # allow(nothing)\n      text\n";
    yaml(&RIGHT.replace("  - id: sink\n", &format!("  - id: sink\n    {text}")), &[]);
}
