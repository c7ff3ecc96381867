//! `cargo run`: builds the book, serves it, and follows every change.

use std::path::{Path, PathBuf};
use std::thread;

use crate::book::{self, Built};
use crate::out::{complain, print};
use crate::pages;
use crate::problem::Problems;
use crate::server::{self, Server};
use crate::watch::Watch;
use crate::words::say;

/// Serves until Ctrl-C.
///
/// # Errors
/// One sentence on what kept it from serving.
pub(crate) fn serve(root: &Path, port: Option<u16>, open: bool) -> Result<(), String> {
    let (listener, bound) = server::listen(port)?;
    let server = Server::new(bound);
    // Before the first build, so that no change falls between the two.
    let watch = Watch::start(root);
    match book::build_to_serve(root) {
        Ok(built) => {
            let (pages, millis) = (built.pages, millis(&built));
            show(&server, built)?;
            print(&say!("tutor-built", pages = pages, millis = millis));
        }
        Err(problems) => {
            if let Ok(files) = pages::read(&target(root)) {
                server.pages.replace(files, &server.secret);
            }
            let why = match server.pages.is_empty() {
                true => say!("tutor-broken-first"),
                false => say!("tutor-broken"),
            };
            report(&server, &why, &problems);
        }
    }
    if port.is_none() && !server::is_usual(bound) {
        let (taken, port) = (server::USUAL_PORT.to_string(), bound.to_string());
        print(&say!("tutor-port-taken-next", taken = taken, port = port));
    }
    let url = format!("http://127.0.0.1:{bound}/");
    print(&say!("tutor-serving", url = url.as_str()));
    match watch {
        Ok(watch) => {
            print(&say!("tutor-stop"));
            let (server, root) = (server.clone(), root.to_path_buf());
            thread::spawn(move || follow(&server, &root, &watch));
        }
        Err(why) => complain(&say!("tutor-cannot-watch", why = why)),
    }
    if open && let Err(error) = open::that_detached(&url) {
        complain(&say!(
            "tutor-cannot-open",
            why = error.to_string(),
            url = url
        ));
    }
    let served = server.run(listener);
    served.map_err(|error| say!("tutor-cannot-serve", why = error.to_string()))
}

/// Builds again after every change, for as long as there are any.
fn follow(server: &Server, root: &Path, watch: &Watch) {
    while watch.wait() {
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
