//! The history: who is shown what happened (N11), and what webhooks tell.

use domain::{
    access::{EventFacts, authorize_webhooks, names_its_person, webhook_reader},
    history::events::{EventKind, OPERATOR},
    ids::UserId,
};

use crate::support::{
    organisation::Organisation,
    table::{access, check, permitted},
};

const COMPANY: &str = "
    @isv^ @otto
    Company/
      @boss*
      Team/
        @mia* @ann
        Lab/
          @lea
    Other/
      @olga*
";

/// `ann, ben in Team, Lab`: somebody did it, to somebody, in some groups.
fn event(at: &Organisation, text: &str) -> EventFacts {
    let (people, groups) = text.split_once(" in ").unwrap();
    let mut people = people.split(", ").map(|person| match person {
        "operator" => OPERATOR,
        person => at.user(person),
    });
    EventFacts {
        actor: people.next().unwrap(),
        people: people.collect(),
        groups: groups
            .split(", ")
            .filter_map(|group| at.group_or_none(group))
            .collect(),
    }
}

#[test]
fn n11_events_are_shown_to_whom_they_concern_and_to_the_admins_of_the_place() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | event                  | ann | lea | mia | boss | olga | otto | isv |
        | ann in Team            | ×   | –   | ×   | ×    | –    | –    | ×   |
        | mia, ann in Team       | ×   | –   | ×   | ×    | –    | –    | ×   |
        | boss, ann in Other     | ×   | –   | –   | ×    | ×    | –    | ×   |
        | boss in Lab            | –   | –   | ×   | ×    | –    | –    | ×   |
        | boss in Company        | –   | –   | –   | ×    | –    | –    | ×   |
        | boss in Other, Lab     | –   | –   | ×   | ×    | ×    | –    | ×   |
        | otto in -              | –   | –   | –   | –    | –    | ×    | ×   |
        | operator in -          | –   | –   | –   | –    | –    | –    | ×   |
        ",
        |row, person| access(at.actor(person).sees_event(&event(&at, row))),
    );
    // Who is impersonated is shown what happened in groups that they are in.
    check(
        "
        | event                  | ann | impersonated:ann | impersonated:mia |
        | ann in Team            | ×   | ×                | ×                |
        | mia, ann in Team, Other| ×   | ×                | ×                |
        | ann in Other           | ×   | –                | –                |
        | mia in -               | –   | –                | –                |
        | mia in Lab             | –   | –                | ×                |
        ",
        |row, person| access(at.actor(person).sees_event(&event(&at, row))),
    );
}

#[test]
fn n11_the_history_of_a_group_is_read_by_its_admins() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | group   | ann | mia | boss | olga | isv |
        | Company | –   | –   | ×    | –    | ×   |
        | Team    | –   | ×   | ×    | –    | ×   |
        | Lab     | –   | ×   | ×    | –    | ×   |
        | -       | –   | –   | –    | –    | –   |
        ",
        |group, person| {
            let (actor, group) = (at.actor(person), at.group_or_none(group));
            // In it they are told who held a ticket, wherever that person went since.
            let knows = actor.knows_holder(group.as_ref());
            assert_eq!(knows, group.is_some_and(|group| actor.reads_history(&group)));
            access(knows)
        },
    );
}

/// Tickets, licences and containers reach people beyond the groups of their readers.
#[test]
fn n11_what_happens_to_accounts_and_memberships_names_its_person() {
    let named = |kind: &&EventKind| names_its_person(**kind);
    let names: Vec<String> = EventKind::ALL
        .iter()
        .filter(named)
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        names,
        [
            "customer_created",
            "member_set",
            "member_removed",
            "user_created",
            "user_changed",
            "user_activated",
            "user_deactivated",
            "login_ended",
            "leaver_processed",
            "password_generated",
            "password_changed",
            "second_factor_added",
            "second_factor_removed",
            "recovery_codes_renewed",
            "token_created",
            "token_revoked",
            "identity_linked",
            "identity_unlinked",
            "view_began",
            "view_ended",
        ]
    );
}

#[test]
fn webhooks_are_kept_by_the_admins_of_their_group() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | of      | ann        | mia    | boss   | olga   | isv |
        | Company | Hidden     | Hidden | yes    | Hidden | yes |
        | Team    | AdminsOnly | yes    | yes    | Hidden | yes |
        | -       | Hidden     | Hidden | Hidden | Hidden | yes |
        ",
        |group, person| {
            let (actor, group) = (at.actor(person), at.group_or_none(group));
            let keeps = authorize_webhooks(&actor, group.as_ref());
            if let Ok(keeps) = &keeps {
                let of = group.as_ref().map(domain::groups::Lineage::group);
                assert_eq!((keeps.by, keeps.group), (actor.user, of));
            }
            assert_eq!(keeps.is_ok(), webhook_reader(&actor, group.as_ref()).is_ok());
            permitted(keeps)
        },
    );
}

/// Whoever keeps it, however much they see themselves, and whatever they did elsewhere.
#[test]
fn a_webhook_reads_its_branch_and_nothing_else() {
    let at = Organisation::read(COMPANY);
    let team = at.group("Team");
    check(
        "
        | event                  | mia | boss | isv |
        | ann in Team            | ×   | ×    | ×   |
        | ann in Lab             | ×   | ×    | ×   |
        | mia in Company         | –   | –    | –   |
        | boss in Company, Lab   | ×   | ×    | ×   |
        | boss in Other          | –   | –    | –   |
        | isv in -               | –   | –    | –   |
        | operator in -          | –   | –    | –   |
        ",
        |row, keeper| {
            let reader = webhook_reader(&at.actor(keeper), Some(&team)).unwrap();
            assert!(reader.sees_group(&team) && !reader.sees_group(&at.group("Company")));
            access(reader.sees_event(&event(&at, row)))
        },
    );
    let reader = webhook_reader(&at.actor("isv"), None).unwrap();
    assert!(reader.sees_event(&event(&at, "operator in -")) && reader.memberships.is_empty());
    // It is nobody, who did nothing and to whom nothing happened.
    assert_ne!(reader.user, OPERATOR);
    assert!(reader.user < UserId(0));
}
