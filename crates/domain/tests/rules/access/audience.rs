//! Whom something could concern, against what the policy lets people see: nobody outside of an audience may see what is asked
//! about there. All organisations of up to three groups and two people, and all places in them.

use domain::{
    access::{Actor, Audience, ContainerFacts, Place, TicketFacts},
    accounts::{Permission, Permissions},
    groups::Lineage,
    ids::{GroupId, UserId},
};

use crate::support::organisation::{CONTAINER, TICKET};

const READER: UserId = UserId(501);
const OTHER: UserId = UserId(502);
/// Most groups.
const GROUPS: usize = 3;

/// All forests of so many groups, each below none or one of those before it.
fn forests(count: usize) -> Vec<Vec<Lineage>> {
    let mut forests: Vec<Vec<Lineage>> = vec![Vec::new()];
    for at in 0..count {
        let id = GroupId(i64::try_from(at).unwrap() + 1);
        let mut larger = Vec::new();
        for forest in forests {
            for lineage in std::iter::once(Lineage::top(id)).chain(forest.iter().map(|above| above.child(id)))
            {
                let mut forest = forest.clone();
                forest.push(lineage);
                larger.push(forest);
            }
        }
        forests = larger;
    }
    forests
}

/// All ways in which somebody may be in these groups: not, as a member, as an admin.
fn memberships(groups: &[Lineage]) -> Vec<Vec<(Lineage, Permissions)>> {
    let mut all = vec![Vec::new()];
    for group in groups {
        let admin: Permissions = [Permission::Admin].into_iter().collect();
        let ways = [None, Some(Permissions::NONE), Some(admin)];
        let more = all.iter().flat_map(|before: &Vec<_>| {
            ways.map(|way| {
                let mut all = before.clone();
                all.extend(way.map(|permissions| (group.clone(), permissions)));
                all
            })
        });
        all = more.collect();
    }
    all
}

fn lineages(memberships: &[(Lineage, Permissions)]) -> Vec<Lineage> {
    memberships.iter().map(|(group, _)| group.clone()).collect()
}

/// Whether somebody is in it.
fn holds(audience: &Audience, actor: &Actor) -> bool {
    let mut admin = actor
        .memberships
        .iter()
        .filter(|(_, permissions)| permissions.admin());
    actor.isv_admin
        || audience.person == Some(actor.user)
        || admin.any(|(group, _)| audience.admins_of.contains(group))
        || audience.members_of.is_some_and(|group| actor.is_member(group))
}

#[derive(Debug, Default)]
struct Tally {
    /// How often somebody sees what is asked about.
    sees: usize,
    /// How often somebody is in an audience in vain.
    in_vain: usize,
    /// How often somebody is not in it.
    spared: usize,
}

impl Tally {
    fn check(&mut self, audience: &Audience, actor: &Actor, sees: bool, what: &dyn std::fmt::Debug) {
        match (sees, holds(audience, actor)) {
            (true, in_it) => {
                assert!(in_it, "{actor:?} sees {what:?}, whose audience is {audience:?}");
                self.sees += 1;
            }
            (false, true) => self.in_vain += 1,
            (false, false) => self.spared += 1,
        }
    }
}

fn check_all(actor: &Actor, groups: &[Lineage], own: &[Lineage], others: &[Lineage], tally: &mut Tally) {
    let mut places = vec![Place::Unassigned];
    places.extend(groups.iter().cloned().map(Place::Group));
    for (user, member_of) in [(READER, own), (OTHER, others)] {
        for context in std::iter::once(None).chain(groups.iter().cloned().map(Some)) {
            let container = ContainerFacts {
                id: CONTAINER,
                user,
                context: context.clone(),
                groups: member_of.to_vec(),
            };
            let sees = actor.reaches_container(&container);
            tally.check(&container.audience(), actor, sees, &container);
            places.push(Place::User {
                user,
                context,
                groups: member_of.to_vec(),
            });
        }
    }
    for place in places {
        let audience = place.audience();
        tally.check(&audience, actor, actor.reaches(&place), &place);
        for protected in [false, true] {
            let ticket = TicketFacts {
                id: TICKET,
                place: place.clone(),
                protected,
            };
            tally.check(&audience, actor, actor.sees_ticket(&ticket), &ticket);
        }
    }
}

#[test]
fn nobody_outside_of_an_audience_sees_what_it_is_of() {
    let mut tally = Tally::default();
    for groups in (0..=GROUPS).flat_map(forests) {
        let ways = memberships(&groups);
        for own in &ways {
            for others in &ways {
                for (isv_admin, impersonated) in [(false, false), (false, true), (true, false)] {
                    let actor = Actor {
                        user: READER,
                        isv_admin,
                        memberships: own.iter().map(|(group, may)| (group.group(), *may)).collect(),
                        impersonated,
                    };
                    check_all(&actor, &groups, &lineages(own), &lineages(others), &mut tally);
                }
            }
        }
    }
    // An audience of all would hold everybody, too.
    let Tally {
        sees,
        in_vain,
        spared,
    } = tally;
    assert!(sees > 100_000 && spared > 100_000, "{tally:?}");
    assert!(in_vain < sees, "{tally:?}");
}
