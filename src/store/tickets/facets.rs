//! Facets of lists of tickets, as conditions in SQL.

use domain::{
    ids::UserId,
    time::{days, later},
};
use jiff::Timestamp;

use crate::{
    store::sql::Sql,
    views::tickets::facets::{ENDS, Ends, Facets, OwnerKind, STATE, TicketState},
};

/// When the licence `f` ends.
const END: &str = "COALESCE(f.valid_until, f.started_at + f.valid_days * 86400000)";

/// Facets at a moment, for a reader.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) facets: Facets,
    pub(super) now: Timestamp,
    pub(super) reader: UserId,
}

/// ` AND …`: one of the conditions holds; nothing where there is none.
fn push_any<T: Copy>(sql: &mut Sql, of: impl IntoIterator<Item = T>, push: impl Fn(&mut Sql, T)) {
    let mut some = false;
    for one in of {
        sql.push(if some { " OR " } else { " AND (" });
        push(sql, one);
        some = true;
    }
    if some {
        sql.push(")");
    }
}

impl Wanted {
    /// ` AND …`: the ticket `t` is one.
    pub(super) fn push_ticket(&self, sql: &mut Sql) {
        self.push_ticket_itself(sql, "t");
        let of_license = " EXISTS (SELECT 1 FROM licenses f WHERE f.ticket_id = t.id";
        if self.asks_of_licenses() {
            sql.push(" AND").push(of_license);
            self.push_license(sql, Some("t"));
            sql.push(")");
        } else if self.asks_of_both() {
            sql.push(" AND (t.protected = 1 OR").push(of_license);
            push_any(sql, self.states(), |sql, state| self.push_state(sql, state));
            sql.push("))");
        }
    }

    /// Whether the licences of a ticket decide in any case.
    pub(super) fn asks_of_licenses(&self) -> bool {
        let Facets {
            product,
            state,
            owner: _,
            ends,
            binding,
        } = &self.facets;
        let state = !state.is_empty() && !self.may_be_protected();
        state || !product.is_empty() || !ends.is_empty() || !binding.is_empty()
    }

    /// Whether a state is wanted that tickets have, and not their licences.
    fn may_be_protected(&self) -> bool {
        self.facets.state.contains(&TicketState::Protected)
    }

    /// Whether a ticket and its licences have to be looked at together.
    pub(super) fn asks_of_both(&self) -> bool {
        self.may_be_protected() && self.facets.state.len() > 1
    }

    /// The states that licences have.
    fn states(&self) -> impl Iterator<Item = TicketState> {
        let states = self.facets.state.iter().copied();
        states.filter(|state| *state != TicketState::Protected)
    }

    /// ` AND …`: what is asked of the ticket itself.
    pub(super) fn push_ticket_itself(&self, sql: &mut Sql, ticket: &str) {
        if self.may_be_protected() && self.facets.state.len() == 1 {
            sql.push(" AND ").push(ticket).push(".protected = 1");
        }
        push_any(sql, self.facets.owner.iter().copied(), |sql, owner| {
            sql.push(ticket);
            match owner {
                OwnerKind::Group => sql.push(".owner_group_id IS NOT NULL"),
                OwnerKind::Person => sql.push(".owner_user_id IS NOT NULL"),
                OwnerKind::Me => sql.push(".owner_user_id = ").int(self.reader.0),
                OwnerKind::Nobody => sql
                    .push(".owner_group_id IS NULL AND ")
                    .push(ticket)
                    .push(".owner_user_id IS NULL"),
            };
        });
    }

    /// The licences `f` that are wanted, whatever the state of their tickets. What is in one of several states, or ends at one of
    /// several times, is looked for one after the other: so each is found by the index that it has.
    pub(super) fn push_licenses(&self, sql: &mut Sql) {
        let states = self.each(STATE).into_iter();
        let each: Vec<Self> = states.flat_map(|wanted| wanted.each(ENDS)).collect();
        if let [one] = each.as_slice() {
            sql.push("licenses f WHERE 1 = 1");
            one.push_license(sql, None);
            return;
        }
        for (at, one) in each.iter().enumerate() {
            sql.push(if at == 0 { "(" } else { " UNION ALL " })
                .push("SELECT f.ticket_id FROM licenses f WHERE 1 = 1");
            one.push_license(sql, None);
        }
        sql.push(") f");
    }

    /// The same, once for each value of a facet; once where any will do, or where it is not the licences that decide.
    fn each(&self, facet: &str) -> Vec<Self> {
        let values = self.facets.values(facet);
        if values.len() < 2 || facet == STATE && self.asks_of_both() {
            return vec![self.clone()];
        }
        values.iter().map(|value| self.with_only(facet, value)).collect()
    }

    /// ` AND …`: what is asked of one of its licences, `f`. Where a ticket may do for its state, the name of it is needed; without
    /// it, the licence may be in any state.
    pub(super) fn push_license(&self, sql: &mut Sql, ticket: Option<&str>) {
        let Facets {
            product,
            state: _,
            owner: _,
            ends,
            binding,
        } = &self.facets;
        push_any(sql, product.iter().copied(), |sql, product| {
            sql.push("f.product_id = ").int(product.0);
        });
        match (self.asks_of_both(), ticket) {
            (false, _) => push_any(sql, self.states(), |sql, state| self.push_state(sql, state)),
            (true, Some(ticket)) => {
                push_any(sql, self.facets.state.iter().copied(), |sql, state| match state {
                    TicketState::Protected => {
                        sql.push(ticket).push(".protected = 1");
                    }
                    state => self.push_state(sql, state),
                });
            }
            (true, None) => {}
        }
        push_any(sql, ends.iter().copied(), |sql, ends| self.push_ends(sql, ends));
        push_any(sql, binding.iter().copied(), |sql, binding| {
            sql.push("f.binding = ").text(binding.to_string());
        });
    }

    /// The licence `f` is in that state.
    fn push_state(&self, sql: &mut Sql, state: TicketState) {
        match state {
            // Of a licence nothing is asked then.
            TicketState::Protected => sql.push("1 = 1"),
            TicketState::Free => sql
                .push(
                    "f.suspended_at IS NULL AND f.revoked_at IS NULL AND f.reduced_to IS NULL
                     AND f.activated < f.quantity AND (",
                )
                .push(END)
                .push(" IS NULL OR ")
                .push(END)
                .push(" > ")
                .moment(self.now)
                .push(")"),
            TicketState::Active => sql.push("f.activated > 0"),
            TicketState::Full => {
                sql.push("f.activated > 0 AND f.activated >= COALESCE(f.reduced_to, f.quantity)")
            }
            TicketState::Ended => sql.push(END).push(" <= ").moment(self.now),
            TicketState::Suspended => sql.push("f.suspended_at IS NOT NULL AND f.revoked_at IS NULL"),
            TicketState::Revoked => sql.push("f.revoked_at IS NOT NULL"),
        };
    }

    /// The licence `f` ends then.
    fn push_ends(&self, sql: &mut Sql, ends: Ends) {
        match (ends, ends.days()) {
            (Ends::Never, _) => sql.push("f.valid_until IS NULL AND f.valid_days IS NULL"),
            (_, Some(within)) => sql
                .push(END)
                .push(" > ")
                .moment(self.now)
                .push(" AND ")
                .push(END)
                .push(" <= ")
                .moment(later(self.now, days(within))),
            (_, None) => {
                let after = later(self.now, days(Ends::Quarter.days().unwrap_or_default()));
                sql.push(END).push(" > ").moment(after)
            }
        };
    }

    /// The same with one value of a facet and no other.
    pub(super) fn with_only(&self, facet: &str, value: &str) -> Self {
        Self {
            facets: self.facets.clone().with_any(facet).with(facet, value),
            ..*self
        }
    }

    /// The same with any value of a facet.
    pub(super) fn with_any(&self, facet: &str) -> Self {
        Self {
            facets: self.facets.clone().with_any(facet),
            ..*self
        }
    }
}
