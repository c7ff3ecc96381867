//! `{{#misconception id}}`, the box of one misconception, and `{{#met id}}`,
//! the link to it.

use std::collections::HashMap;

use graders::misconceptions::{self, Misconception};
use mdbook_preprocessor::book::Book;

use super::syntax;
use crate::markdown::{Layout, escape, inline_html};
use crate::problem::name_of;
use crate::words::{perhaps, say};

/// Which misconceptions have a box, and on which page.
pub(super) fn boxes(book: &Book) -> HashMap<String, String> {
    let mut boxes = HashMap::new();
    for chapter in book.chapters() {
        let Some(path) = &chapter.source_path else {
            continue;
        };
        let found = syntax::find(&chapter.content, &Layout::of(&chapter.content));
        for directive in found.into_iter().flatten() {
            if directive.name == "misconception" {
                let page = name_of("".as_ref(), path);
                boxes.insert(directive.argument.to_owned(), page);
            }
        }
    }
    boxes
}

/// The box: what is believed, what is so, and the name of the difference.
pub(super) fn aside(page: &str, id: &str) -> Result<String, String> {
    let entry = find(id)?;
    if entry.page != page {
        return Err(say!(
            "tutor-misconception-page",
            id = id,
            page = entry.page.as_str(),
            here = page
        ));
    }
    let label = say!("box-misconception", id = id);
    // HTML throughout: these words come translated from the table, not from a
    // chapter's catalogue.
    let paragraph = |class: &str, label: String, text: String| {
        format!(
            "<div class=\"{class}\"><p><span class=\"label\">{}</span> {}</p></div>\n",
            escape(&label),
            inline_html(&text),
        )
    };
    Ok(format!(
        "<aside class=\"misconception\" id=\"m-{id}\" aria-label=\"{}\">\n{}{}\
         <p class=\"id\"><code>{id}</code></p>\n</aside>",
        escape(&label),
        paragraph("belief", say!("box-belief"), entry.belief()),
        paragraph("truth", say!("box-truth"), entry.truth()),
    ))
}

/// A link from `page` to the box.
pub(super) fn link(
    boxes: &HashMap<String, String>,
    page: &str,
    id: &str,
) -> Result<String, String> {
    let entry = find(id)?;
    if !boxes.contains_key(id) {
        return Err(say!(
            "tutor-met-no-box",
            id = id,
            page = entry.page.as_str()
        ));
    }
    if entry.page == page {
        return Ok(format!("[{id}](#m-{id})"));
    }
    Ok(format!("[{id}]({}#m-{id})", relative(page, &entry.page)))
}

fn find(id: &str) -> Result<&'static Misconception, String> {
    let table = misconceptions::table();
    table.iter().find(|entry| entry.id == id).ok_or_else(|| {
        let hint = perhaps(id, table.iter().map(|entry| &*entry.id));
        format!("{}{hint}", say!("tutor-no-misconception", id = id))
    })
}

/// The way from one page to another; mdBook makes `index` of a README.
fn relative(from: &str, to: &str) -> String {
    let mut from: Vec<_> = from.split('/').collect();
    let mut to: Vec<_> = to.split('/').collect();
    from.pop();
    while !from.is_empty() && to.len() > 1 && from[0] == to[0] {
        from.remove(0);
        to.remove(0);
    }
    if let Some(last) = to.last_mut()
        && *last == "README.md"
    {
        *last = "index.md";
    }
    format!("{}{}", "../".repeat(from.len()), to.join("/"))
}
