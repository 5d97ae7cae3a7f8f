//! Jobs: how often they are started, fail, and succeed.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use ::metrics::{counter, gauge};
use tokio::time::Instant;

use super::{labels::labels, state::is_on, table};

/// When each job succeeded last, or was started first. There are as many as are registered.
static SUCCEEDED: Mutex<BTreeMap<&'static str, Instant>> = Mutex::new(BTreeMap::new());

labels! {
    /// How a job fails.
    Failure {
        Panicked = "panicked",
        /// Before it was told to.
        Ended = "ended",
        /// It takes no step.
        Hung = "hung",
    }
}

/// A job is started.
pub fn started(job: &'static str) {
    if !is_on() {
        return;
    }
    counter!(table::JOB_STARTS, "job_name" => job).increment(1);
    for how in Failure::ALL {
        counter!(table::JOB_FAILURES, "job_name" => job, "how" => how.text()).increment(0);
    }
    for outcome in ["done", "failed"] {
        counter!(table::JOB_ROUNDS, "job_name" => job, "outcome" => outcome).increment(0);
    }
    let mut succeeded = SUCCEEDED.lock().unwrap_or_else(PoisonError::into_inner);
    succeeded.entry(job).or_insert_with(Instant::now);
}

/// A job failed, and is started again where it does not hang.
pub fn failed(job: &'static str, how: Failure) {
    counter!(table::JOB_FAILURES, "job_name" => job, "how" => how.text()).increment(1);
}

/// A job did what it does again and again, or could not.
pub fn round(job: &'static str, done: bool) {
    if !is_on() {
        return;
    }
    let outcome = if done { "done" } else { "failed" };
    counter!(table::JOB_ROUNDS, "job_name" => job, "outcome" => outcome).increment(1);
    if done {
        let mut succeeded = SUCCEEDED.lock().unwrap_or_else(PoisonError::into_inner);
        succeeded.insert(job, Instant::now());
    }
}

/// How a job is, where somebody asks.
pub fn job(job: &'static str, is_lost: bool) {
    gauge!(table::JOB_LOST, "job_name" => job).set(f64::from(u8::from(is_lost)));
    let succeeded = SUCCEEDED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(last) = succeeded.get(job) {
        gauge!(table::JOB_SINCE_SUCCESS, "job_name" => job).set(last.elapsed().as_secs_f64());
    }
}
