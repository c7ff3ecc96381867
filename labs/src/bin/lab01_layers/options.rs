//! The options at the end of a header, which IPv4 and TCP write in the same
//! way: a kind, a length that counts both of these, and data.

use super::meaning::bytes;
use super::names::Outcome;
use super::span::{Field, Span};

/// What the name and the meaning of an option are, from its kind and its bytes.
type Known = fn(usize, Span) -> (String, String);

/// IPv4's options (RFC 791 and IANA's registry).
pub fn ipv4(options: Span, fields: &mut Vec<Field>) -> Outcome {
    name(options, fields, "IPv4", |kind, _| {
        let meaning = match kind {
            7 => "record route",
            68 => "timestamp",
            131 => "loose source route",
            137 => "strict source route",
            148 => "router alert",
            _ => "not named here",
        };
        (format!("option {kind}"), meaning.into())
    })
}

/// TCP's options (RFC 9293, RFC 2018, RFC 7323).
pub fn tcp(options: Span, fields: &mut Vec<Field>) -> Outcome {
    name(options, fields, "TCP", |kind, option| {
        let (name, meaning) = match (kind, option.len()) {
            (2, 4) => (
                "MSS",
                format!("at most {} bytes of data", option.number(2..4)),
            ),
            (3, 3) => {
                let shift = option.number(2..3).min(14); // more counts as 14
                (
                    "window scale",
                    format!("window counts times {}", 1 << shift),
                )
            }
            (4, 2) => ("SACK", "may be used".into()),
            (5, length) => ("SACK", format!("blocks: {}", (length - 2) / 8)),
            (8, 10) => {
                let (value, echo) = (option.number(2..6), option.number(6..10));
                ("timestamps", format!("{value}, echo {echo}"))
            }
            _ => return (format!("option {kind}"), "not named here".into()),
        };
        (format!("{name} option"), meaning)
    })
}

/// Names each option, and what fills the header up after the last.
fn name(mut options: Span, fields: &mut Vec<Field>, whose: &str, known: Known) -> Outcome {
    while options.len() > 0 {
        let (kind, length) = (options.number(0..1), options.number(1..2));
        if kind == 0 {
            fields.push(options.field(0..options.len(), "end of options", "and padding"));
            return Ok(());
        }
        let size = if kind == 1 { 1 } else { length };
        if size == 0 || size == 1 && kind != 1 || size > options.len() {
            fields.push(options.field(0..options.len(), "broken option", format!("kind {kind}")));
            return Err(format!(
                "an option of the {whose} header is broken: kind {kind} says that it has {} of the {} that are left",
                bytes(size),
                options.len()
            ));
        }
        let (option, rest) = options.split(size);
        let (name, meaning) = match kind {
            1 => ("no operation".into(), "an option that fills up".into()),
            _ => known(kind, option),
        };
        fields.push(option.field(0..size, name, meaning));
        options = rest;
    }
    Ok(())
}
