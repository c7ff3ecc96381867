//! The one table of the words that a reader sees outside the chapters: what
//! verdicts say, what the book's boxes are headed with, what the tutor answers.
//!
//! The words stand in `messages/<language>/*.ftl`, in the Fluent format: a key,
//! and a text with `{ $names }` for what it needs to know. A translation is
//! another folder.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::judge::Fact;

const ENGLISH: [&str; 10] = [
    include_str!("../messages/en/verdicts.ftl"),
    include_str!("../messages/en/verdicts-ch01.ftl"),
    include_str!("../messages/en/verdicts-ch02.ftl"),
    include_str!("../messages/en/verdicts-ch03.ftl"),
    include_str!("../messages/en/verdicts-ch04.ftl"),
    include_str!("../messages/en/verdicts-ch05.ftl"),
    include_str!("../messages/en/verdicts-ch06.ftl"),
    include_str!("../messages/en/verdicts-ch07.ftl"),
    include_str!("../messages/en/misconceptions.ftl"),
    include_str!("../messages/en/tutor.ftl"),
];

static TABLE: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| {
    let mut bundle = FluentBundle::new_concurrent(vec!["en".parse().unwrap_or_default()]);
    // The marks around inserted text are for mixed directions of writing; in a
    // terminal they show up as boxes.
    bundle.set_use_isolating(false);
    for text in ENGLISH {
        // What cannot be read is left out: a test reads every file and key.
        let resource =
            FluentResource::try_new(text.to_string()).unwrap_or_else(|(readable, _)| readable);
        bundle.add_resource_overriding(resource);
    }
    bundle
});

/// The text of a key with the values that it names.
///
/// `key` may name an attribute, as in `whole-buffer-back.truth`. A key that is
/// missing gives the key itself, so that nothing a reader needs is lost.
pub fn say(key: &str, values: &[(&str, Fact)]) -> String {
    let mut arguments = FluentArgs::new();
    for (name, value) in values {
        match value {
            Fact::Number(n) => arguments.set(*name, *n),
            Fact::Text(text) => arguments.set(*name, FluentValue::from(text.as_str())),
        }
    }
    let (id, attribute) = key
        .split_once('.')
        .map_or((key, None), |(id, attribute)| (id, Some(attribute)));
    let message = TABLE.get_message(id);
    let pattern = message.and_then(|m| match attribute {
        Some(name) => m.get_attribute(name).map(|a| a.value()),
        None => m.value(),
    });
    match pattern {
        Some(pattern) => TABLE
            .format_pattern(pattern, Some(&arguments), &mut Vec::new())
            .into_owned(),
        None => key.to_string(),
    }
}

/// Whether the table has a text for this key.
pub fn has(key: &str) -> bool {
    let (id, attribute) = key
        .split_once('.')
        .map_or((key, None), |(id, attribute)| (id, Some(attribute)));
    TABLE.get_message(id).is_some_and(|m| match attribute {
        Some(name) => m.get_attribute(name).is_some(),
        None => m.value().is_some(),
    })
}

/// What is wrong with the table's files: one line for each fault.
pub fn faults() -> Vec<String> {
    let mut faults = Vec::new();
    let mut bundle = FluentBundle::new_concurrent(Vec::new());
    for text in ENGLISH {
        let file = text.lines().next().unwrap_or_default();
        let resource = FluentResource::try_new(text.to_string());
        let resource = resource.unwrap_or_else(|(readable, errors)| {
            faults.extend(errors.iter().map(|error| {
                let line = text[..error.pos.start].lines().count();
                format!("{file}, line {line}: {error}")
            }));
            readable
        });
        // A key that is there already, in this file or in an earlier one.
        if let Err(errors) = bundle.add_resource(resource) {
            faults.extend(errors.iter().map(|error| format!("{file}: {error}")));
        }
    }
    faults
}
