//! What was found out about files that were sent lately: what Python decides of them, for as long as nothing in Python
//! that decides has changed, and the files themselves, if they can be kept. Bounded in memory; knows neither Python nor
//! the disk.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use parking_lot::Mutex;

use super::file_cache::Keeping;
use super::file_request::Told;
use super::state_version::Versions;

/// Bytes of memory that all of it may take, as far as it is counted: when it is full, it is emptied.
const ROOM: usize = 4 * 1024 * 1024;

/// Bytes that a place takes besides the file.
const PLACE: usize = 1024;

/// A file by the name it is asked for.
#[derive(Clone, Copy)]
pub struct Name<'a> {
    /// The address of the app or blueprint it belongs to; the versions say that it is still the same.
    pub owner: usize,
    pub filename: &'a str,
}

impl Name<'_> {
    fn place(self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.owner, self.filename).hash(&mut hasher);
        hasher.finish()
    }
}

pub struct Known {
    owner: usize,
    filename: Box<str>,
    versions: Versions,
    pub told: Arc<Told>,
    pub keeping: Keeping,
}

impl Known {
    pub fn new(name: Name<'_>, versions: Versions, told: Arc<Told>, keeping: Keeping) -> Self {
        Self {
            owner: name.owner,
            filename: name.filename.into(),
            versions,
            told,
            keeping,
        }
    }

    fn is(&self, name: Name<'_>) -> bool {
        self.owner == name.owner && *self.filename == *name.filename
    }

    fn size(&self) -> usize {
        PLACE + self.keeping.size()
    }
}

#[derive(Default)]
struct Shelf {
    places: HashMap<u64, Arc<Known>>,
    size: usize,
}

static SHELF: Mutex<Option<Shelf>> = Mutex::new(None);

/// What is known of a file, if that is still true.
pub fn find(name: Name<'_>, versions: &Versions) -> Option<Arc<Known>> {
    let shelf = SHELF.lock();
    let known = shelf.as_ref()?.places.get(&name.place())?;
    (known.is(name) && known.versions == *versions).then(|| Arc::clone(known))
}

/// Puts in what is known of a file, in the place of what was known before.
pub fn put(name: Name<'_>, known: Known) {
    let mut shelf = SHELF.lock();
    let shelf = shelf.get_or_insert_default();
    let place = name.place();
    if let Some(before) = shelf.places.remove(&place) {
        shelf.size -= before.size();
    }
    if shelf.size + known.size() > ROOM {
        *shelf = Shelf::default();
    }
    shelf.size += known.size();
    shelf.places.insert(place, Arc::new(known));
}
