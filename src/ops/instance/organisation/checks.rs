//! Whether an entry is well formed, whatever the portal holds.

use domain::{
    accounts::{Login, Permissions, clean_email},
    instance::imports::{MAX_KEY, MAX_LICENSES, excerpt},
    licensing::{
        amendments::{
            Grant, MAX_AMENDMENTS, MAX_REASON,
            timeline::{Recorded, Timeline},
        },
        licenses::{Binding, MAX_DAYS, MAX_QUANTITY, Terms, Validity},
        products::ProductData,
    },
    names::clean_name,
    tickets::codes::TicketCode,
    time::whole_millisecond,
};
use jiff::Timestamp;

use crate::{
    ops::instance::organisation::file::{
        FileAmendment, FileGroup, FileLicense, FileMembership, FileOwner, FileProduct, FileTicket, FileUser,
    },
    views::instance::imports::LineProblem,
};

pub(crate) fn product(product: &FileProduct) -> Result<ProductData, LineProblem> {
    let de = product.name_de.as_deref().unwrap_or_default();
    ProductData::from_form(&product.article, &product.name, de, &product.features.join("\n"))
        .map_err(LineProblem::Product)
}

/// A group whose parent is yet to be found.
pub(crate) struct Group {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) parent: Option<String>,
}

pub(crate) fn group(group: FileGroup) -> Result<Group, LineProblem> {
    Ok(Group {
        name: clean_name(&group.name).map_err(LineProblem::Name)?,
        parent: group.parent.map(key).transpose()?,
        key: key(group.key)?,
    })
}

fn key(key: String) -> Result<String, LineProblem> {
    if key.is_empty() || key.chars().count() > MAX_KEY || key.contains(char::is_control) {
        Err(LineProblem::Key)
    } else {
        Ok(key)
    }
}

pub(crate) struct User {
    pub(crate) login: Login,
    /// `None` where nothing is said.
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) isv_admin: bool,
    pub(crate) active: Option<bool>,
}

pub(crate) fn user(user: &FileUser) -> Result<User, LineProblem> {
    let name = user.name.as_deref().map(clean_name).transpose();
    Ok(User {
        login: user.login.parse().map_err(|_| LineProblem::Login)?,
        name: name.map_err(LineProblem::Name)?,
        email: clean_email(user.email.as_deref().unwrap_or_default()).map_err(|_| LineProblem::Email)?,
        isv_admin: user.isv_admin,
        active: user.active,
    })
}

pub(crate) struct Membership {
    pub(crate) login: Login,
    pub(crate) group: String,
    pub(crate) permissions: Permissions,
}

pub(crate) fn membership(membership: FileMembership) -> Result<Membership, LineProblem> {
    let permissions = membership
        .permissions
        .iter()
        .try_fold(Permissions::NONE, |sum, name| sum.with_name(name));
    Ok(Membership {
        login: login(&membership.user)?,
        group: key(membership.group)?,
        permissions: permissions.map_err(|unknown| LineProblem::Permission(excerpt(&unknown.0)))?,
    })
}

/// The login of somebody whom an entry refers to.
fn login(text: &str) -> Result<Login, LineProblem> {
    text.parse().map_err(|_| LineProblem::Login)
}

/// An owner by the names of files.
pub(crate) enum Owner {
    Nobody,
    Group(String),
    User(Login, Option<String>),
}

pub(crate) struct Ticket {
    /// Made where there is none.
    pub(crate) code: Option<TicketCode>,
    pub(crate) owner: Owner,
    pub(crate) protected: bool,
    pub(crate) licenses: Vec<License>,
}

pub(crate) struct License {
    /// Article number or name of its product.
    pub(crate) product: String,
    pub(crate) quantity: u32,
    pub(crate) terms: Terms,
    pub(crate) started: Option<Timestamp>,
    /// By number.
    pub(crate) amendments: Vec<FileAmendment>,
}

pub(crate) fn ticket(ticket: FileTicket) -> Result<Ticket, LineProblem> {
    let owner = match ticket.owner {
        None => Owner::Nobody,
        Some(FileOwner {
            group: Some(group),
            user: None,
            context: None,
        }) => Owner::Group(key(group)?),
        Some(FileOwner {
            group: None,
            user: Some(user),
            context,
        }) => Owner::User(login(&user)?, context.map(key).transpose()?),
        Some(_) => return Err(LineProblem::Owner),
    };
    if ticket.protected && !matches!(owner, Owner::Group(_)) {
        return Err(LineProblem::ProtectedPersonal);
    }
    if ticket.licenses.len() > MAX_LICENSES {
        return Err(LineProblem::TooManyLicenses);
    }
    let code = ticket.code.as_deref().map(str::parse).transpose();
    Ok(Ticket {
        code: code.map_err(LineProblem::Code)?,
        owner,
        protected: ticket.protected,
        licenses: ticket
            .licenses
            .into_iter()
            .map(license)
            .collect::<Result<_, _>>()?,
    })
}

fn license(license: FileLicense) -> Result<License, LineProblem> {
    let number = |column: &str| LineProblem::Number(column.to_owned());
    let product = clean_name(&license.product).map_err(LineProblem::Name)?;
    if !(1..=MAX_QUANTITY).contains(&license.quantity) {
        return Err(number("quantity"));
    }
    let binding = match &license.binding {
        None => Binding::Floating,
        Some(text) => text.trim().parse().map_err(|_| LineProblem::Binding)?,
    };
    let validity = match (
        license.valid_from.map(whole_millisecond),
        license.valid_until.map(whole_millisecond),
        license.days,
    ) {
        (None, None, None) => Validity::Perpetual,
        (None, None, Some(days @ 1..=MAX_DAYS)) => Validity::Days(days),
        (None, None, Some(_)) => return Err(number("days")),
        (_, _, Some(_)) => return Err(LineProblem::DaysAndDates),
        (Some(from), Some(until), None) if from >= until => return Err(LineProblem::EndsBefore),
        (from, until, None) => Validity::Between(from, until),
    };
    let terms = Terms {
        validity,
        binding,
        returns_left: license.returns,
    };
    let license = License {
        product,
        quantity: license.quantity,
        terms,
        started: license.started_at.map(whole_millisecond),
        amendments: license.amendments,
    };
    amendments(&license)?;
    Ok(license)
}

/// The amendments of a licence, each with its number.
pub(crate) fn recorded(amendments: &[FileAmendment]) -> impl Iterator<Item = (Recorded, &FileAmendment)> {
    (1..).zip(amendments).map(|(number, one)| {
        let recorded = Recorded {
            number,
            amendment: one.what,
            from: one.in_force_at,
            undone: one.undone_at,
        };
        (recorded, one)
    })
}

/// What was done to a licence leads to what is said of it otherwise.
fn amendments(license: &License) -> Result<(), LineProblem> {
    let whole = |at: Timestamp| whole_millisecond(at) == at;
    let fits = |one: &FileAmendment| {
        one.reason.chars().count() <= MAX_REASON
            && (one.undone_at.is_some() || one.undone_by.is_none())
            && [Some(one.made_at), Some(one.in_force_at), one.undone_at]
                .into_iter()
                .flatten()
                .all(whole)
    };
    let all = &license.amendments;
    if all.len() > MAX_AMENDMENTS as usize || !all.iter().all(fits) {
        return Err(LineProblem::Amendments);
    }
    let first = recorded(all).min_by_key(|(one, _)| (one.from, one.number));
    let Some((_, first)) = first else {
        return match license.started {
            Some(_) => Err(LineProblem::Amendments),
            None => Ok(()),
        };
    };
    let settled = recorded(all).filter(|(_, one)| one.settled && one.undone_at.is_none());
    let settled: Vec<Recorded> = settled.map(|(recorded, _)| recorded).collect();
    let said = Grant {
        quantity: license.quantity,
        validity: license.terms.validity,
        ..recorded(all)
            .filter(|(_, one)| one.settled && one.undone_at.is_none())
            .max_by_key(|(one, _)| (one.from, one.number))
            .map_or(first.before, |(_, last)| last.after)
    };
    let count = u32::try_from(all.len()).unwrap_or(u32::MAX);
    let timeline = Timeline::new(first.before, license.started, settled, count);
    if timeline.at(Timestamp::MAX) == said {
        Ok(())
    } else {
        Err(LineProblem::Amendments)
    }
}
