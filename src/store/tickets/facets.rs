//! Facets of lists of tickets, as conditions in SQL.

use domain::{
    ids::UserId,
    time::{days, later},
};
use jiff::Timestamp;

use crate::{
    store::sql::Sql,
    views::tickets::facets::{Ends, Facets, OwnerKind, TicketState},
};

/// When the licence `f` ends.
const END: &str = "COALESCE(f.valid_until, f.started_at + f.valid_days * 86400000)";

/// Facets at a moment, for a reader.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) facets: Facets,
    pub(super) now: Timestamp,
    pub(super) reader: UserId,
}

impl Wanted {
    /// ` AND …`: the ticket `t` is one.
    pub(super) fn push_ticket(&self, sql: &mut Sql) {
        self.push_ticket_itself(sql, "t");
        if self.asks_of_licenses() {
            sql.push(" AND EXISTS (SELECT 1 FROM licenses f WHERE f.ticket_id = t.id");
            self.push_license(sql);
            sql.push(")");
        }
    }

    /// Whether something is asked of licences.
    pub(super) fn asks_of_licenses(&self) -> bool {
        let Facets {
            product,
            state,
            owner: _,
            ends,
            binding,
        } = self.facets;
        let state = state.is_some_and(|state| state != TicketState::Protected);
        state || product.is_some() || ends.is_some() || binding.is_some()
    }

    /// ` AND …`: what is asked of the ticket itself.
    pub(super) fn push_ticket_itself(&self, sql: &mut Sql, ticket: &str) {
        if self.facets.state == Some(TicketState::Protected) {
            sql.push(" AND ").push(ticket).push(".protected = 1");
        }
        let Some(owner) = self.facets.owner else { return };
        sql.push(" AND ").push(ticket);
        match owner {
            OwnerKind::Group => sql.push(".owner_group_id IS NOT NULL"),
            OwnerKind::Person => sql.push(".owner_user_id IS NOT NULL"),
            OwnerKind::Me => sql.push(".owner_user_id = ").int(self.reader.0),
            OwnerKind::Nobody => sql
                .push(".owner_group_id IS NULL AND ")
                .push(ticket)
                .push(".owner_user_id IS NULL"),
        };
    }

    /// ` AND …`: what is asked of one of its licences, `f`.
    pub(super) fn push_license(&self, sql: &mut Sql) {
        let Facets {
            product,
            state,
            owner: _,
            ends,
            binding,
        } = self.facets;
        if let Some(product) = product {
            sql.push(" AND f.product_id = ").int(product.0);
        }
        match state {
            None | Some(TicketState::Protected) => {}
            Some(TicketState::Free) => {
                sql.push(
                    " AND f.suspended_at IS NULL AND f.revoked_at IS NULL AND f.reduced_to IS NULL
                      AND f.activated < f.quantity AND (",
                )
                .push(END)
                .push(" IS NULL OR ")
                .push(END)
                .push(" > ")
                .moment(self.now)
                .push(")");
            }
            Some(TicketState::Active) => {
                sql.push(" AND f.activated > 0");
            }
            Some(TicketState::Full) => {
                sql.push(" AND f.activated > 0 AND f.activated >= COALESCE(f.reduced_to, f.quantity)");
            }
            Some(TicketState::Ended) => {
                sql.push(" AND ").push(END).push(" <= ").moment(self.now);
            }
            Some(TicketState::Suspended) => {
                sql.push(" AND f.suspended_at IS NOT NULL AND f.revoked_at IS NULL");
            }
            Some(TicketState::Revoked) => {
                sql.push(" AND f.revoked_at IS NOT NULL");
            }
        }
        match (ends, ends.and_then(Ends::days)) {
            (None, _) => {}
            (Some(Ends::Never), _) => {
                sql.push(" AND f.valid_until IS NULL AND f.valid_days IS NULL");
            }
            (Some(_), Some(within)) => {
                sql.push(" AND ").push(END).push(" > ").moment(self.now);
                sql.push(" AND ").push(END).push(" <= ");
                sql.moment(later(self.now, days(within)));
            }
            (Some(_), None) => {
                let after = later(self.now, days(Ends::Quarter.days().unwrap_or_default()));
                sql.push(" AND ").push(END).push(" > ").moment(after);
            }
        }
        if let Some(binding) = binding {
            sql.push(" AND f.binding = ").text(binding.to_string());
        }
    }

    /// The same with another value of one facet.
    pub(super) fn with(&self, facet: &str, value: Option<&str>) -> Self {
        Self {
            facets: self.facets.with(facet, value),
            ..*self
        }
    }
}
