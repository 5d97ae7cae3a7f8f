//! What all proofs have in common: the program, the people who move tickets, and what must hold in the database afterwards.

pub mod database;
pub mod postgres;
pub mod program;
#[path = "../../../../src/tests/support/running.rs"]
pub mod running;
pub mod stage;
pub mod workload;

use std::{path::Path, str::FromStr};

use faults::disk::Image;

/// A number from the environment.
pub fn number<T: FromStr>(name: &str, otherwise: T) -> T {
    match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name}={text:?} is no number")),
        Err(_) => otherwise,
    }
}

/// The files in a folder.
pub fn read(folder: &Path) -> Image {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let files = entries.map(|entry| entry.expect("an entry").path());
    files
        .filter(|path| path.is_file())
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_str()
                .expect("a name in UTF-8");
            (name.to_owned(), std::fs::read(&path).expect("a file"))
        })
        .collect()
}

/// Writes the files into a folder.
pub fn write(image: &Image, folder: &Path) {
    for (name, contents) in image {
        std::fs::write(folder.join(name), contents).expect("a file");
    }
}
