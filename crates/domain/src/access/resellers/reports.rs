//! The policy of reports (N13): whose branch may be counted.

use crate::{
    access::Actor,
    accounts::{Permission, Permissions},
    groups::Lineage,
};

/// Whether these permissions let somebody read the reports of the branch in which they hold.
const fn reads(granted: Permissions) -> bool {
    granted.admin() || granted.has(Permission::CreateTicket) || granted.has(Permission::ViewReports)
}

impl Actor {
    /// Whether there are reports for the actor.
    #[must_use]
    pub fn has_reports(&self) -> bool {
        self.isv_admin || self.memberships.values().any(|granted| reads(*granted))
    }

    /// Whether the actor may read the reports of the branch of the group: its admins, who creates tickets in it, and who was
    /// given just this, where they know of the group. They consist of numbers and the names of products, so that no group and
    /// no person below is told.
    #[must_use]
    pub fn reads_reports(&self, group: &Lineage) -> bool {
        self.sees_group(group) && reads(self.permissions_over(group))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        access::{Place, TicketFacts},
        ids::{GroupId, TicketId, UserId},
    };

    #[test]
    fn view_reports_is_for_reading_reports_and_nothing_else() {
        let (top, group) = (
            Lineage::top(GroupId(1)),
            Lineage::top(GroupId(1)).child(GroupId(2)),
        );
        let below = group.child(GroupId(3));
        let reader = Actor {
            user: UserId(1),
            isv_admin: false,
            impersonated: false,
            memberships: BTreeMap::from([(GroupId(2), Permissions::NONE.with(Permission::ViewReports))]),
        };
        assert!(reader.reads_reports(&group));
        assert!(!reader.reads_reports(&top) && !reader.reads_reports(&below));
        assert!(!reader.creates_tickets() && !reader.looks_after_people());
        assert!(!reader.sees_group(&below) && !reader.reads_history(&group));
        let ticket = |level: &Lineage, protected| TicketFacts {
            id: TicketId(1),
            place: Place::Group(level.clone()),
            protected,
        };
        assert!(reader.sees_ticket(&ticket(&group, false)), "as any member");
        assert!(!reader.sees_ticket(&ticket(&group, true)));
        assert!(!reader.sees_ticket(&ticket(&below, false)));
        let plain = Actor {
            memberships: BTreeMap::from([(GroupId(2), Permissions::NONE)]),
            ..reader
        };
        assert!(!plain.has_reports() && !plain.reads_reports(&group));
    }
}
