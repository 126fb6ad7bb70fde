//! Paths of files as text: joins them and recognises plain ones, which every system and every Werkzeug read alike. Knows
//! no disk.

/// Whether a path below a folder is plain: printable ASCII, and no empty, `.` or `..` part. Such a path is its own
/// normal form and can't lead out of the folder.
#[must_use]
pub fn is_plain(path: &str) -> bool {
    is_printable(path) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Whether a text is printable ASCII.
#[must_use]
pub fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// What follows the last slash.
#[must_use]
pub fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Appends a path to the folder it is relative to; an absolute one takes its place.
pub fn join(folder: &mut String, path: &str) {
    if path.starts_with('/') {
        folder.clear();
    } else if !folder.is_empty() && !folder.ends_with('/') {
        folder.push('/');
    }
    folder.push_str(path);
}

/// A name and its extension, which starts with a dot or is empty. Dots that start a name start no extension.
#[must_use]
pub fn split_extension(name: &str) -> (&str, &str) {
    let hidden = name.len() - name.trim_start_matches('.').len();
    match name.rfind('.') {
        Some(dot) if dot >= hidden => name.split_at(dot),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_plain, join, name, split_extension};

    #[test]
    fn plain_paths() {
        for path in ["a.css", "css/a b.css", "..a", "a..", ".a/b", "a\\b", "~"] {
            assert!(is_plain(path), "{path}");
        }
        for path in [
            "", "/a", "a//b", "a/", "..", "../a", "a/../b", "./a", "a/.", "\u{e4}", "a\0", "a\n",
        ] {
            assert!(!is_plain(path), "{path:?}");
        }
    }

    #[test]
    fn joined_as_posixpath_does() {
        let table = [
            ("/a", "b", "/a/b"),
            ("/a/", "b", "/a/b"),
            ("/a", "/b", "/b"),
            ("", "b", "b"),
            ("/a", "", "/a/"),
        ];
        for (folder, path, expected) in table {
            let mut joined = folder.to_owned();
            join(&mut joined, path);
            assert_eq!(joined, expected);
        }
        assert_eq!(name("a/b.c"), "b.c");
        assert_eq!(name("b.c"), "b.c");
    }

    #[test]
    fn extensions() {
        let table = [
            ("a.css", ("a", ".css")),
            ("a.tar.gz", ("a.tar", ".gz")),
            ("a", ("a", "")),
            (".bashrc", (".bashrc", "")),
            ("...a", ("...a", "")),
            (".a.b", (".a", ".b")),
            ("a.", ("a", ".")),
        ];
        for (name, expected) in table {
            assert_eq!(split_extension(name), expected, "{name}");
        }
    }
}
