//! The policy's rows for group tickets (S3) in Cedar, the tree as entities.

use std::collections::{HashMap, HashSet};

use cedar_policy::{Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request, RestrictedExpression};
use license_portal_benches::Failure;

use crate::world::World;

const POLICIES: &str = r#"
    permit (principal, action == Action::"see", resource)
    when { resource in principal.administers };
    permit (principal, action == Action::"see", resource)
    when { !resource.protected && principal.member_of.contains(resource.group) };
"#;

/// Cedar with the tree of a world loaded.
pub struct Cedar {
    policies: PolicySet,
    entities: Entities,
    authorizer: Authorizer,
    /// One for each pair of the world.
    pub requests: Vec<Request>,
}

struct Names {
    group: EntityTypeName,
    user: EntityTypeName,
    ticket: EntityTypeName,
}

fn uid(kind: &EntityTypeName, number: usize) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(number.to_string()))
}

impl Cedar {
    /// Loads the tree, the actors, and one ticket for each pair.
    pub fn load(world: &World) -> Result<Self, Failure> {
        let names = Names {
            group: "Group".parse()?,
            user: "User".parse()?,
            ticket: "Ticket".parse()?,
        };
        let mut entities = Vec::new();
        for group in 0..world.tree.len() {
            let above = world.tree.parent(group).map(|parent| uid(&names.group, parent));
            entities.push(Entity::new_no_attrs(
                uid(&names.group, group),
                above.into_iter().collect(),
            ));
        }
        for (user, of) in world.memberships.iter().enumerate() {
            let groups = |admins_only: bool| {
                let of = of.iter().filter(move |(_, admin)| *admin || !admins_only);
                RestrictedExpression::new_set(
                    of.map(|(group, _)| RestrictedExpression::new_entity_uid(uid(&names.group, *group))),
                )
            };
            let attributes = HashMap::from([
                ("administers".to_owned(), groups(true)),
                ("member_of".to_owned(), groups(false)),
            ]);
            entities.push(Entity::new(uid(&names.user, user), attributes, HashSet::new())?);
        }
        let action: EntityUid = r#"Action::"see""#.parse()?;
        let mut requests = Vec::with_capacity(world.pairs.len());
        for (number, pair) in world.pairs.iter().enumerate() {
            let group = uid(&names.group, world.groups[number].0);
            let attributes = HashMap::from([
                (
                    "protected".to_owned(),
                    RestrictedExpression::new_bool(pair.ticket.protected),
                ),
                (
                    "group".to_owned(),
                    RestrictedExpression::new_entity_uid(group.clone()),
                ),
            ]);
            let ticket = uid(&names.ticket, number);
            entities.push(Entity::new(ticket.clone(), attributes, HashSet::from([group]))?);
            requests.push(Request::new(
                uid(&names.user, pair.actor),
                action.clone(),
                ticket,
                Context::empty(),
                None,
            )?);
        }
        Ok(Self {
            policies: POLICIES.parse()?,
            entities: Entities::from_entities(entities, None)?,
            authorizer: Authorizer::new(),
            requests,
        })
    }

    /// Whether Cedar allows it.
    pub fn decide(&self, request: &Request) -> bool {
        let response = self
            .authorizer
            .is_authorized(request, &self.policies, &self.entities);
        response.decision() == Decision::Allow
    }

    /// Cedar says what the nested set says.
    pub fn agree(&self, world: &World) -> Result<(), Failure> {
        for (number, request) in self.requests.iter().enumerate() {
            if self.decide(request) != world.expected(number).0 {
                return Err(format!("pair {number}: cedar-policy and the nested set disagree").into());
            }
        }
        Ok(())
    }
}
