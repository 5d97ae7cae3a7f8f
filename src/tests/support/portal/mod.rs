//! A portal in this process: the whole router over a database of its own, with the clock in the test's hand.

pub mod known;
pub mod secrets;
mod state;

use std::{
    collections::HashMap,
    path::PathBuf,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, phc::PasswordHash},
};
use axum::Router;
use domain::{
    accounts::presence::TICK,
    history::webhooks::Receivers,
    instance::{Contact, InstanceLicense},
    licensing::leases::LIFETIME,
    time::Milliseconds,
};
use ed25519_dalek::SigningKey;
use jiff::{SignedDuration, Timestamp};
use license_portal::{
    auth::{client_address::TrustedProxies, portal::Portal},
    jobs::{
        self,
        digests::Digests,
        mails::{Writer, mailer::Mailer},
        supervisor::Health,
    },
    ops::{
        accounts::{
            identity_providers::protocol::Providers,
            passwords,
            sessions::{Origin, Sessions},
        },
        history::live::Live,
        instance::{
            Claims, Vendor, encryption, ensure_id,
            imports::Imports,
            organisation::{self, file::Organisation},
            signed,
        },
        licensing::access_tokens::Headless,
        outbox::Outbox,
    },
    server::router::router,
    store::{
        Engine, Store,
        encryption::{KeySource, SECOND_FACTORS},
        sources::Sources,
    },
    ui::shell::assets::Assets,
};
use sha2::{Digest, Sha256};
use sqlx::{AnyPool, Row};
use tokio_util::sync::CancellationToken;
use totp_rs::Secret;

use crate::{
    licensing::machines::URL,
    support::{
        client::Client, database::Database, moments::at, portal::known::Known, process::program, tree,
    },
};

/// When tests begin: 2025-06-01.
pub const BEGIN: Timestamp = Timestamp::constant(BEGIN_MS / 1000, 0);
/// [`BEGIN`] as statements have it.
pub const BEGIN_MS: i64 = 1_748_736_000_000;

/// The secret of second factors in tests.
pub const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/// What signs the licences of instances in tests.
pub fn vendor_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// The tables that requests change, those that refer to others first.
const TABLES: [&str; 51] = [
    "take_back_mails",
    "take_backs",
    "ticket_views",
    "pending_sign_ins",
    "linked_identities",
    "identity_providers",
    "personal_tokens",
    "webhook_deliveries",
    "webhook_senders",
    "webhooks",
    "expiry_digests",
    "import_beats",
    "import_lines",
    "imports",
    "instance",
    "license_requests",
    "password_links",
    "pending_logins",
    "recovery_codes",
    "second_factors",
    "sessions",
    "requests",
    "checkpoints",
    "event_groups",
    "event_people",
    "events",
    "leases",
    "use_refusals",
    "use_hours",
    "use_days",
    "use_by_person",
    "assertions",
    "credentials",
    "devices",
    "signing_keys",
    "activations",
    "amendments",
    "containers",
    "licenses",
    "tickets",
    "creations",
    "filtered_products",
    "product_filters",
    "quotas",
    "customers",
    "invitations",
    "products",
    "membership_permissions",
    "memberships",
    "groups",
    "users",
];

fn routes(portal: &Portal, health: Health, database: &Database) -> Router {
    let assets = Assets {
        js: "/pkg/a.js".into(),
        split: Some("/pkg/split.js".into()),
        wasm: "/pkg/a.wasm".into(),
        css: "/pkg/a.css".into(),
        pages: Arc::new(
            ["desk", "group", "new_group"]
                .map(|page| (page.to_owned(), vec![format!("/pkg/{page}.wasm")]))
                .into(),
        ),
    };
    router(portal.clone(), health, assets, &database.folder)
}

/// Where the key of the database is: for SQLite, where the program looks for it by itself.
fn key_file(database: &Database) -> PathBuf {
    database.folder.join("portal.key")
}

/// A portal as the tests see it.
#[derive(Clone)]
pub struct TestPortal {
    pub store: Store,
    /// The same database, for looking behind the portal's back.
    pub rows: AnyPool,
    pub portal: Portal,
    router: Router,
    clock: Arc<AtomicI64>,
    known: Arc<Mutex<Known>>,
    /// The fingerprints of previews, by what they are of.
    previews: Arc<Mutex<HashMap<String, String>>>,
    /// Held while somebody logs in.
    door: Arc<tokio::sync::Mutex<()>>,
    database: Arc<Database>,
}

impl TestPortal {
    /// With the tree of a literal.
    pub async fn start(engine: Engine, text: &str) -> Self {
        let portal = Self::empty(engine).await;
        portal.import(&tree::organisation(text)).await;
        portal
    }

    /// With nothing in it.
    pub async fn empty(engine: Engine) -> Self {
        let database = Arc::new(Database::create(engine).await);
        Self::over(database, Arc::new(AtomicI64::new(BEGIN_MS)), |_| {}).await
    }

    /// Another server process over the same database, with a clock of its own.
    pub async fn second(&self) -> Self {
        let clock = Arc::new(AtomicI64::new(self.clock.load(Ordering::SeqCst) + 3));
        let second = Self::over(Arc::clone(&self.database), clock, |_| {}).await;
        second.learn().await;
        second
    }

    /// The same database behind other settings.
    pub async fn with(&self, change: impl FnOnce(&mut Portal)) -> Self {
        let other = Self::over(Arc::clone(&self.database), Arc::clone(&self.clock), change).await;
        other.learn().await;
        other
    }

    /// The same server process, which has counted no attempts yet.
    pub fn without_attempts(&self) -> Self {
        let mut other = self.clone();
        other.portal.limits = Arc::default();
        other.router = routes(&other.portal, Health::default(), &self.database);
        other
    }

    /// The same server process, which tells this health of its jobs.
    pub fn with_health(&self, health: Health) -> Self {
        let mut other = self.clone();
        other.router = routes(&other.portal, health, &self.database);
        other
    }

    async fn over(database: Arc<Database>, clock: Arc<AtomicI64>, change: impl FnOnce(&mut Portal)) -> Self {
        let time = Arc::clone(&clock);
        // Time goes on by a millisecond with each look at the clock: nothing happens at the same time.
        let sources = Sources::new(
            move || at(time.fetch_add(1, Ordering::SeqCst)),
            |bytes| getrandom::fill(bytes).expect("randomness"),
        );
        let store = Store::open(&database.address, 20, sources)
            .await
            .expect("the database opens");
        encryption::unlock(&store, KeySource::File(key_file(&database)))
            .await
            .expect("the secrets open");
        ensure_id(&store).await.expect("an instance");
        let vendor = Vendor {
            key: Some(vendor_key().verifying_key()),
            demo: false,
        };
        let mailer = Mailer::folder(
            database.folder.join("mail"),
            "portal@example.org",
            store.sources.clone(),
        )
        .expect("a mailer");
        let vendor_mail = Some("maker@example.org".to_owned());
        let (outbox, orders) = Outbox::new(vendor_mail.clone());
        let url = "https://portal.example.org".to_owned();
        let digests = Digests {
            store: store.clone(),
            mailer: mailer.clone(),
            url: url.clone(),
        };
        tokio::spawn(digests.run(CancellationToken::new()));
        let writer = Writer {
            orders,
            vendor_mail,
            mailer,
            store: store.clone(),
            vendor: vendor.clone(),
            url,
        };
        tokio::spawn(writer.run(CancellationToken::new()));
        let imports = Imports::new(store.clone(), vendor.clone());
        tokio::spawn(jobs::imports::run(imports.clone(), CancellationToken::new()));
        let mut portal = Portal {
            store: store.clone(),
            imports,
            vendor,
            outbox,
            headless: Headless {
                url: URL.to_owned(),
                lifetime: LIFETIME,
            },
            address: "127.0.0.1:3000".to_owned(),
            demo_password: None,
            https: false,
            host: None,
            security_contact: None,
            proxies: TrustedProxies::None,
            receivers: Receivers::Public,
            providers: Providers::new(Receivers::Public, Duration::from_secs(2)),
            limits: Arc::default(),
            live: Live::default(),
            sessions: Sessions::new(store.clone(), domain::accounts::sessions::IDLE),
        };
        change(&mut portal);
        let router = routes(&portal, Health::default(), &database);
        let rows = sqlx::any::AnyPoolOptions::new()
            .max_connections(2)
            .connect_lazy(&database.address)
            .expect("address");
        Self {
            store,
            rows,
            portal,
            router,
            clock,
            known: Arc::default(),
            previews: Arc::default(),
            door: Arc::default(),
            database,
        }
    }

    /// The address of the database, for programs.
    pub fn address(&self) -> &str {
        &self.database.address
    }

    /// The file with the key of the database.
    pub fn key_file(&self) -> PathBuf {
        key_file(&self.database)
    }

    /// The program on the database of the portal, without settings from elsewhere.
    pub fn program(&self) -> Command {
        let mut program = program();
        program.args(["--database", self.address(), "--key-file"]);
        program.arg(self.key_file());
        program
    }

    /// What happens at the start of a newer portal on this database.
    pub async fn upgrade(&self) {
        self.store.migrate().await.expect("the schema is written");
        self.unlock().await.expect("the secrets open");
    }

    /// The folder that the portal serves files from.
    pub fn site(&self) -> &std::path::Path {
        &self.database.folder
    }

    /// Loads an organisation into the portal.
    pub async fn import(&self, file: &Organisation) {
        organisation::import(&self.store, &self.portal.vendor, file, None)
            .await
            .expect("the tree is imported");
        // The history begins with the test.
        for table in ["event_groups", "event_people", "events"] {
            self.run(&format!("DELETE FROM {table}")).await;
        }
        // Seats have tests of their own.
        self.run("UPDATE users SET active = 1").await;
        self.learn().await;
    }

    /// Everything in the portal is forgotten.
    pub async fn clear(&self) {
        for table in TABLES {
            self.run(&format!("DELETE FROM {table}")).await;
        }
    }

    /// Remembers every row, for [`TestPortal::restore`].
    pub async fn keep(&self) {
        for table in TABLES {
            self.run(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}"))
                .await;
        }
    }

    /// Everything is as it was at [`TestPortal::keep`], to the last id.
    pub async fn restore(&self) {
        let mut sql = String::from("BEGIN;");
        for table in TABLES {
            sql.push_str(&format!("DELETE FROM {table};"));
        }
        for table in TABLES.into_iter().rev() {
            sql.push_str(&format!("INSERT INTO {table} SELECT * FROM kept_{table};"));
        }
        sql.push_str("COMMIT");
        let mut connection = self.rows.acquire().await.expect("a connection");
        // A letter that is being written may refer to somebody who is about to be forgotten: then it has to be finished first.
        for _ in 0..10 {
            let restored = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone()))
                .execute(&mut *connection)
                .await;
            if restored.is_ok() {
                return;
            }
            sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await.ok();
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the rows cannot be restored");
    }

    async fn query(&self, sql: &str) -> Vec<sqlx::any::AnyRow> {
        sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
            .fetch_all(&self.rows)
            .await
            .expect("rows")
    }

    /// Until what is returned is dropped, whoever changes an account waits; who reads does not.
    pub async fn hold_writes(&self) -> Box<dyn std::any::Any + Send> {
        if self.store.engine() == Engine::Sqlite {
            return Box::new(self.store.begin_write().await.expect("the writer is free"));
        }
        let mut held = self.rows.begin().await.expect("a transaction");
        sqlx::query("LOCK TABLE users IN EXCLUSIVE MODE")
            .execute(&mut *held)
            .await
            .expect("a lock");
        Box::new(held)
    }

    /// Changes rows behind the portal's back.
    pub async fn run(&self, sql: &str) {
        let mut connection = self.rows.acquire().await.expect("a connection");
        if self.store.engine() == Engine::Sqlite {
            // It compares a new column with those that this connection knows, which learns here what another one changed.
            sqlx::query("SELECT COUNT(*) FROM users")
                .execute(&mut *connection)
                .await
                .expect("the schema");
        }
        sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
            .execute(&mut *connection)
            .await
            .expect("rows change");
    }

    /// A number from the database.
    pub async fn number(&self, sql: &str) -> i64 {
        self.query(sql).await[0].get(0)
    }

    /// Texts from the first column.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        self.query(sql).await.iter().map(|row| row.get(0)).collect()
    }

    /// A licence of this instance, with a change.
    pub fn license(&self, seats: u32, change: impl FnOnce(&mut InstanceLicense)) -> String {
        let mut license = InstanceLicense {
            customer: "C-1".to_owned(),
            number: "I-1".to_owned(),
            aud: self.instance(),
            seats,
            variant: "Professional".to_owned(),
            functions: vec!["resellers".to_owned()],
            contact: Contact {
                company: "Example".to_owned(),
                name: "Erika".to_owned(),
                ..Contact::default()
            },
            issued_at: BEGIN,
            expires_at: None,
        };
        change(&mut license);
        signed::sign(&Claims::from(license), &vendor_key()).expect("a licence")
    }

    /// Somebody's browser, logged in: the same one each time, because there is one login at a time. It is begun
    /// directly: logging in has tests of its own.
    pub async fn client(&self, login: &str) -> Client {
        let user = self.person(login);
        let sessions = &self.portal.sessions;
        let _alone = self.door.lock().await;
        let begun = self
            .number(&format!("SELECT COUNT(*) FROM sessions WHERE user_id = {user}"))
            .await;
        let token = |number: i64| {
            let token = format!("token-{number}-of-{login}");
            let hash = Sha256::digest(token.as_bytes());
            let hash = hex::encode(hash);
            (token, hash)
        };
        let (last, hash) = token(begun);
        if sessions.running(&hash).await.expect("sessions").is_some() {
            return Client::new(self.router.clone(), Some(format!("portal={last}")));
        }
        let (next, hash) = token(begun + 1);
        sessions
            .begin(user, &hash, &Origin::default(), false)
            .await
            .expect("a session");
        Client::new(self.router.clone(), Some(format!("portal={next}")))
    }

    /// Remembers what an ISV admin is told in a preview of `TICKET;TICKET>OWNER`.
    pub async fn look_ahead(&self, client: &Client, of: &str) {
        let (tickets, to) = of.split_once('>').expect("tickets>owner");
        let tickets: Vec<&str> = tickets.split(';').collect();
        let (tickets, to) = (self.picks(&tickets), self.owner(to).to_string());
        let seen = client.preview(&tickets, &to).await.ok()["seen"].clone();
        let seen = seen.as_str().expect("a fingerprint").to_owned();
        self.previews.lock().unwrap().insert(of.to_owned(), seen);
    }

    /// The fingerprint of the preview that [`TestPortal::look_ahead`] asked for.
    pub fn seen_ahead(&self, of: &str) -> String {
        self.previews.lock().unwrap()[of].clone()
    }

    /// The mails of the portal, once there are so many: the oldest first, as they were written.
    pub async fn mails(&self, count: usize) -> Vec<String> {
        let folder = self.database.folder.join("mail");
        for _ in 0..500 {
            let mut files: Vec<_> = std::fs::read_dir(&folder)
                .map(|files| files.map(|file| file.unwrap().path()))
                .map(Iterator::collect)
                .unwrap_or_default();
            files.retain(|file| {
                !file
                    .file_name()
                    .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
            });
            if files.len() >= count {
                files.sort();
                // Quoted-printable (RFC 2045), as far as the tests read it.
                let read = |file| {
                    let mail = std::fs::read_to_string(file).unwrap();
                    mail.replace("=\r\n", "").replace("=3D", "=")
                };
                return files.into_iter().map(read).collect();
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("there are no {count} mails");
    }

    /// Everybody gets the same password behind the portal's back.
    pub async fn set_passwords(&self, password: &str) {
        let hash = passwords::hash(&self.store.sources, password).expect("a hash");
        self.set_hashes(&hash).await;
    }

    /// The same, with a hash that is computed at once: for tests that try it hundreds of times, and ask nothing about it.
    pub async fn set_quick_passwords(&self, password: &str) {
        let params = Params::new(8, 1, 1, None).expect("parameters");
        let hash: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_with_salt(password.as_bytes(), &[7; 16])
            .expect("a hash");
        self.set_hashes(&hash.to_string()).await;
    }

    async fn set_hashes(&self, hash: &str) {
        self.run(&format!("UPDATE users SET password_hash = '{hash}'"))
            .await;
    }

    /// Somebody gets a second factor behind the portal's back.
    pub async fn second_factor(&self, login: &str) {
        let user = self.person(login);
        let secret = self.encrypt(&SECOND_FACTORS, user, SECRET).await;
        self.run(&format!(
            "INSERT INTO second_factors (user_id, secret, begun_at, confirmed_at) VALUES ({user}, '{secret}', {BEGIN_MS}, {BEGIN_MS})"
        ))
        .await;
    }

    /// The code that an app with [`SECRET`] shows, so many steps of 30 seconds from now.
    pub fn code_in(&self, steps: i64) -> String {
        let secret = Secret::try_from_base32(SECRET).expect("a secret");
        let app = totp_rs::Builder::new()
            .with_secret(secret)
            .build()
            .expect("an app");
        let seconds = self.clock.load(Ordering::SeqCst) / 1000 + 30 * steps;
        app.generate(seconds.unsigned_abs()).to_string()
    }

    /// A browser in which nobody is logged in.
    pub fn nobody(&self) -> Client {
        Client::new(self.router.clone(), None)
    }

    /// Moves the clock: what looks at it sees none of the time in between.
    pub fn jump(&self, span: SignedDuration) {
        self.clock.fetch_add(Milliseconds::from(span).0, Ordering::SeqCst);
    }

    /// Lets time pass, tick by tick.
    pub fn pass(&self, span: SignedDuration) {
        let mut left = span;
        while left.is_positive() {
            self.jump(TICK.min(left));
            left -= TICK;
            self.portal.sessions.tick();
        }
    }
}
