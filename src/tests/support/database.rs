//! A database for each test: a copy of one with the schema in it, a file or a database of PostgreSQL.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use license_portal::store::{Engine, MIGRATIONS, Store, sources::Sources};
use sqlx::Connection;

use crate::support::portal::BEGIN;

/// Where tests find PostgreSQL.
const POSTGRES: &str = "PORTAL_TEST_POSTGRES";
/// The database of one test; deleted when the test is over.
pub struct Database {
    pub address: String,
    pub folder: PathBuf,
}

impl Database {
    pub async fn create(engine: Engine) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!(
            "portal_test_{}_{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::SeqCst)
        );
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let address = match engine {
            Engine::Sqlite => sqlite(&folder).await,
            Engine::Postgres => postgres(&name).await,
        };
        Self { address, folder }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        let Some((server, name)) = self
            .address
            .rsplit_once('/')
            .filter(|_| self.address.starts_with("postgres"))
        else {
            return;
        };
        let (server, sql) = (
            format!("{server}/postgres"),
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        );
        // A runtime cannot wait inside another one.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                if let Ok(mut connection) = sqlx::AnyConnection::connect(&server).await {
                    let _ = sqlx::query(sqlx::AssertSqlSafe(sql))
                        .execute(&mut connection)
                        .await;
                }
            });
        });
        let _ = dropping.join();
    }
}

/// What the database is called that others are copies of: another one for other migrations.
fn template_name() -> String {
    let mut hasher = DefaultHasher::new();
    MIGRATIONS.hash(&mut hasher);
    format!("portal_template_{:016x}", hasher.finish())
}

/// Writes the schema into a database.
async fn migrate(address: &str) {
    let store = Store::open(address, 1, Sources::new(|| BEGIN, |bytes| bytes.fill(1)))
        .await
        .expect("open");
    store.migrate().await.expect("the schema is written");
    store.close().await;
}

fn address_of(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}

/// A database in the folder, copied from one with the schema in it.
async fn sqlite(folder: &Path) -> String {
    let template = std::env::temp_dir().join(template_name());
    if !template.exists() {
        // Several test processes may make one; the last one stays.
        let making = folder.join("template.db");
        migrate(&address_of(&making)).await;
        std::fs::rename(&making, &template).expect("a template");
    }
    let file = folder.join("portal.db");
    std::fs::copy(&template, &file).expect("a copy");
    address_of(&file)
}

/// A database of that name, copied from one with the schema in it.
async fn postgres(name: &str) -> String {
    let server = std::env::var(POSTGRES).unwrap_or_else(|_| {
        panic!("{POSTGRES} is not set: run `.ci/postgres start; export {POSTGRES}=$(.ci/postgres url)`")
    });
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(&server)
        .await
        .expect("PostgreSQL answers");
    let beside = |name: &str| format!("{}/{name}", server.rsplit_once('/').expect("an address").0);
    let template = template_name();
    // One test process makes the template; the others wait for it.
    sqlx::query("SELECT 1 FROM (SELECT pg_advisory_lock(20250601)) AS locked")
        .execute(&mut connection)
        .await
        .expect("a lock");
    let known = sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1").bind(template.as_str());
    if known
        .fetch_optional(&mut connection)
        .await
        .expect("rows")
        .is_none()
    {
        let making = format!("{template}_making");
        execute(
            &mut connection,
            format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)"),
        )
        .await;
        execute(&mut connection, format!("CREATE DATABASE {making}")).await;
        migrate(&beside(&making)).await;
        execute(
            &mut connection,
            format!("ALTER DATABASE {making} RENAME TO {template}"),
        )
        .await;
    }
    sqlx::query("SELECT pg_advisory_unlock(20250601)")
        .execute(&mut connection)
        .await
        .expect("a lock");
    // Left behind by a test that was killed.
    execute(
        &mut connection,
        format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
    )
    .await;
    // Copied file by file, as before 15: page by page, through the log, takes twice as long.
    let chooses = "SELECT 1 WHERE CAST(current_setting('server_version_num') AS INTEGER) >= 150000";
    let chooses = sqlx::query(chooses).fetch_optional(&mut connection).await;
    let strategy = match chooses.expect("rows") {
        Some(_) => " STRATEGY file_copy",
        None => "",
    };
    execute(
        &mut connection,
        format!("CREATE DATABASE {name} TEMPLATE {template}{strategy}"),
    )
    .await;
    beside(name)
}

async fn execute(connection: &mut sqlx::AnyConnection, sql: String) {
    sqlx::query(sqlx::AssertSqlSafe(sql.clone()))
        .execute(connection)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}
