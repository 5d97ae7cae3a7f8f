//! People who activate licences, give them back, transfer them and issue credentials until the server is gone.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{
    house::killed::{answer, token},
    licensing::machines::Machine,
    support::{
        client::form,
        dice::Dice,
        portal::TestPortal,
        process::{Browser, FORM, Reply},
    },
};

/// What a person wants to have done.
#[derive(Debug, Clone)]
enum Change {
    Activate {
        container: i64,
        license: i64,
        quantity: i64,
        key: String,
    },
    Deactivate {
        container: i64,
        license: i64,
        quantity: i64,
    },
    Transfer {
        from: i64,
        to: i64,
        license: i64,
    },
    Issue {
        container: i64,
        label: String,
        reset: bool,
    },
}

/// What a person's containers hold, and what happened to get there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Held {
    /// How many, by container and licence.
    licenses: BTreeMap<(i64, i64), i64>,
    /// Container and label of the credentials that are good.
    credentials: BTreeSet<(i64, String)>,
    /// Entries of the history, by kind.
    events: BTreeMap<String, i64>,
}

impl Held {
    fn count(&mut self, event: &str) {
        *self.events.entry(event.to_owned()).or_default() += 1;
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::Activate {
                container,
                license,
                quantity,
                ..
            } => {
                *self.licenses.entry((*container, *license)).or_default() += quantity;
                self.count("license_activated");
            }
            Change::Deactivate {
                container,
                license,
                quantity,
            } => {
                *self.licenses.entry((*container, *license)).or_default() -= quantity;
                self.count("license_deactivated");
            }
            Change::Transfer { from, to, license } => {
                let quantity = self.licenses.remove(&(*from, *license)).unwrap_or_default();
                *self.licenses.entry((*to, *license)).or_default() += quantity;
                self.count("license_deactivated");
                self.count("license_activated");
            }
            Change::Issue {
                container,
                label,
                reset,
            } => {
                if *reset {
                    self.credentials.retain(|(other, _)| other != container);
                }
                self.credentials.insert((*container, label.clone()));
                self.count(if *reset {
                    "credentials_reset"
                } else {
                    "credential_issued"
                });
            }
        }
        self.licenses.retain(|_, quantity| *quantity > 0);
    }
}

/// Works with two containers that nobody else touches, and with licences that others take from too.
pub struct Person {
    login: String,
    pub browser: Browser,
    containers: [i64; 2],
    licenses: [i64; 2],
    dice: Dice,
    /// What was acknowledged.
    held: Held,
    /// What was asked for last and not answered.
    pending: Option<Change>,
    /// The last activation that was acknowledged, and the last credential file.
    activated: Option<Change>,
    file: Option<(i64, String, String)>,
    count: u32,
}

impl Person {
    pub fn new(login: String, browser: Browser, containers: [i64; 2], licenses: [i64; 2], seed: u64) -> Self {
        Self {
            login,
            browser,
            containers,
            licenses,
            dice: Dice::new(seed),
            held: Held::default(),
            pending: None,
            activated: None,
            file: None,
            count: 0,
        }
    }

    fn choose(&mut self) -> Change {
        self.count += 1;
        let name = format!("{}-{:06}", self.login, self.count);
        let container = self.containers[usize::from(self.dice.below(2) == 0)];
        let here: Vec<(i64, i64)> = self
            .held
            .licenses
            .iter()
            .filter(|((at, _), _)| *at == container)
            .map(|((_, license), quantity)| (*license, *quantity))
            .collect();
        let some = here.get(usize::try_from(self.dice.below(2)).unwrap()).copied();
        match (self.dice.below(10), some) {
            (0, _) => Change::Issue {
                container,
                label: name,
                // There are as many credentials as there may be after a while.
                reset: self.dice.below(4) == 0,
            },
            (1..=3, Some((license, quantity))) => Change::Deactivate {
                container,
                license,
                quantity: 1 + i64::try_from(self.dice.below(quantity.unsigned_abs())).unwrap(),
            },
            (4 | 5, Some((license, _))) => Change::Transfer {
                from: container,
                to: self.containers[usize::from(self.containers[0] == container)],
                license,
            },
            _ => Change::Activate {
                container,
                license: self.licenses[usize::from(self.dice.below(2) == 0)],
                quantity: 1 + i64::try_from(self.dice.below(3)).unwrap(),
                key: name,
            },
        }
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Option<Reply> {
        answer(self.browser.send("POST", path, FORM, form(fields).as_bytes()))
    }

    /// The activation of a licence in a container.
    fn activation(&self, container: i64, license: i64) -> Option<String> {
        let detail = self.post("/api/container", &[("container", &container.to_string())])?;
        let detail = detail.ok();
        let found = detail["activations"].as_array().unwrap().iter();
        let license = license.to_string();
        let mut found = found.filter(|activation| activation["license"].as_str() == Some(&license));
        let found = found.next().expect("what was acknowledged is listed");
        Some(crate::support::client::id_in(&found["activation"]))
    }

    fn send(&self, change: &Change) -> Option<Reply> {
        match change {
            Change::Activate {
                container,
                license,
                quantity,
                key,
            } => {
                let [license, container, quantity] = [license, container, quantity].map(i64::to_string);
                let fields = [
                    ("license", &*license),
                    ("container", &container),
                    ("quantity", &quantity),
                ];
                self.post("/api/activate", &[&fields[..], &[("key", key)]].concat())
            }
            Change::Deactivate {
                container,
                license,
                quantity,
            } => {
                let activation = self.activation(*container, *license)?;
                let quantity = quantity.to_string();
                let fields = [("activation", &*activation), ("quantity", &quantity)];
                self.post("/api/deactivate", &fields)
            }
            Change::Transfer { from, to, license } => {
                let activation = self.activation(*from, *license)?;
                let fields = [("activations[0]", &*activation), ("to", &to.to_string())];
                self.post("/api/transfer", &fields)
            }
            Change::Issue {
                container,
                label,
                reset,
            } => {
                let path = format!("/containers/{container}/credentials");
                let path = if *reset { format!("{path}/reset") } else { path };
                self.post(&path, &[("label", label)])
            }
        }
    }

    fn acknowledged(&mut self, change: Change, reply: &Reply) {
        self.held.apply(&change);
        match change {
            Change::Activate { .. } => self.activated = Some(change),
            Change::Issue { container, label, .. } => {
                self.file = Some((container, label, reply.body.clone()))
            }
            Change::Deactivate { .. } | Change::Transfer { .. } => {}
        }
    }

    /// Until the server is gone; counts what is acknowledged.
    pub fn work(mut self, acknowledged: &AtomicU32) -> Self {
        loop {
            let change = self.choose();
            self.pending = Some(change.clone());
            let Some(reply) = self.send(&change) else {
                return self;
            };
            self.pending = None;
            if reply.status == 200 {
                self.acknowledged(change, &reply);
                acknowledged.fetch_add(1, Ordering::SeqCst);
            } else {
                assert!((400..500).contains(&reply.status), "{change:?} {reply:?}");
            }
        }
    }

    /// What is in the database of theirs.
    async fn found(&self, portal: &TestPortal) -> Held {
        let [first, second] = self.containers;
        let user = portal.person(&self.login);
        let mut held = Held::default();
        let licenses = format!(
            "SELECT container_id || ' ' || license_id || ' ' || quantity FROM activations
             WHERE ended_at IS NULL AND container_id IN ({first}, {second})"
        );
        for row in portal.texts(&licenses).await {
            let row: Vec<i64> = row.split(' ').map(|number| number.parse().unwrap()).collect();
            let before = held.licenses.insert((row[0], row[1]), row[2]);
            assert_eq!(before, None, "two activations of a licence in a container");
        }
        let credentials = format!(
            "SELECT container_id || ' ' || label FROM credentials
             WHERE revoked_at IS NULL AND container_id IN ({first}, {second})"
        );
        for row in portal.texts(&credentials).await {
            let (container, label) = row.split_once(' ').unwrap();
            held.credentials
                .insert((container.parse().unwrap(), label.to_owned()));
        }
        let events = format!(
            "SELECT kind FROM events WHERE actor_id = {user}
             AND kind IN ('license_activated', 'license_deactivated', 'credential_issued', 'credentials_reset')"
        );
        for kind in portal.texts(&events).await {
            held.count(&kind);
        }
        held
    }

    /// After the server was killed, and started again. Whether something had been asked for and not answered, and was done.
    pub async fn settle(&mut self, portal: &TestPortal) -> Option<bool> {
        let (found, before) = (self.found(portal).await, self.held.clone());
        let mut outcome = None;
        if let Some(change) = self.pending.take() {
            self.held.apply(&change);
            let done = found == self.held;
            if !done {
                self.held = before.clone();
            }
            outcome = Some(done);
            assert_eq!(found, self.held, "{change:?} was asked for, after {before:?}");
            if let Change::Activate { .. } = change {
                let again = self.send(&change).expect("an answer");
                assert!(again.status == 200 || !done, "{change:?} {again:?}");
                if again.status == 200 && !done {
                    self.held.apply(&change);
                }
            }
        }
        if let Some(change) = &self.activated {
            self.send(change).expect("an answer").ok();
        }
        assert_eq!(self.found(portal).await, self.held, "after {before:?}");
        if let Some((container, label, file)) = &self.file {
            let good = self.held.credentials.contains(&(*container, label.clone()));
            let machine = Machine::with_file(portal.nobody(), file);
            assert_eq!(token(&self.browser, &machine).is_some(), good, "{label}");
        }
        outcome
    }
}
