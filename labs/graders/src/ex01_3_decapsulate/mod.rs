//! Exercise 1.3: take the datagram out of a frame.

use std::process::ExitCode;

use crate::child;

#[cfg(feature = "judge")]
pub mod grader;

/// What the reader writes: a frame to the source port, the destination port
/// and the data of the datagram in it, if there is a whole one.
pub type Answer = fn(&[u8]) -> Option<(u16, u16, &[u8])>;

/// Under a judge, one call for each frame; by hand, the frame that the
/// arguments hold in hexadecimal.
pub fn main(answer: Answer) -> ExitCode {
    child::main(
        |judge| {
            judge.ready()?;
            while let Some(mut call) = judge.next_call()? {
                let frame = call.bytes();
                judge.run(
                    || Ok(answer(&frame)),
                    |found| match found {
                        Some((from, to, data)) => {
                            vec![
                                from.to_string().into(),
                                to.to_string().into(),
                                data.to_vec(),
                            ]
                        }
                        None => vec![b"none".to_vec()],
                    },
                )?;
            }
            Ok(())
        },
        |args| {
            let frame = bytes(&args.concat())
                .ok_or("the arguments are a frame in hexadecimal, like 02 00 00 00 00 01")?;
            child::show(Ok(shown(answer(&frame))))
        },
    )
}

/// What a function returned, the way Rust writes it.
fn shown(found: Option<(u16, u16, &[u8])>) -> String {
    match found {
        Some((from, to, data)) => format!("Some(({from}, {to}, b\"{}\"))", data.escape_ascii()),
        None => "None".into(),
    }
}

/// The bytes that a text of hexadecimal digits stands for.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16))
        .collect();
    let pairs = digits.filter(|d| !d.is_empty() && d.len() % 2 == 0)?;
    Some(
        pairs
            .chunks(2)
            .map(|pair| (pair[0] * 16 + pair[1]) as u8)
            .collect(),
    )
}
