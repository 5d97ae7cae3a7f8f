//! Reads an organisation file and writes it with tickets added: ten for each group, two for each person. The same for
//! the same file.

use std::{collections::HashMap, io::Write};

use fastrand::Rng;
use domain::tickets::codes::TicketCode;
use license_portal::ops::instance::organisation::{FileLicense, FileOwner, FileTicket, Organisation};
use license_portal_benches::{Failure, organisation::PRODUCTS, tree::skewed};

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(path), None) = (arguments.next(), arguments.next()) else {
        return Err("usage: tickets FILE >WITH-TICKETS".into());
    };
    let mut file: Organisation = serde_json::from_slice(&std::fs::read(path)?)?;
    let mut rng = Rng::with_seed(20_250_601);
    for group in &file.groups {
        for at in 0..10 {
            let owner = FileOwner {
                group: Some(group.key.clone()),
                ..FileOwner::default()
            };
            file.tickets.push(ticket(owner, at % 5 == 4, &mut rng));
        }
    }
    let mut groups_of: HashMap<&str, Vec<&str>> = HashMap::new();
    for membership in &file.memberships {
        let groups = groups_of.entry(&membership.user).or_default();
        groups.push(&membership.group);
    }
    for user in &file.users {
        // One that came through a group, where there is one, and one of their own.
        let groups = groups_of
            .get(user.login.as_str())
            .map_or(&[][..], |groups| groups);
        for context in [rng.choice(groups), None] {
            let owner = FileOwner {
                group: None,
                user: Some(user.login.clone()),
                context: context.map(|group| (*group).to_owned()),
            };
            file.tickets.push(ticket(owner, false, &mut rng));
        }
    }
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &file)?;
    writeln!(out)?;
    Ok(())
}

fn ticket(owner: FileOwner, protected: bool, rng: &mut Rng) -> FileTicket {
    let mut bytes = [0; 24];
    rng.fill(&mut bytes);
    let first = skewed(rng, PRODUCTS.len(), 2);
    let second = (rng.u8(..4) == 0).then(|| (first + 1 + rng.usize(..PRODUCTS.len() - 1)) % PRODUCTS.len());
    let licenses = [Some(first), second].into_iter().flatten();
    FileTicket {
        code: Some(TicketCode::from_random(bytes).to_string()),
        owner: Some(owner),
        protected,
        licenses: licenses
            .map(|product| FileLicense {
                product: PRODUCTS[product].to_owned(),
                quantity: rng.u32(1..=25),
                ..FileLicense::default()
            })
            .collect(),
    }
}
