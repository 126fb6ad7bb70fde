//! The paths of URLs below which the view has sent files lately: a cheap guess at what a request is going to be.

use parking_lot::Mutex;

/// Folders remembered.
const KEPT: usize = 16;

static FOLDERS: Mutex<Vec<Box<str>>> = Mutex::new(Vec::new());

/// Whether a request for this path is worth being tried as one for a static file.
pub fn may_have(path: &str) -> bool {
    FOLDERS.lock().iter().any(|folder| path.starts_with(&**folder))
}

/// Remembers where a file was found.
pub fn remember(path: &str, filename: &str) {
    // Below the root, everything would look like a file.
    let Some(folder) = path.strip_suffix(filename).filter(|folder| folder.len() > 1) else {
        return;
    };
    let mut folders = FOLDERS.lock();
    if !folders.iter().any(|known| **known == *folder) {
        folders.truncate(KEPT - 1);
        folders.insert(0, folder.into());
    }
}
