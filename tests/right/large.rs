//! A flow of more than two hundred statements, and expressions of many parts.

use foreshock::testing::Harness;

use crate::check;

foreshock::pipeline! {
    /// Sixty streams in a row, each with a constant and a select of its own; and twenty logs that are fed by all.
    pub(crate) pipeline Long;

    const c0 = 1; create stream s0; select patch event of upsert "n0" => c0 end from in where event.stop > 0 into s0;
    const c1 = c0 + 1; create stream s1; select patch event of upsert "n1" => c1 end from s0 where event.stop > 1 into s1;
    const c2 = c1 + 1; create stream s2; select patch event of upsert "n2" => c2 end from s1 where event.stop > 2 into s2;
    const c3 = c2 + 1; create stream s3; select patch event of upsert "n3" => c3 end from s2 where event.stop > 3 into s3;
    const c4 = c3 + 1; create stream s4; select patch event of upsert "n4" => c4 end from s3 where event.stop > 4 into s4;
    const c5 = c4 + 1; create stream s5; select patch event of upsert "n5" => c5 end from s4 where event.stop > 5 into s5;
    const c6 = c5 + 1; create stream s6; select patch event of upsert "n6" => c6 end from s5 where event.stop > 6 into s6;
    const c7 = c6 + 1; create stream s7; select patch event of upsert "n7" => c7 end from s6 where event.stop > 7 into s7;
    const c8 = c7 + 1; create stream s8; select patch event of upsert "n8" => c8 end from s7 where event.stop > 8 into s8;
    const c9 = c8 + 1; create stream s9; select patch event of upsert "n9" => c9 end from s8 where event.stop > 9 into s9;
    const c10 = c9 + 1; create stream s10; select patch event of upsert "n0" => c10 end from s9 where event.stop > 10 into s10;
    const c11 = c10 + 1; create stream s11; select patch event of upsert "n1" => c11 end from s10 where event.stop > 11 into s11;
    const c12 = c11 + 1; create stream s12; select patch event of upsert "n2" => c12 end from s11 where event.stop > 12 into s12;
    const c13 = c12 + 1; create stream s13; select patch event of upsert "n3" => c13 end from s12 where event.stop > 13 into s13;
    const c14 = c13 + 1; create stream s14; select patch event of upsert "n4" => c14 end from s13 where event.stop > 14 into s14;
    const c15 = c14 + 1; create stream s15; select patch event of upsert "n5" => c15 end from s14 where event.stop > 15 into s15;
    const c16 = c15 + 1; create stream s16; select patch event of upsert "n6" => c16 end from s15 where event.stop > 16 into s16;
    const c17 = c16 + 1; create stream s17; select patch event of upsert "n7" => c17 end from s16 where event.stop > 17 into s17;
    const c18 = c17 + 1; create stream s18; select patch event of upsert "n8" => c18 end from s17 where event.stop > 18 into s18;
    const c19 = c18 + 1; create stream s19; select patch event of upsert "n9" => c19 end from s18 where event.stop > 19 into s19;
    const c20 = c19 + 1; create stream s20; select patch event of upsert "n0" => c20 end from s19 where event.stop > 20 into s20;
    const c21 = c20 + 1; create stream s21; select patch event of upsert "n1" => c21 end from s20 where event.stop > 21 into s21;
    const c22 = c21 + 1; create stream s22; select patch event of upsert "n2" => c22 end from s21 where event.stop > 22 into s22;
    const c23 = c22 + 1; create stream s23; select patch event of upsert "n3" => c23 end from s22 where event.stop > 23 into s23;
    const c24 = c23 + 1; create stream s24; select patch event of upsert "n4" => c24 end from s23 where event.stop > 24 into s24;
    const c25 = c24 + 1; create stream s25; select patch event of upsert "n5" => c25 end from s24 where event.stop > 25 into s25;
    const c26 = c25 + 1; create stream s26; select patch event of upsert "n6" => c26 end from s25 where event.stop > 26 into s26;
    const c27 = c26 + 1; create stream s27; select patch event of upsert "n7" => c27 end from s26 where event.stop > 27 into s27;
    const c28 = c27 + 1; create stream s28; select patch event of upsert "n8" => c28 end from s27 where event.stop > 28 into s28;
    const c29 = c28 + 1; create stream s29; select patch event of upsert "n9" => c29 end from s28 where event.stop > 29 into s29;
    const c30 = c29 + 1; create stream s30; select patch event of upsert "n0" => c30 end from s29 where event.stop > 30 into s30;
    const c31 = c30 + 1; create stream s31; select patch event of upsert "n1" => c31 end from s30 where event.stop > 31 into s31;
    const c32 = c31 + 1; create stream s32; select patch event of upsert "n2" => c32 end from s31 where event.stop > 32 into s32;
    const c33 = c32 + 1; create stream s33; select patch event of upsert "n3" => c33 end from s32 where event.stop > 33 into s33;
    const c34 = c33 + 1; create stream s34; select patch event of upsert "n4" => c34 end from s33 where event.stop > 34 into s34;
    const c35 = c34 + 1; create stream s35; select patch event of upsert "n5" => c35 end from s34 where event.stop > 35 into s35;
    const c36 = c35 + 1; create stream s36; select patch event of upsert "n6" => c36 end from s35 where event.stop > 36 into s36;
    const c37 = c36 + 1; create stream s37; select patch event of upsert "n7" => c37 end from s36 where event.stop > 37 into s37;
    const c38 = c37 + 1; create stream s38; select patch event of upsert "n8" => c38 end from s37 where event.stop > 38 into s38;
    const c39 = c38 + 1; create stream s39; select patch event of upsert "n9" => c39 end from s38 where event.stop > 39 into s39;
    const c40 = c39 + 1; create stream s40; select patch event of upsert "n0" => c40 end from s39 where event.stop > 40 into s40;
    const c41 = c40 + 1; create stream s41; select patch event of upsert "n1" => c41 end from s40 where event.stop > 41 into s41;
    const c42 = c41 + 1; create stream s42; select patch event of upsert "n2" => c42 end from s41 where event.stop > 42 into s42;
    const c43 = c42 + 1; create stream s43; select patch event of upsert "n3" => c43 end from s42 where event.stop > 43 into s43;
    const c44 = c43 + 1; create stream s44; select patch event of upsert "n4" => c44 end from s43 where event.stop > 44 into s44;
    const c45 = c44 + 1; create stream s45; select patch event of upsert "n5" => c45 end from s44 where event.stop > 45 into s45;
    const c46 = c45 + 1; create stream s46; select patch event of upsert "n6" => c46 end from s45 where event.stop > 46 into s46;
    const c47 = c46 + 1; create stream s47; select patch event of upsert "n7" => c47 end from s46 where event.stop > 47 into s47;
    const c48 = c47 + 1; create stream s48; select patch event of upsert "n8" => c48 end from s47 where event.stop > 48 into s48;
    const c49 = c48 + 1; create stream s49; select patch event of upsert "n9" => c49 end from s48 where event.stop > 49 into s49;
    const c50 = c49 + 1; create stream s50; select patch event of upsert "n0" => c50 end from s49 where event.stop > 50 into s50;
    const c51 = c50 + 1; create stream s51; select patch event of upsert "n1" => c51 end from s50 where event.stop > 51 into s51;
    const c52 = c51 + 1; create stream s52; select patch event of upsert "n2" => c52 end from s51 where event.stop > 52 into s52;
    const c53 = c52 + 1; create stream s53; select patch event of upsert "n3" => c53 end from s52 where event.stop > 53 into s53;
    const c54 = c53 + 1; create stream s54; select patch event of upsert "n4" => c54 end from s53 where event.stop > 54 into s54;
    const c55 = c54 + 1; create stream s55; select patch event of upsert "n5" => c55 end from s54 where event.stop > 55 into s55;
    const c56 = c55 + 1; create stream s56; select patch event of upsert "n6" => c56 end from s55 where event.stop > 56 into s56;
    const c57 = c56 + 1; create stream s57; select patch event of upsert "n7" => c57 end from s56 where event.stop > 57 into s57;
    const c58 = c57 + 1; create stream s58; select patch event of upsert "n8" => c58 end from s57 where event.stop > 58 into s58;
    const c59 = c58 + 1; create stream s59; select patch event of upsert "n9" => c59 end from s58 where event.stop > 59 into s59;
    define qos::wal operator wal with read_count = 10, max_elements = 100 end;
    create operator l0 from wal; select event from s0 into l0; select event.n0 from l0 where event.stop > 0 into out/p0;
    create operator l1 from wal; select event from s3 into l1; select event.n3 from l1 where event.stop > 3 into out/p1;
    create operator l2 from wal; select event from s6 into l2; select event.n6 from l2 where event.stop > 6 into out/p2;
    create operator l3 from wal; select event from s9 into l3; select event.n9 from l3 where event.stop > 9 into out/p3;
    create operator l4 from wal; select event from s12 into l4; select event.n2 from l4 where event.stop > 12 into out/p4;
    create operator l5 from wal; select event from s15 into l5; select event.n5 from l5 where event.stop > 15 into out/p5;
    create operator l6 from wal; select event from s18 into l6; select event.n8 from l6 where event.stop > 18 into out/p6;
    create operator l7 from wal; select event from s21 into l7; select event.n1 from l7 where event.stop > 21 into out/p7;
    create operator l8 from wal; select event from s24 into l8; select event.n4 from l8 where event.stop > 24 into out/p8;
    create operator l9 from wal; select event from s27 into l9; select event.n7 from l9 where event.stop > 27 into out/p9;
    create operator l10 from wal; select event from s30 into l10; select event.n0 from l10 where event.stop > 30 into out/p10;
    create operator l11 from wal; select event from s33 into l11; select event.n3 from l11 where event.stop > 33 into out/p11;
    create operator l12 from wal; select event from s36 into l12; select event.n6 from l12 where event.stop > 36 into out/p12;
    create operator l13 from wal; select event from s39 into l13; select event.n9 from l13 where event.stop > 39 into out/p13;
    create operator l14 from wal; select event from s42 into l14; select event.n2 from l14 where event.stop > 42 into out/p14;
    create operator l15 from wal; select event from s45 into l15; select event.n5 from l15 where event.stop > 45 into out/p15;
    create operator l16 from wal; select event from s48 into l16; select event.n8 from l16 where event.stop > 48 into out/p16;
    create operator l17 from wal; select event from s51 into l17; select event.n1 from l17 where event.stop > 51 into out/p17;
    create operator l18 from wal; select event from s54 into l18; select event.n4 from l18 where event.stop > 54 into out/p18;
    create operator l19 from wal; select event from s57 into l19; select event.n7 from l19 where event.stop > 57 into out/p19;
    select event from s59 into out;
}

#[test]
fn two_hundred_statements() {
    let mut long = Harness::<long::Long>::new();
    long.push("in", r#"{"stop": 1}"#);
    assert_eq!(long.outputs(), ["p0 1"]);
    long.push("in", r#"{"stop": 100}"#);
    let mut outputs = long.outputs();
    outputs.sort();
    assert_eq!(outputs.len(), 21);
    let numbers: Vec<String> = (0..10).map(|n| format!("\"n{n}\":{}", n + 51)).collect();
    assert!(outputs.contains(&format!("out {{\"stop\":100,{}}}", numbers.join(","))), "{outputs:?}");
    for port in 0..20 {
        assert!(outputs.contains(&format!("p{port} {}", port * 3 + 1)), "{outputs:?}");
    }
    assert_eq!(long.pending(), 0);
}

foreshock::pipeline! {
    /// A record of two hundred fields, and sums, conditions and nestings that are long.
    pub(crate) pipeline Wide;
    select {
        "record": {
            "f0": event.x + 0, "f1": event.x + 1, "f2": event.x + 2, "f3": event.x + 3, "f4": event.x + 4, "f5": event.x + 5, "f6": event.x + 6, "f7": event.x + 7, "f8": event.x + 8, "f9": event.x + 9,
            "f10": event.x + 10, "f11": event.x + 11, "f12": event.x + 12, "f13": event.x + 13, "f14": event.x + 14, "f15": event.x + 15, "f16": event.x + 16, "f17": event.x + 17, "f18": event.x + 18, "f19": event.x + 19,
            "f20": event.x + 20, "f21": event.x + 21, "f22": event.x + 22, "f23": event.x + 23, "f24": event.x + 24, "f25": event.x + 25, "f26": event.x + 26, "f27": event.x + 27, "f28": event.x + 28, "f29": event.x + 29,
            "f30": event.x + 30, "f31": event.x + 31, "f32": event.x + 32, "f33": event.x + 33, "f34": event.x + 34, "f35": event.x + 35, "f36": event.x + 36, "f37": event.x + 37, "f38": event.x + 38, "f39": event.x + 39,
            "f40": event.x + 40, "f41": event.x + 41, "f42": event.x + 42, "f43": event.x + 43, "f44": event.x + 44, "f45": event.x + 45, "f46": event.x + 46, "f47": event.x + 47, "f48": event.x + 48, "f49": event.x + 49,
            "f50": event.x + 50, "f51": event.x + 51, "f52": event.x + 52, "f53": event.x + 53, "f54": event.x + 54, "f55": event.x + 55, "f56": event.x + 56, "f57": event.x + 57, "f58": event.x + 58, "f59": event.x + 59,
            "f60": event.x + 60, "f61": event.x + 61, "f62": event.x + 62, "f63": event.x + 63, "f64": event.x + 64, "f65": event.x + 65, "f66": event.x + 66, "f67": event.x + 67, "f68": event.x + 68, "f69": event.x + 69,
            "f70": event.x + 70, "f71": event.x + 71, "f72": event.x + 72, "f73": event.x + 73, "f74": event.x + 74, "f75": event.x + 75, "f76": event.x + 76, "f77": event.x + 77, "f78": event.x + 78, "f79": event.x + 79,
            "f80": event.x + 80, "f81": event.x + 81, "f82": event.x + 82, "f83": event.x + 83, "f84": event.x + 84, "f85": event.x + 85, "f86": event.x + 86, "f87": event.x + 87, "f88": event.x + 88, "f89": event.x + 89,
            "f90": event.x + 90, "f91": event.x + 91, "f92": event.x + 92, "f93": event.x + 93, "f94": event.x + 94, "f95": event.x + 95, "f96": event.x + 96, "f97": event.x + 97, "f98": event.x + 98, "f99": event.x + 99,
            "f100": event.x + 100, "f101": event.x + 101, "f102": event.x + 102, "f103": event.x + 103, "f104": event.x + 104, "f105": event.x + 105, "f106": event.x + 106, "f107": event.x + 107, "f108": event.x + 108, "f109": event.x + 109,
            "f110": event.x + 110, "f111": event.x + 111, "f112": event.x + 112, "f113": event.x + 113, "f114": event.x + 114, "f115": event.x + 115, "f116": event.x + 116, "f117": event.x + 117, "f118": event.x + 118, "f119": event.x + 119,
            "f120": event.x + 120, "f121": event.x + 121, "f122": event.x + 122, "f123": event.x + 123, "f124": event.x + 124, "f125": event.x + 125, "f126": event.x + 126, "f127": event.x + 127, "f128": event.x + 128, "f129": event.x + 129,
            "f130": event.x + 130, "f131": event.x + 131, "f132": event.x + 132, "f133": event.x + 133, "f134": event.x + 134, "f135": event.x + 135, "f136": event.x + 136, "f137": event.x + 137, "f138": event.x + 138, "f139": event.x + 139,
            "f140": event.x + 140, "f141": event.x + 141, "f142": event.x + 142, "f143": event.x + 143, "f144": event.x + 144, "f145": event.x + 145, "f146": event.x + 146, "f147": event.x + 147, "f148": event.x + 148, "f149": event.x + 149,
            "f150": event.x + 150, "f151": event.x + 151, "f152": event.x + 152, "f153": event.x + 153, "f154": event.x + 154, "f155": event.x + 155, "f156": event.x + 156, "f157": event.x + 157, "f158": event.x + 158, "f159": event.x + 159,
            "f160": event.x + 160, "f161": event.x + 161, "f162": event.x + 162, "f163": event.x + 163, "f164": event.x + 164, "f165": event.x + 165, "f166": event.x + 166, "f167": event.x + 167, "f168": event.x + 168, "f169": event.x + 169,
            "f170": event.x + 170, "f171": event.x + 171, "f172": event.x + 172, "f173": event.x + 173, "f174": event.x + 174, "f175": event.x + 175, "f176": event.x + 176, "f177": event.x + 177, "f178": event.x + 178, "f179": event.x + 179,
            "f180": event.x + 180, "f181": event.x + 181, "f182": event.x + 182, "f183": event.x + 183, "f184": event.x + 184, "f185": event.x + 185, "f186": event.x + 186, "f187": event.x + 187, "f188": event.x + 188, "f189": event.x + 189,
            "f190": event.x + 190, "f191": event.x + 191, "f192": event.x + 192, "f193": event.x + 193, "f194": event.x + 194, "f195": event.x + 195, "f196": event.x + 196, "f197": event.x + 197, "f198": event.x + 198, "f199": event.x + 199,
        },
        "sum": event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x + event.x,
        "text": "#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}#{event.x}",
        "all": event.x < 10 and event.x < 11 and event.x < 12 and event.x < 13 and event.x < 14 and event.x < 15 and event.x < 16 and event.x < 17 and event.x < 18 and event.x < 19 and event.x < 20 and event.x < 21 and event.x < 22 and event.x < 23 and event.x < 24 and event.x < 25 and event.x < 26 and event.x < 27 and event.x < 28 and event.x < 29 and event.x < 30 and event.x < 31 and event.x < 32 and event.x < 33 and event.x < 34 and event.x < 35 and event.x < 36 and event.x < 37 and event.x < 38 and event.x < 39 and event.x < 40 and event.x < 41 and event.x < 42 and event.x < 43 and event.x < 44 and event.x < 45 and event.x < 46 and event.x < 47 and event.x < 48 and event.x < 49 and event.x < 50 and event.x < 51 and event.x < 52 and event.x < 53 and event.x < 54 and event.x < 55 and event.x < 56 and event.x < 57 and event.x < 58 and event.x < 59 and event.x < 60 and event.x < 61 and event.x < 62 and event.x < 63 and event.x < 64 and event.x < 65 and event.x < 66 and event.x < 67 and event.x < 68 and event.x < 69,
        "deep": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[event.x]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],
        "grouped": ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((event.x)))))))))))))))))))))))))))))))))))))))))))))))))))))))))))),
        "names": { "a": "a", "b": "b", "c": "c", "d": "d", "e": "e", "f": "f", "g": "g", "h": "h", "i": "i", "j": "j", "k": "k", "l": "l", "m": "m", "n": "n", "o": "o", "p": "p", "q": "q", "r": "r", "s": "s", "t": "t", "u": "u", "v": "v", "w": "w", "x": "x", "y": "y", "z": "z" },
    } from in into out;
}

#[test]
fn long_expressions() {
    let fields: Vec<String> = (0..200).map(|n| format!("\"f{n}\":{}", n + 5)).collect();
    let names: Vec<String> = ('a'..='z').map(|c| format!("\"{c}\":\"{c}\"")).collect();
    let expected = format!(
        r#"out {{"record":{{{}}},"sum":500,"text":"{}","all":true,"deep":{}5{},"grouped":5,"names":{{{}}}}}"#,
        fields.join(","),
        "5".repeat(50),
        "[".repeat(60),
        "]".repeat(60),
        names.join(","),
    );
    check::<wide::Wide>(&[r#"in {"x": 5}"#], &[&expected]);
}

foreshock::pipeline! {
    /// A flow of many artefacts.
    pub(crate) flow Many;

    define onramp in0 from blaster with lines = ["0"], iters = 1 end; define offramp out0 from ws with url = "ws://host0/" end;
    define pipeline p0 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 0 from in into log; select event from log into out; end;
    define onramp in1 from blaster with lines = ["1"], iters = 1 end; define offramp out1 from ws with url = "ws://host1/" end;
    define pipeline p1 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 1 from in into log; select event from log into out; end;
    define onramp in2 from blaster with lines = ["2"], iters = 1 end; define offramp out2 from ws with url = "ws://host2/" end;
    define pipeline p2 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 2 from in into log; select event from log into out; end;
    define onramp in3 from blaster with lines = ["3"], iters = 1 end; define offramp out3 from ws with url = "ws://host3/" end;
    define pipeline p3 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 3 from in into log; select event from log into out; end;
    define onramp in4 from blaster with lines = ["4"], iters = 1 end; define offramp out4 from ws with url = "ws://host4/" end;
    define pipeline p4 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 4 from in into log; select event from log into out; end;
    define onramp in5 from blaster with lines = ["5"], iters = 1 end; define offramp out5 from ws with url = "ws://host5/" end;
    define pipeline p5 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 5 from in into log; select event from log into out; end;
    define onramp in6 from blaster with lines = ["6"], iters = 1 end; define offramp out6 from ws with url = "ws://host6/" end;
    define pipeline p6 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 6 from in into log; select event from log into out; end;
    define onramp in7 from blaster with lines = ["7"], iters = 1 end; define offramp out7 from ws with url = "ws://host7/" end;
    define pipeline p7 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 7 from in into log; select event from log into out; end;
    define onramp in8 from blaster with lines = ["8"], iters = 1 end; define offramp out8 from ws with url = "ws://host8/" end;
    define pipeline p8 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 8 from in into log; select event from log into out; end;
    define onramp in9 from blaster with lines = ["9"], iters = 1 end; define offramp out9 from ws with url = "ws://host9/" end;
    define pipeline p9 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 9 from in into log; select event from log into out; end;
    define onramp in10 from blaster with lines = ["10"], iters = 1 end; define offramp out10 from ws with url = "ws://host10/" end;
    define pipeline p10 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 10 from in into log; select event from log into out; end;
    define onramp in11 from blaster with lines = ["11"], iters = 1 end; define offramp out11 from ws with url = "ws://host11/" end;
    define pipeline p11 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 11 from in into log; select event from log into out; end;
    define onramp in12 from blaster with lines = ["12"], iters = 1 end; define offramp out12 from ws with url = "ws://host12/" end;
    define pipeline p12 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 12 from in into log; select event from log into out; end;
    define onramp in13 from blaster with lines = ["13"], iters = 1 end; define offramp out13 from ws with url = "ws://host13/" end;
    define pipeline p13 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 13 from in into log; select event from log into out; end;
    define onramp in14 from blaster with lines = ["14"], iters = 1 end; define offramp out14 from ws with url = "ws://host14/" end;
    define pipeline p14 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 14 from in into log; select event from log into out; end;
    define onramp in15 from blaster with lines = ["15"], iters = 1 end; define offramp out15 from ws with url = "ws://host15/" end;
    define pipeline p15 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 15 from in into log; select event from log into out; end;
    define onramp in16 from blaster with lines = ["16"], iters = 1 end; define offramp out16 from ws with url = "ws://host16/" end;
    define pipeline p16 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 16 from in into log; select event from log into out; end;
    define onramp in17 from blaster with lines = ["17"], iters = 1 end; define offramp out17 from ws with url = "ws://host17/" end;
    define pipeline p17 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 17 from in into log; select event from log into out; end;
    define onramp in18 from blaster with lines = ["18"], iters = 1 end; define offramp out18 from ws with url = "ws://host18/" end;
    define pipeline p18 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 18 from in into log; select event from log into out; end;
    define onramp in19 from blaster with lines = ["19"], iters = 1 end; define offramp out19 from ws with url = "ws://host19/" end;
    define pipeline p19 define qos::wal operator log with read_count = 1, max_elements = 1000 end; create operator log; select event + 19 from in into log; select event from log into out; end;
    define binding all links
        /onramp/in0/{i}/out => /pipeline/p0/{i}/in, /pipeline/p0/{i}/out => [/offramp/out0/{i}/in, /offramp/out1/{i}/in],
        /onramp/in1/{i}/out => /pipeline/p1/{i}/in, /pipeline/p1/{i}/out => [/offramp/out1/{i}/in, /offramp/out2/{i}/in],
        /onramp/in2/{i}/out => /pipeline/p2/{i}/in, /pipeline/p2/{i}/out => [/offramp/out2/{i}/in, /offramp/out3/{i}/in],
        /onramp/in3/{i}/out => /pipeline/p3/{i}/in, /pipeline/p3/{i}/out => [/offramp/out3/{i}/in, /offramp/out4/{i}/in],
        /onramp/in4/{i}/out => /pipeline/p4/{i}/in, /pipeline/p4/{i}/out => [/offramp/out4/{i}/in, /offramp/out5/{i}/in],
        /onramp/in5/{i}/out => /pipeline/p5/{i}/in, /pipeline/p5/{i}/out => [/offramp/out5/{i}/in, /offramp/out6/{i}/in],
        /onramp/in6/{i}/out => /pipeline/p6/{i}/in, /pipeline/p6/{i}/out => [/offramp/out6/{i}/in, /offramp/out7/{i}/in],
        /onramp/in7/{i}/out => /pipeline/p7/{i}/in, /pipeline/p7/{i}/out => [/offramp/out7/{i}/in, /offramp/out8/{i}/in],
        /onramp/in8/{i}/out => /pipeline/p8/{i}/in, /pipeline/p8/{i}/out => [/offramp/out8/{i}/in, /offramp/out9/{i}/in],
        /onramp/in9/{i}/out => /pipeline/p9/{i}/in, /pipeline/p9/{i}/out => [/offramp/out9/{i}/in, /offramp/out10/{i}/in],
        /onramp/in10/{i}/out => /pipeline/p10/{i}/in, /pipeline/p10/{i}/out => [/offramp/out10/{i}/in, /offramp/out11/{i}/in],
        /onramp/in11/{i}/out => /pipeline/p11/{i}/in, /pipeline/p11/{i}/out => [/offramp/out11/{i}/in, /offramp/out12/{i}/in],
        /onramp/in12/{i}/out => /pipeline/p12/{i}/in, /pipeline/p12/{i}/out => [/offramp/out12/{i}/in, /offramp/out13/{i}/in],
        /onramp/in13/{i}/out => /pipeline/p13/{i}/in, /pipeline/p13/{i}/out => [/offramp/out13/{i}/in, /offramp/out14/{i}/in],
        /onramp/in14/{i}/out => /pipeline/p14/{i}/in, /pipeline/p14/{i}/out => [/offramp/out14/{i}/in, /offramp/out15/{i}/in],
        /onramp/in15/{i}/out => /pipeline/p15/{i}/in, /pipeline/p15/{i}/out => [/offramp/out15/{i}/in, /offramp/out16/{i}/in],
        /onramp/in16/{i}/out => /pipeline/p16/{i}/in, /pipeline/p16/{i}/out => [/offramp/out16/{i}/in, /offramp/out17/{i}/in],
        /onramp/in17/{i}/out => /pipeline/p17/{i}/in, /pipeline/p17/{i}/out => [/offramp/out17/{i}/in, /offramp/out18/{i}/in],
        /onramp/in18/{i}/out => /pipeline/p18/{i}/in, /pipeline/p18/{i}/out => [/offramp/out18/{i}/in, /offramp/out19/{i}/in],
        /onramp/in19/{i}/out => /pipeline/p19/{i}/in, /pipeline/p19/{i}/out => [/offramp/out19/{i}/in, /offramp/out0/{i}/in],
    end;
    create binding /binding/all/1 with i = "1" end;
    create binding /binding/all/2 with i = "2" end;
}

#[test]
fn many_artefacts() {
    crate::play(async {
        let mut stage = crate::Stage::new();
        for n in 0..20 {
            stage.serve(&format!("host{n}"), 80);
        }
        stage.run(Many::builder(), 2000).await;
        for n in 0..20 {
            let mut seen = stage.seen(&format!("host{n}"));
            seen.sort();
            let (own, other) = ((n * 2).to_string(), ((n + 19) % 20 * 2).to_string());
            let mut expected = [own.clone(), own, other.clone(), other];
            expected.sort();
            assert_eq!(seen, expected, "host{n}");
        }
    });
}
