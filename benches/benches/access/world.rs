//! The pairs that every side decides: who asks, and what about; as facts for the policy and as labels of a nested set.

use std::collections::BTreeMap;

use fastrand::Rng;
use domain::{access::{Actor, Place, TicketFacts}, accounts::Permissions, ids::{TicketId, UserId}};
use license_portal_benches::tree::{Span, Tree, group_id};

/// Who asks about which ticket, and where it is to go, with the facts as the store would hand them over.
pub struct Pair {
    /// Number of the actor.
    pub actor: usize,
    /// The ticket.
    pub ticket: TicketFacts,
    /// Where it is to go.
    pub to: Place,
}

/// The same pair by labels: all that a bare comparison needs.
#[derive(Clone, Copy)]
pub struct Labels {
    /// The branch that the actor administers.
    pub branch: Span,
    /// Place of the ticket's group.
    pub at: u32,
    /// Place of the group it is to go to.
    pub to: u32,
}

/// A tree, actors and pairs.
pub struct World {
    pub tree: Tree,
    pub actors: Vec<Actor>,
    /// The memberships of each actor: group, and whether admin there.
    pub memberships: Vec<Vec<(usize, bool)>>,
    pub pairs: Vec<Pair>,
    pub labels: Vec<Labels>,
    /// For each pair the number of the ticket's group, and of the one it is to go to.
    pub groups: Vec<(usize, usize)>,
}

impl World {
    /// Each actor administers one group and is a plain member of up to three more. Half of the tickets are in the
    /// actor's branch; so are half of the new owners.
    pub fn new(groups: usize, actors: usize, pairs: usize) -> Self {
        let mut rng = Rng::with_seed(42);
        let tree = Tree::new(groups, &mut rng);
        let memberships: Vec<Vec<(usize, bool)>> = (0..actors)
            .map(|_| {
                let mut of = vec![(rng.usize(..groups), true)];
                for _ in 0..rng.usize(..4) {
                    of.push((rng.usize(..groups), false));
                }
                // As in the database, one membership for each group.
                let admin = of[0].0;
                of.retain(|(group, is_admin)| *is_admin || *group != admin);
                of
            })
            .collect();
        let by_place = tree.by_place();
        let mut world = Self {
            actors: memberships.iter().zip(1..).map(actor).collect(),
            memberships,
            pairs: Vec::with_capacity(pairs),
            labels: Vec::with_capacity(pairs),
            groups: Vec::with_capacity(pairs),
            tree,
        };
        for number in 0..pairs {
            let actor = rng.usize(..actors);
            let of = &world.memberships[actor];
            let branch = world.tree.span(of[0].0);
            let mut pick = || {
                let place = match rng.u8(..20) {
                    0..10 => rng.u32(branch.first..=branch.last),
                    // A group of which the actor is a member, or any.
                    10 => world.tree.span(of[rng.usize(..of.len())].0).first,
                    _ => return rng.usize(..groups),
                };
                by_place[usize::try_from(place).unwrap_or_default()]
            };
            let (at, to) = (pick(), pick());
            world.pairs.push(Pair {
                actor,
                ticket: TicketFacts {
                    id: TicketId(i64::try_from(number).unwrap_or_default() + 1),
                    place: Place::Group(world.tree.lineage(at)),
                    protected: rng.bool(),
                },
                to: Place::Group(world.tree.lineage(to)),
            });
            world.labels.push(Labels {
                branch,
                at: world.tree.span(at).first,
                to: world.tree.span(to).first,
            });
            world.groups.push((at, to));
        }
        world
    }

    /// What the nested set says: whether the actor sees the ticket, and whether they may move it.
    pub fn expected(&self, pair: usize) -> (bool, bool) {
        let Pair { actor, ticket, .. } = &self.pairs[pair];
        let (at, to) = self.groups[pair];
        let administers = |group: usize| {
            let place = self.tree.span(group).first;
            let mut of = self.memberships[*actor].iter();
            of.any(|(own, admin)| *admin && self.tree.span(*own).contains(place))
        };
        let member = |group: usize| self.memberships[*actor].iter().any(|(own, _)| *own == group);
        let sees = administers(at) || (!ticket.protected && member(at));
        (
            sees,
            sees && at != to && administers(at) && (administers(to) || member(to)),
        )
    }
}

fn actor((of, user): (&Vec<(usize, bool)>, i64)) -> Actor {
    let permissions = |admin| {
        if admin {
            Permissions::ADMIN
        } else {
            Permissions::NONE
        }
    };
    Actor {
        user: UserId(user),
        isv_admin: false,
        memberships: of
            .iter()
            .map(|(group, admin)| (group_id(*group), permissions(*admin)))
            .collect::<BTreeMap<_, _>>(),
        impersonated: false,
    }
}
