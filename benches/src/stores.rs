//! Databases with a made-up organisation in them, and connections beside those of the portal.

use std::{env, fs, hash::{DefaultHasher, Hash, Hasher}, path::{Path, PathBuf}};

use license_portal::{
    ops::instance::encryption,
    server::cli::machine,
    store::{Engine, Store, encryption::KeySource},
};
use sqlx::{AnyPool, any::AnyPoolOptions};

use crate::{Failure, cluster::Cluster, fill::fill, organisation::Organisation, rounds::Stopwatch};

/// A new folder that outlives no reboot, on a disk: `/tmp` may be memory.
///
/// # Errors
/// Those of the file system.
pub fn scratch(what: &str) -> Result<PathBuf, Failure> {
    let folder = Path::new("/var/tmp").join(format!("license-portal-bench-{what}-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A folder of [`scratch`]; deleted when dropped.
#[derive(Debug)]
pub struct Scratch(pub PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The SQLite file with that organisation: made once for each schema, kept in the cache of all checkouts.
///
/// # Errors
/// Those of the file system and of the database.
pub async fn sqlite_file(organisation: &Organisation) -> Result<PathBuf, Failure> {
    let cache = match (env::var_os("LICENSE_PORTAL_CACHE"), env::var_os("HOME")) {
        (Some(cache), _) => PathBuf::from(cache),
        (None, Some(home)) => PathBuf::from(home).join(".cache/license-portal"),
        (None, None) => return Err("neither LICENSE_PORTAL_CACHE nor HOME is set".into()),
    }
    .join("bench");
    let mut hasher = DefaultHasher::new();
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let mut files: Vec<PathBuf> = fs::read_dir(migrations)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort_unstable();
    for file in files {
        fs::read(file)?.hash(&mut hasher);
    }
    for generator in [
        include_str!("tree.rs"),
        include_str!("organisation.rs"),
        include_str!("fill.rs"),
    ] {
        generator.hash(&mut hasher);
    }
    let file = cache.join(format!("{}-{:016x}.db", organisation.tree.len(), hasher.finish()));
    if !file.exists() {
        fs::create_dir_all(&cache)?;
        let part = file.with_extension("part");
        if part.exists() {
            fs::remove_file(&part)?;
        }
        fill_new(&format!("sqlite://{}?mode=rwc", part.display()), organisation).await?;
        fs::rename(&part, &file)?;
    }
    Ok(file)
}

/// A database of the cluster with that organisation.
///
/// # Errors
/// Those of the database.
pub async fn postgres(cluster: &Cluster, organisation: &Organisation) -> Result<String, Failure> {
    let address = cluster.database("portal")?;
    fill_new(&address, organisation).await?;
    Ok(address)
}

/// A store on the database, with the schema in it, whose secrets are encrypted with a key that all benchmarks have.
///
/// # Errors
/// Those of the database.
pub async fn opened(address: &str, connections: u32) -> Result<Store, Failure> {
    let store = Store::open(address, connections, machine()).await?;
    store.migrate().await?;
    encryption::unlock(&store, KeySource::Environment(vec![[7; 32].into()])).await?;
    Ok(store)
}

async fn fill_new(address: &str, organisation: &Organisation) -> Result<(), Failure> {
    let clock = Stopwatch::start();
    let store = opened(address, 1).await?;
    store.close().await;
    fill(address, organisation).await?;
    println!(
        "filled {} groups and {} tickets in {:.0?}",
        organisation.tree.len(),
        organisation.tickets.len(),
        clock.elapsed()
    );
    Ok(())
}

/// Connections set up like the portal's own, for the bare side.
///
/// # Errors
/// Those of the database.
pub async fn bare_pool(engine: Engine, address: &str) -> Result<AnyPool, Failure> {
    let pool = AnyPoolOptions::new().max_connections(4);
    let pool = pool.after_connect(move |connection, _| {
        Box::pin(async move {
            if engine == Engine::Sqlite {
                sqlx::raw_sql(
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                     PRAGMA busy_timeout = 10000; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY",
                )
                .execute(&mut *connection)
                .await?;
            }
            Ok(())
        })
    });
    Ok(pool.connect(address).await?)
}
