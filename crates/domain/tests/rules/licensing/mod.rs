//! Machines: leases over a network, and the exchange of texts without one; and what licences grant them over time.

mod amendment_machine;
mod amendments;
mod devices;
mod leases;
