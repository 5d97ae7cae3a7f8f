//! Containers (S9): where licences are activated, and from where machines use them.

use crate::texts::enum_of_texts;

/// Most containers of one person: a build service has hundreds.
pub const MAX_CONTAINERS: u32 = 1_000;

enum_of_texts! {
    /// What a container is.
    ContainerKind, else UnknownContainerKind;
    /// Kept by the portal.
    Cloud = "cloud",
    /// A machine without a network, known by its fingerprint.
    Device = "device",
    /// Hardware with a serial number.
    Dongle = "dongle",
}
