//! The policy's rows for group tickets (S3) in Casbin, the tree as a hierarchy of roles.

use std::hint::black_box;

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use license_portal_benches::{Failure, rounds::Stopwatch};

use crate::world::World;

const MODEL: &str = r#"
[request_definition]
r = sub, obj, open

[policy_definition]
p = sub, obj, kind

[role_definition]
g = _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.sub == p.sub && ((p.kind == "admin" && g(r.obj, p.obj)) || (r.open == "yes" && r.obj == p.obj))
"#;

/// Casbin with the tree of a world loaded.
pub struct Casbin {
    enforcer: Enforcer,
    /// So many pairs of the world are decided: with many rules it has no time for all.
    decisions: usize,
}

impl Casbin {
    /// Loads the tree and the memberships.
    pub async fn load(world: &World, decisions: usize) -> Result<Self, Failure> {
        let mut enforcer =
            Enforcer::new(DefaultModel::from_str(MODEL).await?, MemoryAdapter::default()).await?;
        let mut rules = Vec::new();
        for (user, of) in world.memberships.iter().enumerate() {
            for (group, admin) in of {
                let kind = if *admin { "admin" } else { "member" };
                rules.push(vec![user.to_string(), group.to_string(), kind.to_owned()]);
            }
        }
        rules.sort_unstable();
        rules.dedup();
        enforcer.add_policies(rules).await?;
        let below = |group: usize| Some(vec![group.to_string(), world.tree.parent(group)?.to_string()]);
        enforcer
            .add_grouping_policies((0..world.tree.len()).filter_map(below).collect())
            .await?;
        Ok(Self { enforcer, decisions })
    }

    fn decide(&self, world: &World, pair: usize) -> Result<bool, Failure> {
        let (actor, group) = (world.pairs[pair].actor, world.groups[pair].0);
        let open = if world.pairs[pair].ticket.protected {
            "no"
        } else {
            "yes"
        };
        Ok(self
            .enforcer
            .enforce((actor.to_string(), group.to_string(), open.to_owned()))?)
    }

    /// Seconds for one decision.
    pub fn decide_all(&self, world: &World) -> f64 {
        let clock = Stopwatch::start();
        for pair in 0..self.decisions {
            let _ = black_box(self.decide(world, pair));
        }
        clock.per(self.decisions)
    }

    /// Casbin says what the nested set says.
    pub fn agree(&self, world: &World) -> Result<(), Failure> {
        for pair in 0..self.decisions {
            if self.decide(world, pair)? != world.expected(pair).0 {
                return Err(format!("pair {pair}: casbin and the nested set disagree").into());
            }
        }
        Ok(())
    }
}
