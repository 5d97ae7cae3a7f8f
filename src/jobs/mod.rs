//! What the portal does by itself: all jobs stand here, and run supervised.
//!
//! A job goes on until it is told to stop, and leaves nothing half done then. Rounds that fail, such as those without a
//! database, it logs and tries again by itself; what it did not reckon with ends it, and the supervisor starts it again.

pub mod amendments;
pub mod certificate;
pub mod checkpoints;
pub mod database;
pub mod digests;
pub mod imports;
pub mod live;
pub mod mails;
pub mod sealing;
pub mod sessions;
pub mod supervisor;
pub mod take_backs;
pub mod tidying;
pub mod usage;
pub mod webhooks;

use std::{sync::Arc, time::Duration};

use domain::history::webhooks::Receivers;

use crate::{
    auth::limits::Limits,
    jobs::{
        certificate::Certificate,
        checkpoints::{Pusher, Target},
        digests::Digests,
        live::Feed,
        mails::{Writer, mailer::Mailer},
        supervisor::Job,
        tidying::Tidying,
        webhooks::Sender,
    },
    ops::{
        accounts::sessions::Sessions,
        history::live::Live,
        instance::{Vendor, imports::Imports},
        outbox::Orders,
    },
    store::Store,
};

/// What the jobs of a server work with.
pub struct Resources {
    pub store: Store,
    /// Whose licence of the instance counts.
    pub vendor: Vendor,
    /// The address at which people reach the portal.
    pub url: String,
    /// Who listens to what happens.
    pub live: Live,
    /// Mails that requests ask for.
    pub orders: Orders,
    pub mailer: Mailer,
    /// Where requests to the vendor are mailed to.
    pub vendor_mail: Option<String>,
    /// Which receivers webhooks may have.
    pub receivers: Receivers,
    /// Where checkpoints of the history are pushed to.
    pub checkpoints: Vec<Target>,
    pub imports: Imports,
    pub sessions: Sessions,
    /// How often something was tried.
    pub limits: Arc<Limits>,
    /// What the portal shows, where TLS ends in it.
    pub certificate: Option<Certificate>,
}

/// All jobs: name, what it does, the pause after a failure, what it works with, and how it runs.
#[must_use]
#[rustfmt::skip] // One line each.
pub fn all(resources: Resources) -> Vec<Job> {
    let Resources {
        store, url, mailer, ..
    } = resources;
    let feed = Feed::new(store.clone(), resources.live, resources.sessions.clone());
    let writer = Writer {
        orders: resources.orders,
        vendor_mail: resources.vendor_mail,
        mailer: mailer.clone(),
        store: store.clone(),
        vendor: resources.vendor,
        url: url.clone(),
    };
    let sender = Sender::new(&store, &url, resources.receivers, webhooks::PATIENCE);
    let pusher = Pusher::new(&store, &resources.checkpoints);
    let digests = Digests {
        store: store.clone(),
        mailer,
        url,
    };
    let tidying = Tidying {
        store: store.clone(),
        limits: resources.limits,
    };
    let seconds = Duration::from_secs;
    let mut jobs = vec![
        Job::new("database", "notices when the database is silent", seconds(1), store.clone(), database::run),
        Job::new("live", "tells open pages what changed", seconds(1), feed, Feed::run).silent_for(seconds(120)),
        Job::new("mails", "writes mails to people", seconds(2), writer, Writer::run),
        Job::new("digests", "mails what expires", seconds(10), digests, Digests::run),
        Job::new("webhooks", "sends for webhooks", seconds(2), sender, Sender::run),
        Job::new("imports", "stores files that were confirmed", seconds(1), resources.imports, imports::run),
        Job::new("amendments", "carries out planned amendments of licences", seconds(1), store.clone(), amendments::run),
        Job::new("take-backs", "takes tickets back that nobody uses", seconds(10), store.clone(), take_backs::run),
        Job::new("usage", "folds what machines used", seconds(10), store.clone(), usage::run),
        Job::new("sealing", "seals the history", seconds(1), store, sealing::run),
        Job::new("checkpoints", "pushes checkpoints of the history", seconds(60), pusher, Pusher::run).silent_for(2 * checkpoints::EVERY),
        Job::new("sessions", "ends logins that are over", seconds(1), resources.sessions, sessions::run),
        Job::new("tidying", "forgets what nobody needs", seconds(60), tidying, Tidying::run),
    ];
    jobs.extend(resources.certificate.map(|certificate| {
        Job::new("certificate", "takes new certificates", seconds(10), certificate, Certificate::run)
    }));
    jobs
}
