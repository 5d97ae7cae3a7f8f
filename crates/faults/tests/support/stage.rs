//! The demo organisation, with people who may move its tickets, from which all runs begin.

use faults::disk::Image;

use crate::support::{
    database::{Database, Stage},
    program::{PASSWORD, Program, database_in},
    read,
    workload::Mover,
};

/// A database with the demo organisation in it, and who moves its tickets.
pub struct Beginning {
    /// The files of the database.
    pub image: Image,
    pub movers: Vec<Mover>,
}

impl Beginning {
    /// On SQLite, with so many movers.
    pub fn on_sqlite(program: &Program, movers: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let address = database_in(folder.path());
        let movers = begin(program, &address, movers);
        let mut image = read(folder.path());
        // Memory of processes that are gone.
        image.retain(|name, _| !name.ends_with("-shm"));
        Self { image, movers }
    }
}

/// Loads the demo organisation, and yields who moves its tickets: each ticket one of them, and each all groups.
pub fn begin(program: &Program, address: &str, movers: usize) -> Vec<Mover> {
    program
        .run(address, &["demo", "--demo-password", PASSWORD])
        .expect("the demo is loaded");
    let server = program.serve(address).expect("it starts");
    let tokens = server.tokens(movers);
    drop(server);
    let Stage { groups, places } = Database::at(address).stage();
    assert!(places.len() >= movers, "each has a ticket: {places:?}");
    let shares = (0..movers).map(|mover| places.iter().skip(mover).step_by(movers));
    tokens
        .into_iter()
        .zip(shares)
        .enumerate()
        .map(|(number, (token, share))| {
            let places = share.map(|(ticket, group)| (*ticket, *group)).collect();
            Mover::new(number, token, places, groups.clone(), 7 + number as u64)
        })
        .collect()
}
