//! `cargo run`: builds the book, serves it, and follows every change.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::book::{self, Built};
use crate::checks::Checks;
use crate::first::{Serves, become_first};
use crate::guard::{Names, Origin};
use crate::out::{complain, print};
use crate::pages;
use crate::problem::Problems;
use crate::runs::{Guardian, Runs};
use crate::server::{self, Server};
use crate::watch::Watch;
use crate::words::say;

/// How a server is wanted.
pub(crate) struct Wanted<'a> {
    /// This port; otherwise the first free one from 3000, unless the book is
    /// served already.
    pub(crate) port: Option<u16>,
    /// One more origin that is allowed.
    pub(crate) origin: Option<&'a Origin>,
    /// Whether to open a browser.
    pub(crate) open: bool,
    /// How long a request's head may take.
    pub(crate) patience: Duration,
}

/// Serves until Ctrl-C; or says where another process does.
///
/// # Errors
/// One sentence on what kept it from serving.
pub(crate) fn serve(root: &Path, wanted: &Wanted) -> Result<(), String> {
    let &Wanted {
        port,
        origin,
        open,
        patience,
    } = wanted;
    let first = match become_first(root) {
        Serves::This(first) => Some(first),
        Serves::Another(url) if port.is_none() && origin.is_none() => {
            tell_where(url.as_deref(), open);
            return Ok(());
        }
        Serves::Another(_) | Serves::Unknown => None,
    };
    let (listener, bound) = server::listen(port)?;
    // Without a guardian the labs still end with their pages and with Ctrl-C.
    let guardian = Guardian::start().unwrap_or_default();
    let server = Server::new(
        Names::of(bound, origin),
        Runs::new(root, guardian),
        Checks::new(root),
    );
    // Before the first build, so that no change falls between the two.
    let watch = Watch::start(root);
    // The book of the last start is there at once; the new one takes its place.
    let old = pages::read(&target(root)).unwrap_or_default();
    let late = !old.is_empty() && server.pages.replace(old, &server.secret);
    if late {
        server.sockets.built(server.pages.edition());
    } else {
        build_first(&server, root);
    }
    if port.is_none() && !server::is_usual(bound) {
        let (taken, port) = (server::USUAL_PORT.to_string(), bound.to_string());
        print(&say!("tutor-port-taken-next", taken = taken, port = port));
    }
    let url = format!("http://127.0.0.1:{bound}/");
    print(&say!("tutor-serving", url = url.as_str()));
    if let Some(origin) = origin {
        print(&say!("tutor-serving-origin", url = format!("{origin}/")));
    }
    if let Some(first) = &first {
        first.is_at(&url);
    }
    match &watch {
        Ok(_) => print(&say!("tutor-stop")),
        Err(why) => complain(&say!("tutor-cannot-watch", why = why.as_str())),
    }
    let (follower, followed) = (server.clone(), root.to_path_buf());
    thread::spawn(move || {
        if late {
            build_first(&follower, &followed);
        }
        if let Ok(watch) = watch {
            follow(&follower, &followed, &watch);
        }
    });
    if open {
        show_in_browser(&url);
    }
    let served = server.run(listener, patience);
    served.map_err(|error| say!("tutor-cannot-serve", why = error.to_string()))
}

/// Builds the book once. What is served already stays where that fails.
fn build_first(server: &Server, root: &Path) {
    match book::build_to_serve(root) {
        Ok(built) => {
            let (pages, millis) = (built.pages, millis(&built));
            match show(server, built) {
                Ok(_) => print(&say!("tutor-built", pages = pages, millis = millis)),
                Err(why) => complain(&why),
            }
        }
        Err(problems) => {
            let why = match server.pages.is_empty() {
                true => say!("tutor-broken-first"),
                false => say!("tutor-broken"),
            };
            report(server, &why, &problems);
        }
    }
    give_memory_back();
}

/// The book is served already.
fn tell_where(url: Option<&str>, open: bool) {
    match url {
        Some(url) => print(&say!("tutor-first", url = url)),
        None => print(&say!("tutor-first-starts")),
    }
    print(&say!("tutor-first-more"));
    if let Some(url) = url.filter(|_| open) {
        show_in_browser(url);
    }
}

fn show_in_browser(url: &str) {
    if let Err(error) = open::that_detached(url) {
        let why = error.to_string();
        complain(&say!("tutor-cannot-open", why = why, url = url));
    }
}

/// Gives back to the system what a build has used and freed: glibc keeps it, 70 MB
/// for this book (malloc_trim(3)).
fn give_memory_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[allow(unsafe_code)]
    // SAFETY: it may be called at any time, from any thread, and touches nothing
    // that is in use.
    unsafe {
        nix::libc::malloc_trim(0);
    }
}

/// Builds again after every change, for as long as there are any.
fn follow(server: &Server, root: &Path, watch: &Watch) {
    while let Some(change) = watch.wait() {
        for answer in &change.answers {
            server.checks.saved(answer);
        }
        if !change.book {
            continue;
        }
        match book::build_to_serve(root) {
            Ok(built) => {
                let millis = millis(&built);
                let was_broken = server.sockets.error().is_some();
                match show(server, built) {
                    Ok(changed) if changed || was_broken => {
                        print(&say!("tutor-rebuilt", millis = millis));
                    }
                    Ok(_) => {}
                    Err(why) => complain(&why),
                }
            }
            Err(problems) => report(server, &say!("tutor-broken"), &problems),
        }
        give_memory_back();
    }
}

/// Puts a book in the place of the last one; `false` if they are the same.
fn show(server: &Server, built: Built) -> Result<bool, String> {
    let files = pages::read(built.folder()).map_err(|error| {
        let folder = built.folder().display().to_string();
        say!(
            "tutor-cannot-write",
            folder = folder,
            why = error.to_string()
        )
    })?;
    let changed = server.pages.replace(files, &server.secret);
    if changed && let Err(why) = built.publish() {
        complain(&why); // the server has the book in memory, and goes on without the folder
    }
    server.sockets.built(server.pages.edition());
    Ok(changed)
}

fn report(server: &Server, why: &str, problems: &Problems) {
    let text = problems.to_string();
    if server.sockets.error().as_ref() != Some(&text) {
        complain(&format!("{why}\n{text}"));
    }
    server.sockets.broken(&text);
}

fn millis(built: &Built) -> usize {
    built.took.as_millis() as usize
}

/// Where the last good book lies, as far as book.toml can be read.
fn target(root: &Path) -> PathBuf {
    match book::config(root) {
        Ok(config) => root.join(config.build.build_dir),
        Err(_) => root.join("target/book"),
    }
}
