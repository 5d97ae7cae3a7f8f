//! P12: signed leases of 64 machines at a time, durable before they are answered, next to moves of 64 people at a time; and the
//! check of a licence without a network, next to one bare verification of an Ed25519 signature.

use std::{fs, hint::black_box, sync::Arc};

use ed25519_dalek::{Signer, SigningKey, pkcs8::DecodePrivateKey};
use domain::{ids::{GroupId, LeaseId, LicenseId, TicketId, UserId}, licensing::containers::ContainerKind, tickets::{SelectedTickets, owners::Owner}};
use jiff::SignedDuration;
use jose::{JwkSet, NumericDate};
use license_portal::{ops::{self, licensing::{access_tokens::{Headless, Machine}, containers::NewContainer, credentials::Others, leases::LICENSE_TYP}}, store::{Engine, Store}};
use license_portal_benches::{Failure, cluster::Cluster, organisation::{Organisation, person_id, ticket_id}, rounds::{Comparison, Stopwatch, Target}, scaled, stores::{Scratch, opened, postgres, scratch, sqlite_file}, tree::group_id, wanted};
use serde_json::Value;
use sqlx::{AnyPool, Row};
use tokio::task::JoinSet;

const ROUNDS: usize = 9;
const CLIENTS: usize = 64;
/// Of each client, in one round of one side.
const LEASES: usize = 8;
const URL: &str = "https://portal.example.org";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let organisation = Organisation::new(scaled(10_000, 1000));
    println!(
        "P12: {} groups, {} tickets, {CLIENTS} clients at a time",
        organisation.tree.len(),
        organisation.tickets.len()
    );
    if wanted(Engine::Sqlite) {
        let folder = Scratch(scratch("leases")?);
        let file = folder.0.join("portal.db");
        fs::copy(sqlite_file(&organisation).await?, &file)?;
        measure("SQLite", &format!("sqlite://{}", file.display()), &organisation).await?;
    }
    if wanted(Engine::Postgres)
        && let Some(cluster) = Cluster::start()?
    {
        let address = postgres(&cluster, &organisation).await?;
        measure("PostgreSQL", &address, &organisation).await?;
    }
    Ok(())
}

async fn measure(engine: &str, address: &str, organisation: &Organisation) -> Result<(), Failure> {
    let clients = Clients::open(address, organisation).await?;
    let (mut acquired, mut renewed) = (Comparison::default(), Comparison::default());
    // The first statements of a connection are prepared, and the first pages read.
    clients.moves().await?;
    clients.leases().await?;
    for _ in 0..ROUNDS {
        let (acquiring, renewing) = clients.leases().await?;
        let moving = clients.moves().await?;
        acquired.push(acquiring, moving);
        renewed.push(renewing, moving);
    }
    acquired.print(&format!("{engine}, lease acquired : move"), Target::Speed(0.8));
    renewed.print(&format!("{engine}, lease renewed : move"), Target::Speed(0.8));
    clients.offline(engine).await?;
    clients.store.close().await;
    Ok(())
}

/// A person who moves a ticket to and fro, and a machine with a container of its own.
struct Client {
    ticket: TicketId,
    groups: [GroupId; 2],
    machine: Machine,
    article: String,
}

/// All of them, at one server.
struct Clients {
    store: Store,
    headless: Arc<Headless>,
    admin: UserId,
    clients: Vec<Arc<Client>>,
}

impl Clients {
    async fn open(address: &str, organisation: &Organisation) -> Result<Self, Failure> {
        let store = opened(address, 8).await?;
        let rows = AnyPool::connect(address).await?;
        let headless = Headless {
            url: URL.to_owned(),
            lifetime: SignedDuration::from_mins(5),
        };
        let admin = organisation.people.iter().position(|person| person.isv_admin);
        let admin = person_id(admin.ok_or("no ISV admin")?);
        let groups: Vec<GroupId> = (0..organisation.tree.len()).map(group_id).collect();
        let held = organisation.tickets.iter().enumerate();
        let mut held = held.filter_map(|(number, ticket)| match ticket.owner {
            Owner::Group(group) => Some((ticket_id(number), group)),
            Owner::User { .. } | Owner::Unassigned => None,
        });
        let mut clients = Vec::new();
        while clients.len() < CLIENTS {
            let (licensed, _) = held.next().ok_or("too few tickets")?;
            let licenses = sqlx::query(
                "SELECT l.id, p.article FROM licenses l JOIN products p ON p.id = l.product_id
                 WHERE l.ticket_id = $1 AND l.position = 0 AND l.quantity >= $2",
            )
            .bind(licensed.0)
            .bind(i64::try_from(LEASES)?);
            let Some(license) = licenses.fetch_optional(&rows).await? else {
                continue;
            };
            // One without activated licences moves without a question.
            let (ticket, from) = held.next().ok_or("too few tickets")?;
            let to = groups.iter().find(|to| **to != from).ok_or("one group only")?;
            let license_id = LicenseId(license.try_get(0)?);
            clients.push(Arc::new(Client {
                ticket,
                groups: [from, *to],
                machine: new_machine(&store, &headless, admin, license_id).await?,
                article: license.try_get(1)?,
            }));
        }
        rows.close().await;
        Ok(Self {
            store,
            headless: Arc::new(headless),
            admin,
            clients,
        })
    }

    /// Each client moves its ticket to and fro. Seconds for one move.
    async fn moves(&self) -> Result<f64, Failure> {
        let clock = Stopwatch::start();
        let mut running = JoinSet::new();
        for client in &self.clients {
            let (client, store, admin) = (Arc::clone(client), self.store.clone(), self.admin);
            running.spawn(async move {
                for at in 0..LEASES {
                    let (from, to) = (client.groups[at % 2], client.groups[1 - at % 2]);
                    let key = format!("{:032x}", u128::from_le_bytes(store.sources.random::<16>()));
                    let selection = SelectedTickets::new(vec![(client.ticket, Owner::Group(from))])?;
                    ops::tickets::reassign(&store, admin, &selection, Owner::Group(to), None, &key).await?;
                }
                Ok::<(), Failure>(())
            });
        }
        while let Some(done) = running.join_next().await {
            done??;
        }
        Ok(clock.per(CLIENTS * LEASES))
    }

    /// Each client acquires its leases, and renews them; giving them back is not measured. Seconds for one of each.
    async fn leases(&self) -> Result<(f64, f64), Failure> {
        let clock = Stopwatch::start();
        let mut running = JoinSet::new();
        for client in &self.clients {
            let (client, store, headless) =
                (Arc::clone(client), self.store.clone(), Arc::clone(&self.headless));
            running.spawn(async move {
                let mut leases = Vec::new();
                for _ in 0..LEASES {
                    let key = format!("{:032x}", u128::from_le_bytes(store.sources.random::<16>()));
                    let (machine, article) = (&client.machine, &client.article);
                    let lease =
                        ops::licensing::leases::acquire(&store, &headless, machine, article, "bench", &key).await?;
                    leases.push(lease.map_err(|refusal| format!("{refusal:?}"))?.stored.id);
                }
                Ok::<_, Failure>((client, leases))
            });
        }
        let mut held: Vec<(Arc<Client>, Vec<LeaseId>)> = Vec::new();
        while let Some(done) = running.join_next().await {
            held.push(done??);
        }
        let acquiring = clock.per(CLIENTS * LEASES);
        let clock = Stopwatch::start();
        let mut running = JoinSet::new();
        for (client, leases) in held {
            let (store, headless) = (self.store.clone(), Arc::clone(&self.headless));
            running.spawn(async move {
                for lease in &leases {
                    let renewed = ops::licensing::leases::renew(&store, &headless, &client.machine, *lease).await?;
                    renewed.map_err(|refusal| format!("{refusal:?}"))?;
                }
                Ok::<_, Failure>((client, leases))
            });
        }
        let mut held = Vec::new();
        while let Some(done) = running.join_next().await {
            held.push(done??);
        }
        let renewing = clock.per(CLIENTS * LEASES);
        for (client, leases) in held {
            for lease in leases {
                let released = ops::licensing::leases::release(&self.store, &client.machine, lease).await?;
                released.map_err(|refusal| format!("{refusal:?}"))?;
            }
        }
        Ok((acquiring, renewing))
    }

    /// A signed lease is checked like on the machine: form, purpose, key, signature, claims, times.
    async fn offline(&self, engine: &str) -> Result<(), Failure> {
        let client = self.clients.first().ok_or("no clients")?;
        let (machine, article) = (&client.machine, &client.article);
        let lease = ops::licensing::leases::acquire(
            &self.store,
            &self.headless,
            machine,
            article,
            "bench",
            "bench-offline",
        )
        .await?;
        let token = lease.map_err(|refusal| format!("{refusal:?}"))?.token;
        let keys: JwkSet = ops::instance::signing_keys::jwks(&self.store).await?;
        let now = self.store.sources.now();
        let read = |keys: &JwkSet| {
            let claims: Value = jose::verify(&token, LICENSE_TYP, |kid| keys.key(kid))?;
            let time = |name: &str| serde_json::from_value::<NumericDate>(claims[name].clone()).unwrap_or_default();
            jose::check_times(time("iat"), time("exp"), now)
        };
        read(&keys)?;
        // The same length under another key, whose private half is at hand.
        let signer = SigningKey::from_bytes(&[7; 32]);
        let text = token.rsplit_once('.').ok_or("no signature")?.0.as_bytes();
        let (key, signature) = (signer.verifying_key(), signer.sign(text));
        let checks = scaled(2_000, 50);
        let timed = |check: &dyn Fn() -> bool| {
            let clock = Stopwatch::start();
            let right = (0..checks).filter(|_| black_box(check())).count();
            assert_eq!(right, checks);
            clock.per(checks)
        };
        let bare = || timed(&|| key.verify_strict(black_box(text), &signature).is_ok());
        let ours = || timed(&|| read(black_box(&keys)).is_ok());
        let comparison = Comparison::of(2 * ROUNDS + 1, ours, bare);
        comparison.print(
            &format!("{engine}, offline check of a lease : verification"),
            Target::Cost(1.5),
        );
        Ok(())
    }
}

/// A machine whose container has all of a licence.
async fn new_machine(
    store: &Store,
    headless: &Headless,
    admin: UserId,
    license: LicenseId,
) -> Result<Machine, Failure> {
    let of = Owner::User {
        user: admin,
        context: None,
    };
    let name = format!("bench-{license:08}");
    let new = NewContainer {
        name: &name,
        kind: ContainerKind::Cloud,
        serial: "",
    };
    let container = ops::licensing::containers::create(store, admin, of, new, &format!("{name}-container")).await?;
    let quantity = u32::try_from(LEASES)?;
    ops::licensing::licenses::activate(
        store,
        admin,
        license,
        container,
        quantity,
        &format!("{name}-license"),
    )
    .await?;
    let new = (name.as_str(), None);
    let file = ops::licensing::credentials::issue(store, &headless.url, admin, container, new, Others::Stay).await?;
    let file: Value = serde_json::from_str(&file.text)?;
    let text = |name: &str| file[name].as_str().unwrap_or_default();
    let key = SigningKey::from_pkcs8_pem(text("private_key"))?;
    let (id, now) = (text("key_id"), store.sources.now().as_second());
    let claims = serde_json::json!({
        "iss": id, "sub": id, "aud": format!("{URL}/oauth/token"), "iat": now, "exp": now + 60, "jti": name,
    });
    let assertion = jose::sign("JWT", id, &claims, &key)?;
    let token = ops::licensing::access_tokens::issue(store, headless, &assertion).await?;
    let machine = ops::licensing::access_tokens::machine(store, headless, &token.ok_or("no token")?).await?;
    Ok(machine.ok_or("a token that is not good")?)
}
