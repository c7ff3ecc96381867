//! A frame in hexadecimal, as a person or a tool writes it.

use std::io::{self, Read};

use labs::Trouble;

/// The longest input, in bytes: as bare hexadecimal, more than any frame.
const LONGEST: u64 = 512 * 1024;

/// Reads one frame from standard input.
pub fn read() -> Result<Vec<u8>, Trouble> {
    let mut text = Vec::new();
    io::stdin()
        .lock()
        .take(LONGEST + 1)
        .read_to_end(&mut text)
        .map_err(|e| Trouble::new(format!("cannot read standard input: {}", e.kind())))?;
    if text.len() as u64 > LONGEST {
        return Err(Trouble::new(
            "cannot read a frame: the input has more than 512 KiB, and no frame is that long",
        ));
    }
    let frame = frame(&String::from_utf8_lossy(&text))
        .map_err(|why| Trouble::new(format!("cannot read a frame: {why}")))?;
    if frame.is_empty() {
        return Err(Trouble::new(
            "cannot read a frame: the input has none; give its bytes in hexadecimal, such as tcpdump -XX shows them",
        ));
    }
    Ok(frame)
}

/// The bytes of the first frame in a dump, whose lines begin with an offset,
/// or else of bare hexadecimal.
pub fn frame(text: &str) -> Result<Vec<u8>, String> {
    let mut frame = Vec::new();
    let numbered = || (1..).zip(text.lines());
    let dump: Vec<_> = numbered()
        .filter_map(|(number, line)| dumped(line).map(|(at, digits)| (number, at, digits)))
        .skip_while(|(_, at, _)| *at != 0)
        .collect();
    if dump.is_empty() {
        for (number, line) in numbered() {
            frame.extend(bytes(line).map_err(|why| format!("in line {number}, {why}"))?);
        }
        return Ok(frame);
    }
    for (number, at, digits) in dump {
        if at == 0 && !frame.is_empty() {
            break; // another frame
        }
        if at != frame.len() {
            return Err(format!(
                "line {number} says that it begins with byte {at}, but {} came before it",
                frame.len()
            ));
        }
        frame.extend(bytes(digits).map_err(|why| format!("in line {number}, {why}"))?);
    }
    Ok(frame)
}

/// The offset and the digits of a line of a dump, as tcpdump (`0x0010:  4011
/// 9efe  @...`), xxd (`00000010: 4011 9efe  @...`) or this lab (`0010  40 11
/// 9e fe  @...`) writes it. The text at the end is left out.
fn dumped(line: &str) -> Option<(usize, &str)> {
    let line = line.trim_start();
    let (start, rest) = line.split_once([':', ' '])?;
    let digits = start.strip_prefix("0x").unwrap_or(start);
    let ends = line[start.len()..].starts_with(": ") || rest.starts_with(' ');
    if digits.len() < 4 || !ends {
        return None;
    }
    let at = usize::from_str_radix(digits, 16).ok()?;
    let rest = rest.trim_start();
    Some((at, rest.split_once("  ").map_or(rest, |(hex, _)| hex)))
}

/// The bytes of hexadecimal digits, two for each; spaces, colons and dashes
/// may stand between bytes.
fn bytes(digits: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    for word in digits.split([' ', '\t', '\r', ':', '-', ',']) {
        let word = word.strip_prefix("0x").unwrap_or(word);
        if let Some(wrong) = word.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(format!("{wrong:?} is no hexadecimal digit"));
        }
        if word.len() % 2 == 1 {
            return Err(format!(
                "{word:?} has an odd number of digits; a byte has two"
            ));
        }
        for at in (0..word.len()).step_by(2) {
            // Two hexadecimal digits always are a byte.
            bytes.extend(u8::from_str_radix(&word[at..at + 2], 16));
        }
    }
    Ok(bytes)
}
