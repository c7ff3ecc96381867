//! The book in memory, as the server gives it out. A rebuilt book takes the
//! place of the last one at once: no page is ever half there, and nothing
//! outside the book can be reached, since only what was read is served.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::future::{Ready, ready};
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::SystemTime;

use axum::body::Bytes;
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tower_http::services::fs::{Backend, File, Metadata};

/// The files of a book by their path, as they lie on the disk.
pub(crate) type Files = BTreeMap<PathBuf, Bytes>;

/// Reads a built book.
///
/// # Errors
/// What the system says when a file cannot be read.
pub(crate) fn read(folder: &Path) -> io::Result<Files> {
    let mut files = Files::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let entry = entry?;
            let kind = entry.file_type()?; // of a link itself: none is followed
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                let path = entry.path();
                let name = path.strip_prefix(folder).unwrap_or(&path).to_path_buf();
                files.insert(name, fs::read(&path)?.into());
            }
        }
    }
    Ok(files)
}

/// What the server gives out at this moment; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Pages(Arc<RwLock<Arc<Shelf>>>);

#[derive(Default)]
struct Shelf {
    /// As they were built: what tells whether a new book differs.
    built: Files,
    served: BTreeMap<PathBuf, Page>,
    folders: BTreeSet<PathBuf>,
    edition: u64,
}

#[derive(Clone)]
pub(crate) struct Page {
    bytes: Bytes,
    since: SystemTime,
}

impl Pages {
    /// Puts a new book in the place of the last one, each page marked with the
    /// secret and the edition; `false` if nothing has changed.
    pub(crate) fn replace(&self, files: Files, secret: &str) -> bool {
        let old = self.now();
        if old.edition > 0 && old.built == files {
            return false;
        }
        let edition = old.edition + 1;
        let now = SystemTime::now();
        let mut shelf = Shelf {
            edition,
            ..Shelf::default()
        };
        for (path, built) in &files {
            let bytes = match path.extension() {
                Some(ending) if ending == "html" => mark(built, &token(secret, edition)),
                _ => built.clone(),
            };
            let kept = old.served.get(path).filter(|page| page.bytes == bytes);
            let since = kept.map_or(now, |page| page.since);
            shelf
                .folders
                .extend(path.ancestors().skip(1).map(Path::to_path_buf));
            shelf.served.insert(path.clone(), Page { bytes, since });
        }
        shelf.built = files;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shelf);
        true
    }

    /// Whether there is a book at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.now().served.is_empty()
    }

    /// How many different books there have been since the start.
    pub(crate) fn edition(&self) -> u64 {
        self.now().edition
    }

    /// A file's bytes, for the page that says that there is no such page.
    pub(crate) fn get(&self, path: &str) -> Option<Bytes> {
        let shelf = self.now();
        shelf
            .served
            .get(Path::new(path))
            .map(|page| page.bytes.clone())
    }

    fn now(&self) -> Arc<Shelf> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn find(&self, path: &Path) -> io::Result<Meta> {
        let path = path.strip_prefix(".").unwrap_or(path);
        let shelf = self.now();
        match shelf.served.get(path) {
            Some(page) => Ok(Meta::File(page.clone())),
            None if shelf.folders.contains(path) => Ok(Meta::Folder),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// What a page shows to be one of this server's: the secret and its edition.
pub(crate) fn token(secret: &str, edition: u64) -> String {
    format!("{secret}.{edition}")
}

fn mark(html: &Bytes, token: &str) -> Bytes {
    let tag = b"<html";
    let Some(at) = html.windows(tag.len()).position(|window| window == tag) else {
        return html.clone();
    };
    let (before, after) = html.split_at(at + tag.len());
    let attribute = format!(" data-server=\"{token}\"");
    [before, attribute.as_bytes(), after].concat().into()
}

/// What [`Pages`] knows of a path.
#[derive(Clone)]
pub(crate) enum Meta {
    File(Page),
    Folder,
}

impl Metadata for Meta {
    fn is_dir(&self) -> bool {
        matches!(self, Meta::Folder)
    }

    fn modified(&self) -> io::Result<SystemTime> {
        match self {
            Meta::File(page) => Ok(page.since),
            Meta::Folder => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    fn len(&self) -> u64 {
        match self {
            Meta::File(page) => page.bytes.len() as u64,
            Meta::Folder => 0,
        }
    }
}

/// A page that is being sent.
pub(crate) struct Open {
    meta: Meta,
    bytes: Cursor<Bytes>,
}

impl File for Open {
    type Metadata = Meta;
    type MetadataFuture<'a> = Ready<io::Result<Meta>>;

    fn metadata(&self) -> Self::MetadataFuture<'_> {
        ready(Ok(self.meta.clone()))
    }
}

impl AsyncRead for Open {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.bytes).poll_read(cx, buf)
    }
}

impl AsyncSeek for Open {
    fn start_seek(mut self: Pin<&mut Self>, position: io::SeekFrom) -> io::Result<()> {
        Pin::new(&mut self.bytes).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut self.bytes).poll_complete(cx)
    }
}

impl Backend for Pages {
    type File = Open;
    type Metadata = Meta;
    type OpenFuture = Ready<io::Result<Open>>;
    type MetadataFuture = Ready<io::Result<Meta>>;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        ready(self.find(&path).and_then(|meta| match &meta {
            Meta::File(page) => Ok(Open {
                bytes: Cursor::new(page.bytes.clone()),
                meta,
            }),
            Meta::Folder => Err(io::ErrorKind::NotFound.into()),
        }))
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        ready(self.find(&path))
    }
}
