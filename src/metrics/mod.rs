//! What is counted for whoever operates the portal, and nothing about persons: no names, ids, paths or addresses.
//!
//! Where something happens that counts, a function of this room is called; before [`install`] it does nothing. What is not
//! counted but looked at, such as queues, `server::metrics` writes down when it is asked.

mod events;
mod figures;
mod jobs;
mod labels;
mod requests;
mod state;
mod table;
mod transactions;

use ::metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, set_global_recorder};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use self::state::INSTALLED;
pub use self::{
    events::{
        Asked, LoginOutcome, LoginWay, Unavailable, lease_refused, lease_told, live_events, login,
        unavailable,
    },
    figures::{
        Computing, Database, Figures, Queue, computing, database, database_is_up, figures, live_pages, queue,
    },
    jobs::{Failure, failed, job, round, started},
    requests::{Connection, Listener, request},
    table::{Kind, Metric, TABLE, Unit},
    transactions::{Kind as TransactionKind, Repeat, Running, Waiting, repeated},
};

/// Upper ends of the buckets of histograms, in seconds: from what an index answers to what nobody waits for.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 20.0,
];

/// The metrics cannot be counted.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The buckets are none.
    #[error("cannot set up the metrics: {0}")]
    Build(#[from] BuildError),
    /// The process counts with something else already.
    #[error("the metrics are counted by something else already")]
    Taken,
}

/// All that was counted, as text.
#[derive(Clone)]
pub struct Exposition(PrometheusHandle);

impl Exposition {
    /// In the text format of Prometheus, 0.0.4.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.render()
    }

    /// Puts what was measured since the last time into its buckets, so that it does not heap up while nobody asks.
    pub fn tidy(&self) {
        self.0.run_upkeep();
    }
}

/// Counts from here on, in the whole process. Once again, it is the same.
///
/// # Errors
/// [`InstallError`].
pub fn install() -> Result<Exposition, InstallError> {
    if let Some(installed) = INSTALLED.get() {
        return Ok(Exposition(installed.clone()));
    }
    let mut builder = PrometheusBuilder::new();
    for metric in TABLE.iter().filter(|metric| metric.kind == Kind::Histogram) {
        builder = builder.set_buckets_for_metric(Matcher::Full(metric.name.to_owned()), &BUCKETS)?;
    }
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    set_global_recorder(recorder).map_err(|_| InstallError::Taken)?;
    for metric in TABLE {
        let unit = match metric.unit {
            Unit::Count => ::metrics::Unit::Count,
            Unit::Seconds => ::metrics::Unit::Seconds,
        };
        match metric.kind {
            Kind::Counter => describe_counter!(metric.name, unit, metric.help),
            Kind::Gauge => describe_gauge!(metric.name, unit, metric.help),
            Kind::Histogram => describe_histogram!(metric.name, unit, metric.help),
        }
    }
    gauge!(table::BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    begin();
    Ok(Exposition(INSTALLED.get_or_init(|| handle).clone()))
}

/// What was not counted yet is zero, and not absent: otherwise nobody sees that it rises from there.
fn begin() {
    for metric in TABLE
        .iter()
        .filter(|metric| metric.kind == Kind::Counter && metric.labels.is_empty())
    {
        counter!(metric.name).increment(0);
    }
    events::begin();
    figures::begin();
    requests::begin();
    transactions::begin();
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_those_that_prometheus_expects() {
        let names: BTreeSet<_> = TABLE.iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), TABLE.len(), "twice the same name");
        for Metric {
            name,
            kind,
            unit,
            help,
            ..
        } in TABLE
        {
            assert!(name.starts_with("portal_"), "{name}");
            assert_eq!(name.ends_with("_total"), *kind == Kind::Counter, "{name}");
            assert_eq!(name.ends_with("_seconds"), *unit == Unit::Seconds, "{name}");
            assert!(help.ends_with('.') && !help.contains('\n'), "{name}: {help}");
        }
    }

    #[test]
    fn what_was_not_counted_yet_is_told_as_zero() {
        let text = install().expect("it counts").text();
        let again = install().expect("it is the same").text();
        for metric in TABLE.iter().filter(|metric| metric.kind == Kind::Counter) {
            // Which jobs there are is known where they are started.
            if !metric.labels.contains(&"job_name") {
                assert!(
                    text.contains(&format!("\n{}", metric.name)),
                    "{} is absent:\n{text}",
                    metric.name
                );
                assert!(
                    again.contains(&format!("# HELP {} {}", metric.name, metric.help)),
                    "{again}"
                );
            }
        }
        assert!(
            text.contains("portal_unavailable_total{reason=\"database\"} 0"),
            "{text}"
        );
    }
}
