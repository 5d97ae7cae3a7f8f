//! Why somebody sees a ticket, and why somebody else does not (N2).

use domain::access::{Because, Unseen};

use crate::support::{
    organisation::Organisation,
    table::{access, check},
};

const COMPANY: &str = "
    @isv^ @eve
    @chief^
    Company/
      @boss* @both* @chief*
      Team/
        @ann @mia* @both*
    Other/
      @olga*
";

/// Reasons with the names of their groups.
fn why(at: &Organisation, person: &str, ticket: &str) -> String {
    let named = |group| at.name_of(group);
    match at.actor(person).why_sees(&at.ticket(ticket)) {
        Ok(reasons) => {
            let reasons = reasons.into_iter().map(|because| match because {
                Because::Own => "own".to_owned(),
                Because::Member(group) => format!("member of {}", named(group)),
                Because::Admin(group) => format!("admin of {}", named(group)),
                Because::IsvAdmin => "ISV admin".to_owned(),
            });
            reasons.collect::<Vec<_>>().join(", ")
        }
        Err(Unseen::Unassigned) => "nobody's".to_owned(),
        Err(Unseen::Protected(group)) => format!("protected in {}", named(group)),
        Err(Unseen::NotInGroup(group)) => format!("not in {}", named(group)),
        Err(Unseen::Personal(group)) => format!("personal in {}", named(group)),
        Err(Unseen::Private) => "private".to_owned(),
    }
}

#[test]
fn n2_every_cell_of_s3_has_its_reasons() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | ticket     | ann               | mia                             | boss             | olga             | eve              | isv       |
        | Team!      | protected in Team | admin of Team                   | admin of Company | not in Team      | not in Team      | ISV admin |
        | Team       | member of Team    | member of Team, admin of Team   | admin of Company | not in Team      | not in Team      | ISV admin |
        | @ann/Team  | own               | admin of Team                   | admin of Company | personal in Team | personal in Team | ISV admin |
        | @ann       | own               | private                         | private          | private          | private          | ISV admin |
        | @eve/Team  | personal in Team  | admin of Team                   | admin of Company | personal in Team | own              | ISV admin |
        | @eve       | private           | private                         | private          | private          | own              | ISV admin |
        | -          | nobody's          | nobody's                        | nobody's         | nobody's         | nobody's         | ISV admin |
        ",
        |ticket, person| why(&at, person, ticket),
    );
    assert_eq!(
        why(&at, "both", "Team"),
        "member of Team, admin of Company, admin of Team"
    );
    assert_eq!(why(&at, "chief", "Team!"), "admin of Company, ISV admin");
}

#[test]
fn n2_there_are_reasons_exactly_where_there_is_access() {
    let at = Organisation::read(COMPANY);
    for person in [
        "ann",
        "mia",
        "boss",
        "both",
        "olga",
        "eve",
        "isv",
        "impersonated:ann",
        "impersonated:eve",
    ] {
        for ticket in ["Team!", "Team", "@ann/Team", "@ann", "@eve/Team", "@eve", "-"] {
            let actor = at.actor(person);
            assert_eq!(
                actor.why_sees(&at.ticket(ticket)).is_ok(),
                actor.sees_ticket(&at.ticket(ticket)),
                "{person} {ticket}"
            );
        }
    }
}

/// Asked about a colleague, nobody is told of rights above themselves.
#[test]
fn s4_rights_are_known_as_far_as_their_groups_are() {
    let at = Organisation::read(COMPANY);
    let known = |person: &str, asker: &str| {
        let team = at.group("Team");
        at.actor(person).as_known_to(&at.actor(asker), Some(&team))
    };
    check(
        "
        | person | ann  | mia  | boss          | isv                     |
        | mia    | Team | Team | Team          | Team                    |
        | boss   |      |      | Company       | Company                 |
        | both   | Team | Team | Company, Team | Company, Team           |
        | olga   |      |      |               |                         |
        | isv    |      |      |               | ISV admin               |
        | chief  |      |      | Company       | ISV admin, Company      |
        ",
        |person, asker| {
            let known = known(person, asker);
            assert_eq!(known.user, at.user(person));
            let isv = known.isv_admin.then(|| "ISV admin".to_owned());
            let groups = known.memberships.into_keys().map(|group| at.name_of(group));
            isv.into_iter().chain(groups).collect::<Vec<_>>().join(", ")
        },
    );
    let member = known("ann", "mia").memberships[&at.group("Team").group()];
    assert_eq!(member, at.actor("ann").memberships[&at.group("Team").group()]);
    assert!(
        at.actor("impersonated:ann")
            .as_known_to(&at.actor("mia"), None)
            .impersonated
    );
    // Of a ticket without level, nothing is known but who is an ISV admin.
    check(
        "
        | person | mia | isv |
        | boss   | –   | –   |
        | chief  | –   | ×   |
        ",
        |person, asker| {
            let known = at.actor(person).as_known_to(&at.actor(asker), None);
            assert!(known.memberships.is_empty());
            access(known.isv_admin)
        },
    );
}
