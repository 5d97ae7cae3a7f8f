//! Changes by chance.

use std::fmt::Write as _;

use crate::support::portal::TestPortal;

/// SplitMix64: the same changes in each run.
pub struct Chance(pub u64);

impl Chance {
    /// A number below the end.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ mixed >> 31) >> 32).unwrap() % end
    }

    fn of<'a>(&mut self, list: &'a [String]) -> &'a str {
        &list[self.below(list.len())]
    }
}

/// A change by chance, as a function of the server with its form.
pub async fn change(portal: &TestPortal, chance: &mut Chance, number: usize) -> (&'static str, String) {
    let groups = portal
        .texts("SELECT CAST(id AS TEXT) FROM groups ORDER BY id")
        .await;
    let people = portal
        .texts("SELECT CAST(id AS TEXT) FROM users ORDER BY id")
        .await;
    let memberships = portal
        .texts(
            "SELECT 'group=' || group_id || '&user=' || user_id FROM memberships ORDER BY group_id, user_id",
        )
        .await;
    let tickets = portal
        .texts(
            "SELECT t.id || '=' || CASE WHEN t.owner_group_id IS NOT NULL THEN 'group:' || t.owner_group_id
                 WHEN t.context_group_id IS NOT NULL THEN 'user:' || t.owner_user_id || '@' || t.context_group_id
                 WHEN t.owner_user_id IS NOT NULL THEN 'user:' || t.owner_user_id ELSE 'none' END
             FROM tickets t ORDER BY t.id",
        )
        .await;
    let containers = portal
        .texts("SELECT CAST(id AS TEXT) FROM containers WHERE removed_at IS NULL ORDER BY id")
        .await;
    let products = portal
        .texts("SELECT CAST(id AS TEXT) FROM products ORDER BY id")
        .await;
    let (group, other) = (chance.of(&groups), chance.of(&groups));
    let person = chance.of(&people);
    let membership = if memberships.is_empty() {
        "group=1&user=1"
    } else {
        chance.of(&memberships)
    };
    match chance.below(18) {
        0..=3 => {
            let to = match chance.below(3) {
                0 => format!("group:{group}"),
                1 => format!("user:{person}"),
                _ => {
                    let (group, user) = membership.split_once("&user=").unwrap();
                    format!("user:{user}@{}", group.trim_start_matches("group="))
                }
            };
            let ticket = chance.of(&tickets);
            (
                "reassign",
                format!("tickets={ticket}&to={to}&key=change-{number}"),
            )
        }
        4 => {
            let (ticket, _) = chance.of(&tickets).split_once('=').unwrap();
            let on = ["false", "true"][chance.below(2)];
            ("protect", format!("ticket={ticket}&on={on}"))
        }
        5..=8 => {
            let mut form = match chance.below(2) {
                0 => membership.to_owned(),
                _ => format!("group={group}&user={person}"),
            };
            if chance.below(2) == 0 {
                form.push_str("&permissions[admin]=true");
            }
            ("set_member", form)
        }
        9 | 10 => ("remove_member", membership.to_owned()),
        11 => {
            let mut form = format!("group={group}");
            if chance.below(4) > 0 {
                write!(form, "&parent={other}").unwrap();
            }
            ("move_group", form)
        }
        12 => ("rename_group", format!("group={group}&name=Renamed {number}")),
        13 if groups.len() < 9 => ("create_group", format!("parent={group}&name=New {number}")),
        13 => (
            "delete_group",
            format!("group={group}&heir={other}&people_follow=true"),
        ),
        14 => {
            let active = ["false", "true", "true"][chance.below(3)];
            (
                "switch_users",
                format!("users[0]={person}&end_login=true&active={active}"),
            )
        }
        15 => (
            "set_quota",
            format!(
                "group={group}&product={}&period=Day&quantity={number}",
                chance.of(&products)
            ),
        ),
        16 if containers.len() < 5 => (
            "create_container",
            format!("of=user:{person}&name=Machine {number}&kind=cloud"),
        ),
        16 => (
            "rename_container",
            format!("container={}&name=Other {number}", chance.of(&containers)),
        ),
        _ => ("save_user", format!("user={person}&name=Somebody {number}")),
    }
}
