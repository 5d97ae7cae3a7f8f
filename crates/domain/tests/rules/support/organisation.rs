//! Organisations in one literal.
//!
//! ```text
//! @isv^                 an ISV admin
//! @otto                 a person in no group
//! Company/              a group; what is indented below belongs to it
//!   @ann* @ben+ @eve    members: * admin, + create_ticket, % view_reports, = renew_ticket, ~ change_ticket, ? revoke_ticket
//!   Team/               a group below
//! ```
//!
//! Owners are named as `-` (nobody), `Team`, `@ann` (without group context) and `@ann/Team`; a group ticket in protected
//! mode as `Team!`. A person need not be a member of the context: then they have left it.

use std::collections::BTreeMap;

use domain::{
    access::{Actor, ContainerFacts, Place, Subject, TicketFacts},
    accounts::{Permission, Permissions},
    groups::Lineage,
    ids::{ContainerId, GroupId, TicketId, UserId},
};

/// The number of every ticket here.
pub const TICKET: TicketId = TicketId(1001);
/// The number of every container here.
pub const CONTAINER: ContainerId = ContainerId(2001);

#[derive(Default)]
struct Person {
    isv_admin: bool,
    memberships: Vec<(Lineage, Permissions)>,
}

/// Groups and people, by name.
#[derive(Default)]
pub struct Organisation {
    groups: Vec<(String, Lineage)>,
    people: Vec<(String, Person)>,
}

impl Organisation {
    /// Reads a literal.
    pub fn read(text: &str) -> Self {
        let mut organisation = Self::default();
        let mut above: Vec<(usize, Lineage)> = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let indent = line.len() - line.trim_start().len();
            above.retain(|(other, _)| *other < indent);
            let group = above.last().map(|(_, lineage)| lineage.clone());
            if let Some(name) = line.trim().strip_suffix('/') {
                let id = GroupId(i64::try_from(organisation.groups.len()).unwrap() + 1);
                let lineage = group.map_or_else(|| Lineage::top(id), |group| group.child(id));
                organisation.groups.push((name.to_owned(), lineage.clone()));
                above.push((indent, lineage));
            } else {
                for word in line.split_whitespace() {
                    organisation.add_person(word, group.as_ref());
                }
            }
        }
        organisation
    }

    fn add_person(&mut self, word: &str, group: Option<&Lineage>) {
        let name = word.trim_end_matches(['*', '+', '%', '=', '~', '?', '^']);
        let flags = &word[name.len()..];
        let name = name
            .strip_prefix('@')
            .unwrap_or_else(|| panic!("no person: {word:?}"));
        let at = self.people.iter().position(|(known, _)| known == name);
        let at = at.unwrap_or_else(|| {
            self.people.push((name.to_owned(), Person::default()));
            self.people.len() - 1
        });
        let person = &mut self.people[at].1;
        person.isv_admin |= flags.contains('^');
        if let Some(group) = group {
            person.memberships.push((group.clone(), permissions(flags)));
        }
    }

    /// A group, and where it stands.
    pub fn group(&self, name: &str) -> Lineage {
        let found = self.groups.iter().find(|(known, _)| known == name);
        found.unwrap_or_else(|| panic!("no group {name:?}")).1.clone()
    }

    /// The name of a group.
    pub fn name_of(&self, group: GroupId) -> String {
        let found = self.groups.iter().find(|(_, lineage)| lineage.group() == group);
        found.unwrap_or_else(|| panic!("no group {group}")).0.clone()
    }

    /// A group, or with `-` none.
    pub fn group_or_none(&self, name: &str) -> Option<Lineage> {
        (name != "-").then(|| self.group(name))
    }

    fn at(&self, name: &str) -> (UserId, &Person) {
        let at = self.people.iter().position(|(known, _)| known == name);
        let at = at.unwrap_or_else(|| panic!("no person {name:?}"));
        // Other numbers than those of groups, so that the one taken for the other is noticed.
        (UserId(i64::try_from(at).unwrap() + 501), &self.people[at].1)
    }

    /// The number of a person.
    pub fn user(&self, name: &str) -> UserId {
        self.at(name).0
    }

    /// The groups of a person.
    pub fn groups_of(&self, name: &str) -> Vec<Lineage> {
        let memberships = self.at(name).1.memberships.iter();
        memberships.map(|(group, _)| group.clone()).collect()
    }

    /// Who asks: a person; `impersonated:ann` is somebody who looks at the portal as Ann (N16).
    pub fn actor(&self, name: &str) -> Actor {
        let (name, impersonated) = match name.strip_prefix("impersonated:") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (user, person) = self.at(name);
        let memberships = person.memberships.iter();
        Actor {
            user,
            isv_admin: person.isv_admin,
            memberships: memberships
                .map(|(group, permissions)| (group.group(), *permissions))
                .collect::<BTreeMap<_, _>>(),
            impersonated,
        }
    }

    /// The account of a person.
    pub fn subject(&self, name: &str) -> Subject {
        let (user, person) = self.at(name);
        Subject {
            user,
            isv_admin: person.isv_admin,
            groups: self.groups_of(name),
        }
    }

    /// An owner, with the facts about it.
    pub fn place(&self, owner: &str) -> Place {
        if owner == "-" {
            return Place::Unassigned;
        }
        let Some(person) = owner.strip_prefix('@') else {
            return Place::Group(self.group(owner));
        };
        let (person, context) = match person.split_once('/') {
            Some((person, context)) => (person, Some(self.group(context))),
            None => (person, None),
        };
        Place::User {
            user: self.user(person),
            context,
            groups: self.groups_of(person),
        }
    }

    /// A ticket, by its owner.
    pub fn ticket(&self, owner: &str) -> TicketFacts {
        TicketFacts {
            id: TICKET,
            place: self.place(owner.trim_end_matches('!')),
            protected: owner.ends_with('!'),
        }
    }

    /// A container, by its owner: a person, with or without group context.
    pub fn container(&self, owner: &str) -> ContainerFacts {
        let Place::User {
            user,
            context,
            groups,
        } = self.place(owner)
        else {
            panic!("a container belongs to a person: {owner:?}");
        };
        ContainerFacts {
            id: CONTAINER,
            user,
            context,
            groups,
        }
    }
}

/// `*+`, say, in the terms of the rules.
pub fn permissions(flags: &str) -> Permissions {
    let given = flags.chars().filter_map(|flag| match flag {
        '*' => Some(Permission::Admin),
        '+' => Some(Permission::CreateTicket),
        '%' => Some(Permission::ViewReports),
        '=' => Some(Permission::RenewTicket),
        '~' => Some(Permission::ChangeTicket),
        '?' => Some(Permission::RevokeTicket),
        _ => None,
    });
    given.collect()
}
