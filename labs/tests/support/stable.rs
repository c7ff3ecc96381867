//! Makes what varies from run to run stable, and nothing else: port numbers.

use regex_lite::{Captures, Regex};

/// Replaces the ports of local addresses: those in `known` by what stands
/// beside them, every other one by 50001, 50002 … in the order in which they
/// appear.
pub fn ports(text: &str, known: &[(u16, &str)]) -> String {
    let mut seen: Vec<String> = Vec::new();
    let address = Regex::new(r"(127\.0\.\d\.\d|0\.0\.0\.0|\[::1\]|\[::\]|localhost):(\d{2,5})\b")
        .expect("a valid pattern");
    address
        .replace_all(text, |found: &Captures<'_>| {
            let (host, port) = (&found[1], &found[2]);
            if let Some((_, shown)) = known.iter().find(|(p, _)| p.to_string() == port) {
                return format!("{host}:{shown}");
            }
            let index = seen.iter().position(|p| p == port).unwrap_or_else(|| {
                seen.push(port.to_string());
                seen.len() - 1
            });
            format!("{host}:{}", 50_001 + index)
        })
        .into_owned()
}
