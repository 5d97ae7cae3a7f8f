//! Everything in the portal as a file.

use std::collections::HashMap;

use super::{
    FORMAT, FileGroup, FileLicense, FileMembership, FileOwner, FileProduct, FileTicket, FileUser,
    Organisation,
};
use crate::{
    domain::{
        ids::{GroupId, TicketId, UserId},
        licenses::{Binding, Validity},
        owners::Owner,
        products::Product,
    },
    ops::OpError,
    store::{self, Store, StoreError, licenses::Granted},
};

/// Everything in the portal as an organisation file. Passwords and history are not in it: those are in backups.
///
/// # Errors
/// [`OpError`].
pub async fn export(store: &Store) -> Result<Organisation, OpError> {
    let mut tx = store.begin_read().await?;
    let groups = store::groups::all(&mut tx).await?;
    let users = store::users::all_with_email(&mut tx).await?;
    let logins: HashMap<UserId, String> = users
        .iter()
        .map(|(user, _)| (user.id, user.login.to_string()))
        .collect();
    let key = |group: GroupId| group.to_string();
    let login = |user: UserId| {
        logins
            .get(&user)
            .cloned()
            .ok_or(StoreError::Inconsistent("tickets.owner_user_id"))
    };
    let mut memberships = Vec::new();
    for (user, group, permissions) in store::groups::all_memberships(&mut tx).await? {
        let permissions = permissions.names();
        memberships.push(FileMembership {
            user: login(user)?,
            group: key(group),
            permissions,
        });
    }
    let mut tickets = Vec::new();
    let mut last = TicketId(0);
    loop {
        let page = store::tickets::after(&mut tx, last, 1000).await?;
        let Some(end) = page.last() else { break };
        last = end.facts.id;
        let ids: Vec<TicketId> = page.iter().map(|ticket| ticket.facts.id).collect();
        let mut licenses: HashMap<TicketId, Vec<FileLicense>> = HashMap::new();
        for granted in store::licenses::of_tickets(&mut tx, &ids).await? {
            let of_ticket = licenses.entry(granted.ticket).or_default();
            of_ticket.push(file_license(granted)?);
        }
        for ticket in page {
            let owner = match ticket.facts.place.owner() {
                Owner::Unassigned => None,
                Owner::Group(group) => Some(FileOwner {
                    group: Some(key(group)),
                    ..FileOwner::default()
                }),
                Owner::User { user, context } => Some(FileOwner {
                    group: None,
                    user: Some(login(user)?),
                    context: context.map(key),
                }),
            };
            tickets.push(FileTicket {
                code: Some(ticket.code.to_string()),
                owner,
                protected: ticket.facts.protected,
                licenses: licenses.remove(&ticket.facts.id).unwrap_or_default(),
            });
        }
    }
    Ok(Organisation {
        format: FORMAT.to_owned(),
        source: None,
        groups: groups
            .into_iter()
            .map(|(lineage, name)| FileGroup {
                key: key(lineage.group()),
                name,
                parent: lineage.parent().map(key),
            })
            .collect(),
        users: users
            .into_iter()
            .map(|(user, email)| FileUser {
                login: user.login.to_string(),
                email,
                name: Some(user.name),
                isv_admin: user.isv_admin,
            })
            .collect(),
        memberships,
        products: store::products::all(&mut tx)
            .await?
            .into_iter()
            .map(|Product { data, .. }| FileProduct {
                name_de: (data.name.de != data.name.en).then_some(data.name.de),
                article: data.article,
                name: data.name.en,
                features: data.features,
            })
            .collect(),
        tickets,
    })
}

fn file_license(granted: Granted) -> Result<FileLicense, StoreError> {
    let moment = |at: i64| {
        jiff::Timestamp::from_millisecond(at).map_err(|_| StoreError::Inconsistent("licenses.valid_until"))
    };
    let (from, until, days) = match granted.terms.validity {
        Validity::Perpetual => (None, None, None),
        Validity::Between(from, until) => (from, until, None),
        Validity::Days(days) => (None, None, Some(days)),
    };
    Ok(FileLicense {
        product: granted.article,
        quantity: granted.license.quantity,
        binding: (granted.terms.binding != Binding::Floating).then(|| granted.terms.binding.to_string()),
        valid_from: from.map(moment).transpose()?,
        valid_until: until.map(moment).transpose()?,
        days,
        returns: granted.terms.returns_left,
    })
}
