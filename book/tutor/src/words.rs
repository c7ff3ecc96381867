//! The tutor's words, all of them from the messages that a translation reaches
//! (`labs/graders/messages/LANGUAGE/tutor.ftl`).

/// One message, with its arguments by name: `say!("tutor-built", pages = 9, millis = 250)`.
macro_rules! say {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        graders::messages::say($key, &[$((stringify!($name), ($value).into())),*])
    };
}
pub(crate) use say;

/// The name most like `wanted`, if one is like it at all.
pub(crate) fn closest<'a>(
    wanted: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    names
        .into_iter()
        .map(
            |name| match !wanted.is_empty() && name.starts_with(wanted) {
                true => (1.0, name),
                false => (strsim::normalized_damerau_levenshtein(wanted, name), name),
            },
        )
        .filter(|(likeness, _)| *likeness > 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// `. Did you mean …?`, to follow a sentence, or nothing.
pub(crate) fn perhaps<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    match closest(wanted, names) {
        Some(name) => format!(". {}", say!("tutor-did-you-mean", name = name)),
        None => String::new(),
    }
}
