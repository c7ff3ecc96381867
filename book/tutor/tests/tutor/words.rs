//! The tutor's words against the table of messages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use graders::messages;

use crate::fixture::repository;

/// Every source file of the tutor.
fn sources() -> String {
    let mut all = String::new();
    let mut folders = vec![repository().join("book/tutor/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => all.push_str(&fs::read_to_string(path).unwrap()),
            }
        }
    }
    all
}

/// Every message of the tutor's, and the values that it names.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let file = repository().join("labs/graders/messages/en/tutor.ftl");
    let text = fs::read_to_string(file).unwrap();
    let mut table: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, _)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
            key = name.to_owned();
        }
        let values = table.entry(key.clone()).or_default();
        for part in line.split("{ $").skip(1) {
            values.insert(part.split(' ').next().unwrap().to_owned());
        }
    }
    table.remove("");
    table
}

#[test]
fn every_message_is_there_and_used() {
    let sources = sources();
    let literals: BTreeSet<_> = sources.split('"').collect();
    let table = table();
    for key in table.keys() {
        assert!(messages::has(key), "{key}: cannot be read");
        assert!(literals.contains(key.as_str()), "{key}: never said");
    }
    let prefixes = ["tutor-", "box-", "terminal-", "page-"];
    for key in literals {
        let is_key = prefixes.iter().any(|prefix| key.starts_with(prefix))
            && key.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        assert!(!is_key || table.contains_key(key), "{key}: no such message");
    }
}

#[test]
fn every_message_gets_the_values_that_it_names() {
    let table = table();
    for call in sources().split("say!(").skip(1) {
        let Some(call) = call.trim_start().strip_prefix('"') else {
            continue;
        };
        let (key, rest) = call.split_once('"').unwrap();
        let mut depth = 1;
        let end = rest.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        let named = rest[..end.unwrap()].match_indices(" = ");
        let given: BTreeSet<_> = named
            .map(|(at, _)| {
                rest[..at]
                    .rsplit([',', ' ', '\n'])
                    .next()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        assert_eq!(Some(&given), table.get(key), "{key}");
    }
}
