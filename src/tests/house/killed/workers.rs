//! Machines that acquire leases, renew them and give them back until the server is gone.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::json;

use crate::{
    house::killed::{answer, token},
    licensing::machines::Machine,
    support::{
        dice::Dice,
        portal::TestPortal,
        process::{Browser, Reply},
    },
};

/// What a machine asks for.
#[derive(Debug, Clone)]
enum Ask {
    Acquire(String),
    Renew(String),
    Release(String),
}

/// A machine that leases what others lease too.
pub struct Worker {
    pub browser: Browser,
    machine: Machine,
    dice: Dice,
    /// The leases that were acknowledged.
    leases: BTreeSet<String>,
    pending: Option<Ask>,
    count: u32,
}

impl Worker {
    pub fn new(browser: Browser, machine: Machine, seed: u64) -> Self {
        Self {
            browser,
            machine,
            dice: Dice::new(seed),
            leases: BTreeSet::new(),
            pending: None,
            count: 0,
        }
    }

    fn choose(&mut self) -> Ask {
        self.count += 1;
        let some = self.leases.first().cloned();
        match (self.dice.below(3), some) {
            (0, Some(lease)) => Ask::Renew(lease),
            (1, Some(lease)) => Ask::Release(lease),
            _ => Ask::Acquire(format!("{}-{:06}", self.machine.key_id(), self.count)),
        }
    }

    fn send(&self, ask: &Ask) -> Option<Reply> {
        let (method, path, key) = match ask {
            Ask::Acquire(key) => ("POST", "/api/v1/leases".to_owned(), key.as_str()),
            Ask::Renew(lease) => ("POST", format!("/api/v1/leases/{lease}/renew"), ""),
            Ask::Release(lease) => ("DELETE", format!("/api/v1/leases/{lease}"), ""),
        };
        let headers = format!(
            "Authorization: Bearer {}\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\n",
            self.machine.token
        );
        let body = json!({"product": "A", "holder": "a machine"}).to_string();
        answer(self.browser.send(method, &path, &headers, body.as_bytes()))
    }

    fn acknowledged(&mut self, ask: Ask, reply: &Reply) {
        match (ask, reply.status) {
            (Ask::Acquire(_), 201) => {
                let id = reply.json()["id"].as_str().unwrap().to_owned();
                assert!(self.leases.insert(id), "a lease that it has already: {reply:?}");
            }
            // None is free.
            (Ask::Acquire(_), 409) | (Ask::Renew(_), 200) => {}
            (Ask::Release(lease), 204) => assert!(self.leases.remove(&lease)),
            (ask, _) => panic!("{ask:?} {reply:?}"),
        }
    }

    /// Until the server is gone; counts what is acknowledged.
    pub fn work(mut self, acknowledged: &AtomicU32) -> Self {
        loop {
            let ask = self.choose();
            self.pending = Some(ask.clone());
            let Some(reply) = self.send(&ask) else {
                return self;
            };
            self.pending = None;
            self.acknowledged(ask, &reply);
            acknowledged.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Leases that run, by the condition.
    async fn found(&self, portal: &TestPortal, condition: &str) -> BTreeSet<String> {
        let key_id = self.machine.key_id();
        let running = format!(
            "SELECT CAST(id AS TEXT) FROM leases WHERE credential_id = {key_id} AND ended_at IS NULL {condition}"
        );
        portal.texts(&running).await.into_iter().collect()
    }

    /// After the server was killed, and started again. Whether something had been asked for and not answered, and was done.
    pub async fn settle(&mut self, portal: &TestPortal) -> Option<bool> {
        self.machine.token = token(&self.browser, &self.machine).expect("a token");
        let mut outcome = None;
        if let Some(ask) = self.pending.take() {
            let done = match &ask {
                Ask::Acquire(key) => !self
                    .found(portal, &format!("AND request_key = '{key}'"))
                    .await
                    .is_empty(),
                Ask::Release(lease) => !self.found(portal, "").await.contains(lease),
                Ask::Renew(_) => false,
            };
            let again = self.send(&ask).expect("an answer");
            assert!(again.status != 409 || !done, "{ask:?} {again:?}");
            self.acknowledged(ask, &again);
            outcome = Some(done);
        }
        assert_eq!(self.found(portal, "").await, self.leases);
        for lease in &self.leases {
            self.send(&Ask::Renew(lease.clone())).expect("an answer").ok();
        }
        outcome
    }
}
