//! The direction between the rooms of the house, held against the `use` lines of every file.

use std::path::{Path, PathBuf};

/// The rooms of `src`, each of which imports only from those above it.
const ROOMS: [&str; 10] = [
    "views", "i18n", "errors", "store", "ops", "auth", "api", "ui", "jobs", "server",
];

/// The Rust files below a folder.
pub fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The single paths in `a::{b, c::{d, e}}`.
fn paths(tree: &str) -> Vec<String> {
    let Some((prefix, inner)) = tree
        .trim()
        .strip_suffix('}')
        .and_then(|tree| tree.split_once('{'))
    else {
        return vec![tree.trim().to_owned()];
    };
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for c in inner.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match c {
            ',' if depth == 0 => parts.push(String::new()),
            c => parts.last_mut().unwrap().push(c),
        }
    }
    let paths = parts
        .iter()
        .filter(|part| !part.trim().is_empty())
        .flat_map(|part| paths(part));
    paths.map(|path| format!("{prefix}{path}")).collect()
}

/// The paths after `crate::` in a file, of `use` lines and elsewhere. Macros say `$crate` and count too.
fn imports(source: &str) -> Vec<String> {
    let code: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join(" ");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let mut depth = 0;
        let end = rest.find(|c: char| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            depth == 0 && !c.is_alphanumeric() && !matches!(c, '_' | ':')
        });
        // A closing brace still belongs to the path.
        let end = end.map_or(rest.len(), |end| {
            end + usize::from(rest[end..].starts_with('}') && rest[..end].contains('{'))
        });
        found.extend(paths(&rest[..end]));
    }
    found
}

#[test]
fn imports_keep_to_the_direction() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (at, room) in ROOMS.iter().enumerate() {
        let mut found = Vec::new();
        files(&source.join(room), &mut found);
        assert!(!found.is_empty(), "the room {room} is gone");
        for file in found {
            for import in imports(&std::fs::read_to_string(&file).unwrap()) {
                let below = |room: &&str| import == **room || import.starts_with(&format!("{room}::"));
                if ROOMS[at + 1..].iter().any(below) {
                    let file = file.strip_prefix(&source).unwrap().display();
                    wrong.push(format!("{file}: crate::{import}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "against the direction:\n{}", wrong.join("\n"));
}

#[test]
fn nested_imports_are_read() {
    let source = "use crate::{a::b, c::{d, e}};\nuse crate::f;\n// use crate::g;\n    crate::h::i(1)";
    assert_eq!(imports(source), ["a::b", "c::d", "c::e", "f", "h::i"]);
}
