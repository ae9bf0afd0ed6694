//! The page that Prometheus reads: its text format, version 0.0.4.

use std::fmt::Write;

use super::Seen;
use super::families::{Family, Labels, Number, Type, visit};
use crate::program::Program;

/// How a response names the format.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The page of a flow: each family with what it is, and its numbers.
pub(super) fn page(program: &Program, instances: &[Seen<'_>]) -> String {
    let mut page = String::new();
    let mut last: Option<&Family> = None;
    visit(program, instances, &mut |family, labels, number| {
        if last.replace(family).is_none_or(|last| !std::ptr::eq(last, family)) {
            head(&mut page, family);
        }
        line(&mut page, family.name, labels, number);
    });
    page
}

const FITS: &str = "a string takes everything";

fn head(page: &mut String, Family { name, ty, help, .. }: &Family) {
    let ty = match ty {
        Type::Counter => "counter",
        Type::Gauge => "gauge",
    };
    write!(page, "# HELP {name} {help}\n# TYPE {name} {ty}\n").expect(FITS);
}

fn line(page: &mut String, name: &str, labels: &Labels<'_>, number: Number) {
    page.push_str(name);
    for (at, (label, value)) in labels.iter().enumerate() {
        let before = if at == 0 { '{' } else { ',' };
        write!(page, "{before}{label}=\"{}\"", escaped(value)).expect(FITS);
    }
    match number {
        Number::Whole(number) => writeln!(page, "}} {number}").expect(FITS),
        Number::Time(time) => {
            writeln!(page, "}} {}.{:09}", time.as_secs(), time.subsec_nanos()).expect(FITS);
        }
    }
}

/// The value of a label, as the format wants it.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
