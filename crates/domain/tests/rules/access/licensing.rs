//! Licences and containers: who brings what where (S8–S10), and who is told that something expires (N15).

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::{
        Concerned, ContainerFacts, Reachable, authorize_activate, authorize_container,
        authorize_create_container, authorize_deactivate, authorize_transfer, authorize_withdraw,
    },
    ids::ContainerId,
};

use crate::support::{
    organisation::{CONTAINER, Organisation, TICKET},
    table::{access, check, from_to, permitted},
};

/// Ann is in two groups; Eve has left the team.
const COMPANY: &str = "
    @isv^ @eve
    Company/
      @boss*
      Team/
        @mia* @ann @ben
      Second/
        @ann @sam*
    Other/
      @olga*
";

/// Another container than the usual one.
fn other_than(container: ContainerFacts) -> ContainerFacts {
    let id = ContainerId(container.id.0 + 1);
    ContainerFacts { id, ..container }
}

#[test]
fn s9_who_reaches_the_person_reaches_the_container() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | container  | ann    | ben    | eve    | boss   | mia    | sam    | olga   | isv |
        | @ann       | yes    | Hidden | Hidden | yes    | yes    | yes    | Hidden | yes |
        | @ann/Team  | yes    | Hidden | Hidden | yes    | yes    | yes    | Hidden | yes |
        | @eve       | Hidden | Hidden | yes    | Hidden | Hidden | Hidden | Hidden | yes |
        | @eve/Team  | Hidden | Hidden | yes    | yes    | yes    | Hidden | Hidden | yes |
        ",
        |container, person| {
            let (actor, container) = (at.actor(person), at.container(container));
            let changed = authorize_container(&actor, &container);
            assert_eq!(changed.is_ok(), actor.reaches_container(&container));
            if let Ok(changed) = &changed {
                assert_eq!((changed.by, changed.container), (actor.user, CONTAINER));
            }
            permitted(changed)
        },
    );
}

#[test]
fn s9_containers_are_made_for_whom_one_reaches() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | for         | ann    | ben    | eve    | boss          | mia           | isv        |
        | @ann        | yes    | Hidden | Hidden | ContextNeeded | ContextNeeded | yes        |
        | @ann/Team   | yes    | Hidden | Hidden | yes           | yes           | yes        |
        | @ann/Second | yes    | Hidden | Hidden | yes           | Hidden        | yes        |
        | @ben/Second | Hidden | Hidden | Hidden | NotAMember    | Hidden        | NotAMember |
        | @eve        | Hidden | Hidden | yes    | Hidden        | Hidden        | yes        |
        | @eve/Team   | Hidden | Hidden | Hidden | Hidden        | Hidden        | NotAMember |
        | Team        | Hidden | Hidden | Hidden | Hidden        | Hidden        | Hidden     |
        | -           | Hidden | Hidden | Hidden | Hidden        | Hidden        | Hidden     |
        ",
        |of, person| {
            let (actor, of) = (at.actor(person), at.place(of));
            let made = authorize_create_container(&actor, &of);
            if let Ok(made) = &made {
                assert_eq!(made.by, actor.user);
                assert_eq!(Some(made.user), of.owner().user());
                assert_eq!(made.context, of.owner().level());
            }
            permitted(made)
        },
    );
}

/// Who does not administer the level of a ticket keeps its licences out of other levels, as when it moves (S5).
#[test]
fn s8_licences_are_activated_by_who_reaches_both_ends() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | activate                  | ann          | ben    | mia          | boss   | sam          | isv     |
        | Team → @ann               | yes          | Hidden | yes          | yes    | Hidden       | yes     |
        | Team! → @ann              | Hidden       | Hidden | yes          | yes    | Hidden       | yes     |
        | Team → @ann/Team          | yes          | Hidden | yes          | yes    | Hidden       | yes     |
        | Team → @ann/Second        | KeepsToLevel | Hidden | yes          | yes    | Hidden       | yes     |
        | Second → @ann/Team        | KeepsToLevel | Hidden | Hidden       | yes    | yes          | yes     |
        | @ann/Team → @ann/Second   | KeepsToLevel | Hidden | yes          | yes    | Hidden       | yes     |
        | @ann → @ann/Second        | yes          | Hidden | Hidden       | Hidden | Hidden       | yes     |
        | @ann → @ann               | yes          | Hidden | Hidden       | Hidden | Hidden       | yes     |
        | Team → @ben               | Hidden       | yes    | yes          | yes    | Hidden       | yes     |
        | Team → @eve               | Hidden       | Hidden | Hidden       | Hidden | Hidden       | yes     |
        | - → @ann                  | Hidden       | Hidden | Hidden       | Hidden | Hidden       | Unowned |
        ",
        |row, person| {
            let (ticket, container) = from_to(row);
            let actor = at.actor(person);
            let activated = authorize_activate(&actor, &at.ticket(ticket), &at.container(container));
            if let Ok(activated) = &activated {
                let told = (activated.by, activated.ticket, activated.container);
                assert_eq!(told, (actor.user, TICKET, CONTAINER));
            }
            permitted(activated)
        },
    );
}

/// On the container's side whoever reaches it and knows what is in it gives licences back; on the ticket's side whoever is free
/// to take it out of its level takes them back, wherever they are.
#[test]
fn s8_licences_come_back_on_either_side() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | give back         | ann    | ben    | mia    | boss   | sam    | eve    | isv |
        | @ann → Team       | yes    | Hidden | yes    | yes    | Hidden | Hidden | yes |
        | @ann → Team!      | yes    | Hidden | yes    | yes    | Hidden | Hidden | yes |
        | @ann → Second     | yes    | Hidden | Hidden | yes    | yes    | Hidden | yes |
        | @ann → @ann       | yes    | Hidden | Hidden | Hidden | Hidden | Hidden | yes |
        | @ann → -          | yes    | Hidden | Hidden | Hidden | Hidden | Hidden | yes |
        | @eve → Team       | Hidden | Hidden | Hidden | Hidden | Hidden | yes    | yes |
        | @eve/Team → Team  | Hidden | Hidden | yes    | yes    | Hidden | yes    | yes |
        ",
        |row, person| {
            let (container, ticket) = from_to(row);
            let actor = at.actor(person);
            let released = authorize_deactivate(&actor, &at.ticket(ticket), &at.container(container));
            if let Ok(released) = &released {
                let told = (
                    released.by,
                    released.ticket,
                    released.container,
                    released.withdrawn,
                );
                assert_eq!(told, (actor.user, TICKET, CONTAINER, false));
            }
            permitted(released)
        },
    );
    check(
        "
        | take back    | ann        | ben        | mia    | boss   | sam    | eve        | isv |
        | Team         | AdminsOnly | AdminsOnly | yes    | yes    | Hidden | Hidden     | yes |
        | Team!        | Hidden     | Hidden     | yes    | yes    | Hidden | Hidden     | yes |
        | @ann/Team    | AdminsOnly | Hidden     | yes    | yes    | Hidden | Hidden     | yes |
        | @ann         | yes        | Hidden     | Hidden | Hidden | Hidden | Hidden     | yes |
        | @eve/Team    | Hidden     | Hidden     | yes    | yes    | Hidden | AdminsOnly | yes |
        | -            | Hidden     | Hidden     | Hidden | Hidden | Hidden | Hidden     | yes |
        ",
        |ticket, person| {
            let actor = at.actor(person);
            let released = authorize_withdraw(&actor, &at.ticket(ticket), &at.container("@eve"));
            if let Ok(released) = &released {
                let told = (
                    released.by,
                    released.ticket,
                    released.container,
                    released.withdrawn,
                );
                assert_eq!(told, (actor.user, TICKET, CONTAINER, true));
            }
            permitted(released)
        },
    );
}

/// Whose container it is gives back what they do not see, and activates it nowhere.
#[test]
fn s8_a_transfer_needs_both_its_halves() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | from → to         | ann          | ben    | mia    | sam    | isv    |
        | @ann → @ann       | yes          | Hidden | yes    | Hidden | yes    |
        | @ann → @ann/Team  | yes          | Hidden | yes    | Hidden | yes    |
        | @ann → @ann/Second| KeepsToLevel | Hidden | yes    | Hidden | yes    |
        | @ann → @ben       | Hidden       | Hidden | yes    | Hidden | yes    |
        | @eve → @ann       | Hidden       | Hidden | Hidden | Hidden | yes    |
        ",
        |row, person| {
            let (from, to) = from_to(row);
            let (from, to) = (at.container(from), other_than(at.container(to)));
            let moved = authorize_transfer(&at.actor(person), &at.ticket("Team"), &from, &to);
            if let Ok((release, activation)) = &moved {
                assert_eq!((release.container, activation.container), (from.id, to.id));
            }
            permitted(moved)
        },
    );
    let transfer = |ticket: &str| {
        let (ann, here) = (at.actor("ann"), at.container("@ann"));
        permitted(authorize_transfer(&ann, &at.ticket(ticket), &here, &here))
    };
    assert_eq!(transfer("Team"), "AlreadyThere");
    assert_eq!(transfer("Team!"), "Hidden");
}

/// Who is told sees the ticket (S3): the nearest admins of its level; who is switched off, or has no address, does not stand
/// in between.
#[test]
fn n15_the_nearest_who_can_act_are_told() {
    let at = Organisation::read(
        "
        @isv^ @ann
        Company/
          @boss*
          Team/
            @boss* @mia*
            Lab/
          Second/
            @off*
        Other/
        ",
    );
    let admins = |group: &str, people: &[&str]| {
        let people = people.iter().map(|person| at.user(person));
        (at.group(group).group(), people.collect::<BTreeSet<_>>())
    };
    let reachable = Reachable {
        admins: BTreeMap::from([
            admins("Company", &["boss"]),
            admins("Team", &["boss", "mia"]),
            admins("Second", &[]),
        ]),
        isv_admins: BTreeSet::from([at.user("isv")]),
    };
    check(
        "
        | ticket       | isv | boss | mia | ann |
        | Company      | –   | ×    | –   | –   |
        | Team!        | –   | ×    | ×   | –   |
        | Lab          | –   | ×    | ×   | –   |
        | @ann/Lab     | –   | ×    | ×   | –   |
        | Second       | –   | ×    | –   | –   |
        | Other        | ×   | –    | –   | –   |
        | @ann         | –   | –    | –   | ×   |
        | -            | ×   | –    | –   | –   |
        ",
        |row, person| {
            let ticket = at.ticket(row);
            let concerned = match row {
                "-" => Concerned::Nobody,
                "@ann" => Concerned::Person(at.user("ann")),
                "@ann/Lab" => Concerned::Level(at.group("Lab")),
                group => Concerned::Level(at.group(group.trim_end_matches('!'))),
            };
            let told = reachable.who_can_act(&concerned).contains(&at.user(person));
            assert!(!told || at.actor(person).sees_ticket(&ticket), "{person} {row}");
            access(told)
        },
    );
}
