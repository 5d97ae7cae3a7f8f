//! The rules of S3 and S5 once more, written from the requirements and as plainly as possible: no index, no path, no
//! shared code. Groups, people and tickets are numbers here.

use std::collections::BTreeMap;

/// Permissions of a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    pub admin: bool,
    pub create_ticket: bool,
}

/// The one owner of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Nobody,
    Group(usize),
    Person(usize, Option<usize>),
}

/// A whole portal.
#[derive(Debug, Clone)]
pub struct World {
    pub parents: Vec<Option<usize>>,
    pub isv_admins: Vec<bool>,
    /// By person, then by group.
    pub memberships: Vec<BTreeMap<usize, Rights>>,
    /// Owner, and whether in protected mode.
    pub tickets: Vec<(Holder, bool)>,
}

impl World {
    /// Whether `group` is `above`, or lies below it.
    pub fn within(&self, group: usize, above: usize) -> bool {
        group == above || self.parents[group].is_some_and(|parent| self.within(parent, above))
    }

    pub fn member(&self, person: usize, group: usize) -> bool {
        self.memberships[person].contains_key(&group)
    }

    /// Admin of the group or of a group above it, or ISV admin.
    pub fn admin(&self, person: usize, group: usize) -> bool {
        self.isv_admins[person]
            || self.memberships[person]
                .iter()
                .any(|(own, rights)| rights.admin && self.within(group, *own))
    }

    /// The table of S3.
    pub fn sees(&self, person: usize, ticket: usize) -> bool {
        match self.tickets[ticket] {
            (Holder::Group(group), true) => self.admin(person, group),
            (Holder::Group(group), false) => self.member(person, group) || self.admin(person, group),
            (Holder::Person(owner, Some(context)), _) => person == owner || self.admin(person, context),
            (Holder::Person(owner, None), _) => person == owner || self.isv_admins[person],
            (Holder::Nobody, _) => self.isv_admins[person],
        }
    }

    pub fn sees_group(&self, person: usize, group: usize) -> bool {
        self.member(person, group) || self.admin(person, group)
    }

    pub fn sees_person(&self, person: usize, other: usize) -> bool {
        person == other
            || self.isv_admins[person]
            || self.memberships[other]
                .keys()
                .any(|group| self.admin(person, *group))
    }

    /// "Access to an owner: a group — its members, its admins, admins above it, ISV admins; a user — the user, the
    /// admins (own or above) of a group that the user is a member of, ISV admins."
    pub fn accesses(&self, person: usize, owner: Holder) -> bool {
        match owner {
            Holder::Nobody => self.isv_admins[person],
            Holder::Group(group) => self.sees_group(person, group),
            Holder::Person(other, _) => self.sees_person(person, other),
        }
    }

    /// "The group through which the admin reaches that user"; one's own groups for oneself.
    fn context_fits(&self, person: usize, owner: usize, context: Option<usize>) -> bool {
        match context {
            None => self.isv_admins[person],
            Some(group) => self.member(owner, group) && (person == owner || self.admin(person, group)),
        }
    }

    pub fn may_move(&self, person: usize, ticket: usize, to: Holder) -> bool {
        let (from, _) = self.tickets[ticket];
        // The admins of a context reach a ticket whose user has left the group.
        let of_a_leaver = matches!(from, Holder::Person(owner, Some(context))
            if !self.member(owner, context) && self.admin(person, context));
        let accesses = self.sees(person, ticket)
            && (self.accesses(person, from) || of_a_leaver)
            && self.accesses(person, to);
        let level = |holder: Holder| match holder {
            Holder::Group(group) | Holder::Person(_, Some(group)) => Some(group),
            Holder::Nobody | Holder::Person(_, None) => None,
        };
        // "Who does not administer that level keeps it there."
        let stays = level(from).is_none_or(|from| self.admin(person, from) || level(to) == Some(from));
        let context = match to {
            Holder::Person(owner, context) => self.context_fits(person, owner, context),
            Holder::Nobody | Holder::Group(_) => true,
        };
        accesses && from != to && stays && context
    }

    /// With the code in hand.
    pub fn may_redeem(&self, person: usize, ticket: usize, to: Holder) -> bool {
        let context = match to {
            Holder::Nobody => false,
            Holder::Group(_) => true,
            Holder::Person(owner, None) if owner == person => true,
            Holder::Person(owner, context) => self.context_fits(person, owner, context),
        };
        self.tickets[ticket].0 == Holder::Nobody && self.accesses(person, to) && context
    }

    /// Protected mode is kept from group to group, and dropped otherwise.
    pub fn apply(&mut self, ticket: usize, to: Holder) {
        let (from, protected) = self.tickets[ticket];
        let kept = matches!((from, to), (Holder::Group(_), Holder::Group(_)));
        self.tickets[ticket] = (to, protected && kept);
    }

    /// Every owner that could be named.
    pub fn owners(&self) -> Vec<Holder> {
        let groups = 0..self.parents.len();
        let mut owners = vec![Holder::Nobody];
        owners.extend(groups.clone().map(Holder::Group));
        for person in 0..self.isv_admins.len() {
            owners.push(Holder::Person(person, None));
            owners.extend(groups.clone().map(|group| Holder::Person(person, Some(group))));
        }
        owners
    }
}
