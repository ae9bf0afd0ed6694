//! Wrong bindings, links and mappings: each error once, at its place, with what to do.

use expect_test::expect;

use super::flow_errors::check;

#[test]
fn bindings_and_mappings() {
    check(
        r##"
flow T;
define binding b links
  onramp/a/1 => /pipeline/b/1,
  /onramp/a/1/out => /pipeline/b/1
end;
define binding b links end;
define binding b links /onramp/a/1 -> /pipeline/b/1 end;
define binding b links /onramp/a/1 => /pipeline/b/1 /onramp/a/2 => /pipeline/b/2 end;
define binding b links /onramp/a/1 => [/pipeline/b/1 /pipeline/b/2] end;
define binding b links /onramp/a/1 => [] end;
define binding b links /onramp/my-ramp/1 => /pipeline/b/1 end;
define binding b links /onramp/a/1.5 => /pipeline/b/1 end;
define binding b links /onramp/{a}/1 => /pipeline/b/1 end;
define binding b links /onramp/a/1/{out} => /pipeline/b/1 end;
define binding b links /onramp/a => /pipeline/b/1 end;
define binding b links /onramp/a/1/out/x => /pipeline/b/1 end;
define binding b links "/onramp/a" => /pipeline/b/1 end;
define binding b links "/onramp/a/{x}/#{y}" => /pipeline/b/1 end;
define binding b links "tremor://h/onramp/a/1" => "" end;
define binding b links /onramp/a/{1} => /pipeline/b/1 end;
define binding b links /onramp/a/1-2 => /pipeline/b/1 end;
define binding b /onramp/a/1 => /pipeline/b/1 end;
define binding b links /onramp/a/1 => /pipeline/b/1;
create binding binding/b/1;
create binding /binding/b/1 with x = 01 end;
create binding /binding/b/1 with x = y end;
create binding /binding/b/1 with x = "#{1}" end;
create binding /binding/b/1 with x = "1";
create binding /binding/b/1 x = "1" end;
create binding /binding/b/1
"##,
        &expect![[r#"
            3:3 expected an end of a link, `/kind/name/instance/port`, found `onramp`
              help: write `/onramp/…`, with a `/` before it
            6:24 expected an end of a link, `/kind/name/instance/port`, found `end`
              help: for example `"/onramp/metronome/01/out"`
            7:36 expected `=>`, found `->`
              help: write `=>`
            8:51 this link has no `,` behind it
              help: `,` stands between links, `end` behind the last one
            9:54 expected `,` or `]`, found `/`
            10:40 expected an end of a link, `/kind/name/instance/port`, found `]`
            11:34 expected `/` and the instance, found `-`
              help: an end of a link is `/kind/name/instance/port`, for example `"/onramp/metronome/01/out"`
              help: a part with other characters needs a string: `"/onramp/my-ramp/01/out"`
            12:34 expected the instance, found `1.5`
              help: an end of a link is `/kind/name/instance/port`, for example `"/onramp/metronome/01/out"`
              help: a part with other characters needs a string: `"/onramp/my-ramp/01/out"`
            13:32 a variable may stand for the instance only
              help: the parts are `/kind/name/instance/port`
            14:36 a variable may stand for the instance only
              help: the parts are `/kind/name/instance/port`
            15:24 `/onramp/a` has no instance
              help: write `/onramp/a/01/out`, where `01` is a name for it
            16:39 expected `=>`, found `/`
              help: an end of a link is `/kind/name/instance/port`, for example `"/onramp/metronome/01/out"`
            17:24 this is no end of a link: expected `/kind/name/instance/port`
              help: for example `"/onramp/metronome/01/out"`
            18:24 this is no end of a link: expected `/kind/name/instance/port`
              help: for example `"/onramp/metronome/01/out"`
            19:24 this is no end of a link: expected `/kind/name/instance/port`
              help: leave out `tremor://` and the host: write the path alone
            19:51 this is no end of a link: expected `/kind/name/instance/port`
              help: for example `"/pipeline/roundrobin/01/in"`
            20:35 expected a variable, such as `{instance}`, found `1`
              help: a name begins with a letter
            21:35 expected `=>`, found `-`
              help: an end of a link is `/kind/name/instance/port`, for example `"/onramp/metronome/01/out"`
              help: a part with other characters needs a string: `"/onramp/my-ramp/01/out"`
            22:18 expected `links`, found `/`
              help: write `define binding b links …`
            23:52 expected `,` or `end`, found `;`
              help: a binding's links end with `end`
              note: the binding begins at line 23
            24:16 expected a binding, `/binding/name/instance`, found `binding`
              help: write `/binding/…`, with a `/` before it
            25:38 the value of a variable is a string
              help: write `"01"`
            26:38 the value of a variable is a string
              help: write `"y"`
            27:38 a variable's value is a plain string, without `#{…}`
              help: write the value itself, as in `"01"`
            28:41 expected `,` or `end`, found `;`
              help: `with …` ends with `end`
              note: `with` begins at line 28
            29:29 expected `with` or `;`, found `x`
              help: write `with x = … end`
            30:27 this statement has no `;` behind it
              help: write `;` here
            ----
            binding b
              /onramp/a/1 => /pipeline/b/1
              /onramp/a/1/out => /pipeline/b/1
            binding b
              ? => ?
            binding b
              /onramp/a/1 => /pipeline/b/1
            binding b
              /onramp/a/1 => /pipeline/b/1
              /onramp/a/2 => /pipeline/b/2
            binding b
              /onramp/a/1 => /pipeline/b/1 + /pipeline/b/2
            binding b
              /onramp/a/1 => ?
            binding b
              ? => /pipeline/b/1
              broken: onramp my ramp
            binding b
              ? => /pipeline/b/1
              broken: onramp a
            binding b
              ? => /pipeline/b/1
              broken: onramp a
            binding b
              ? => /pipeline/b/1
              broken: onramp a out
            binding b
              ? => /pipeline/b/1
              broken: onramp a
            binding b
              ? => /pipeline/b/1
              broken: onramp a out x
            binding b
              ? => /pipeline/b/1
              broken: onramp a
            binding b
              ? => /pipeline/b/1
              broken: onramp a {x} #{y}
            binding b
              ? => ?
              broken: tremor: h onramp a 1 
            binding b
              ? => /pipeline/b/1
              broken: onramp a
            binding b
              ? => /pipeline/b/1
              broken: onramp a
            binding b
              /onramp/a/1 => /pipeline/b/1
            binding b
              /onramp/a/1 => /pipeline/b/1
            mapping /binding/b/1
            mapping /binding/b/1 x=01
            mapping /binding/b/1 x=y
            broken: create binding binding b with x #{1} end
            mapping /binding/b/1 x=1
            broken: create binding binding b x 1 end
            mapping /binding/b/1
        "#]],
    );
    check(
        r#"
flow T;
define binding b links
  /onramp/a/1 => /pipeline/b/1,
  /onramp/{a}/2 => /pipeline/b/2
end;
define onramp _ from x end;
define onramp x from x end
"#,
        &expect![[r#"
            4:11 a variable may stand for the instance only
              help: the parts are `/kind/name/instance/port`
            6:15 expected the onramp's name, found `_`
            7:24 this statement has no `;` behind it
              help: write `;` here
            ----
            binding b
              /onramp/a/1 => /pipeline/b/1
              ? => /pipeline/b/2
              broken: onramp a
            broken: define onramp _ from x end
            onramp x from x
        "#]],
    );
}
