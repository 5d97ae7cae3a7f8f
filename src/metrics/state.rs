//! Whether anything is counted.

use std::sync::OnceLock;

use metrics_exporter_prometheus::PrometheusHandle;

/// What counts, once it does.
pub(super) static INSTALLED: OnceLock<PrometheusHandle> = OnceLock::new();

/// Whether anything is counted: what costs time only for that is left out otherwise.
pub(super) fn is_on() -> bool {
    INSTALLED.get().is_some()
}
