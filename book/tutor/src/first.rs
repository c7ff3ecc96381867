//! The first server of a folder: a second one says where that is.
//!
//! The first one holds a lock for as long as it lives, however it ends.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

/// What the first server locks, and where it says where it is.
const LOCK: &str = "target/tutor/serving.lock";
const URL: &str = "target/tutor/serving.url";

/// Held by the first server.
pub(crate) struct First {
    url: PathBuf,
    _lock: File,
}

/// Who serves this folder.
pub(crate) enum Serves {
    /// Nobody did; this process is the first now.
    This(First),
    /// Another process does, at this address, if it has said so yet.
    Another(Option<String>),
    /// It cannot be told on this system, or in this folder.
    Unknown,
}

/// Becomes the first server of this folder, if there is none.
pub(crate) fn become_first(root: &Path) -> Serves {
    let (lock, url) = (root.join(LOCK), root.join(URL));
    let folder = lock.parent().map(fs::create_dir_all);
    let Some(Ok(())) = folder else {
        return Serves::Unknown;
    };
    let Ok(lock) = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(lock)
    else {
        return Serves::Unknown;
    };
    match lock.try_lock() {
        Ok(()) => {
            let _ = fs::remove_file(&url); // one that was killed has left it
            Serves::This(First { url, _lock: lock })
        }
        Err(TryLockError::WouldBlock) => {
            let said = fs::read_to_string(url).ok();
            Serves::Another(said.filter(|url| url.starts_with("http://")))
        }
        Err(TryLockError::Error(_)) => Serves::Unknown,
    }
}

impl First {
    /// Says where this server is. Without that a second one is told less.
    pub(crate) fn is_at(&self, url: &str) {
        let _ = fs::write(&self.url, url);
    }
}

impl Drop for First {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.url);
    }
}
