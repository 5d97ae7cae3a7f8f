//! Machines: leases over a network, and the exchange of texts without one.

mod devices;
mod leases;
