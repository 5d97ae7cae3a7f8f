//! Accounts: who makes them, who looks after them, who looks at the portal as their person (S17, N7, N16).

use domain::{
    access::{
        authorize_account, authorize_create_account, authorize_email, authorize_impersonation,
        authorize_offboarding, authorize_offboarding_credentials, authorize_own_account, authorize_own_email,
        authorize_reset, authorize_scope,
    },
    accounts::personal_tokens::{Area, Level, Scope, Scopes},
};

use crate::support::{
    organisation::{CONTAINER, Organisation, permissions},
    table::{access, check, permitted},
};

/// Ann is in two groups of the company, Pia also in one outside; Otto is in none.
const COMPANY: &str = "
    @isv^ @otto
    Company/
      @boss* @vip^
      Team/
        @mia* @max*+ @ann @pia
      Second/
        @ann @sam*
    Other/
      @olga* @pia
";

#[test]
fn s17_accounts_are_made_by_admins_with_no_more_than_they_have() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | in, with  | boss      | mia       | max     | ann        | isv |
        | Company   | yes       | Hidden    | Hidden  | Hidden     | yes |
        | Team      | yes       | yes       | yes     | AdminsOnly | yes |
        | Team *    | yes       | yes       | yes     | AdminsOnly | yes |
        | Team %    | yes       | yes       | yes     | AdminsOnly | yes |
        | Team +    | BeyondOwn | BeyondOwn | yes     | AdminsOnly | yes |
        | -         | IsvOnly   | IsvOnly   | IsvOnly | Hidden     | yes |
        ",
        |row, person| {
            let (group, flags) = row.split_once(' ').unwrap_or((row, ""));
            let membership = at.group_or_none(group).map(|group| (group, permissions(flags)));
            let made = authorize_create_account(&at.actor(person), membership.clone());
            if let Ok(made) = &made {
                assert_eq!((made.by, &made.membership), (at.user(person), &membership));
            }
            permitted(made)
        },
    );
    check(
        "
        | looks after | boss | mia | ann | otto | isv |
        | people      | ×    | ×   | –   | –    | ×   |
        ",
        |_, person| access(at.actor(person).looks_after_people()),
    );
}

/// A change holds in all groups of the person.
#[test]
fn s17_accounts_are_changed_by_who_administers_all_their_groups() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | account | boss       | mia       | sam       | olga      | ann        | otto       | isv |
        | max     | yes        | yes       | Hidden    | Hidden    | Hidden     | Hidden     | yes |
        | ann     | yes        | BeyondOwn | BeyondOwn | Hidden    | AdminsOnly | Hidden     | yes |
        | pia     | BeyondOwn  | BeyondOwn | Hidden    | BeyondOwn | Hidden     | Hidden     | yes |
        | boss    | yes        | Hidden    | Hidden    | Hidden    | Hidden     | Hidden     | yes |
        | vip     | BeyondOwn  | Hidden    | Hidden    | Hidden    | Hidden     | Hidden     | yes |
        | otto    | Hidden     | Hidden    | Hidden    | Hidden    | Hidden     | AdminsOnly | yes |
        | isv     | Hidden     | Hidden    | Hidden    | Hidden    | Hidden     | Hidden     | yes |
        ",
        |account, person| {
            let changed = authorize_account(&at.actor(person), &at.subject(account));
            if let Ok(changed) = &changed {
                assert_eq!((changed.by, changed.user), (at.user(person), at.user(account)));
            }
            permitted(changed)
        },
    );
}

/// Whoever finds a browser open could take the account over.
#[test]
fn ones_own_password_and_mail_address_are_not_replaced_in_passing() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | account | boss        | mia       | isv         |
        | max     | yes         | yes       | yes         |
        | ann     | yes         | BeyondOwn | yes         |
        | boss    | OwnPassword | Hidden    | yes         |
        | isv     | Hidden      | Hidden    | OwnPassword |
        ",
        |account, person| permitted(authorize_reset(&at.actor(person), &at.subject(account))),
    );
    check(
        "
        | account | boss     | mia       | isv      |
        | max     | yes      | yes       | yes      |
        | ann     | yes      | BeyondOwn | yes      |
        | boss    | OwnEmail | Hidden    | yes      |
        | isv     | Hidden   | Hidden    | OwnEmail |
        ",
        |account, person| {
            let changed = authorize_email(&at.actor(person), &at.subject(account));
            if let Ok(changed) = &changed {
                assert_eq!(changed.user, at.user(account));
            }
            permitted(changed)
        },
    );
    // On the page of one's own account, with the password.
    let (ann, user) = (at.actor("ann"), at.user("ann"));
    assert_eq!(authorize_own_email(&ann).user, user);
    let own = authorize_own_account(&ann);
    assert_eq!((own.by, own.user), (user, user));
}

#[test]
fn n16_who_may_change_an_account_may_look_as_its_person() {
    let at = Organisation::read(COMPANY);
    // `in part`: what is the person's own alone is left out.
    check(
        "
        | as   | boss      | mia       | olga      | ann        | isv       |
        | max  | in part   | in part   | Hidden    | Hidden     | all       |
        | ann  | in part   | BeyondOwn | Hidden    | AdminsOnly | all       |
        | pia  | BeyondOwn | BeyondOwn | BeyondOwn | Hidden     | all       |
        | otto | Hidden    | Hidden    | Hidden    | Hidden     | all       |
        | boss | Oneself   | Hidden    | Hidden    | Hidden     | all       |
        | vip  | BeyondOwn | Hidden    | Hidden    | Hidden     | BeyondOwn |
        | isv  | Hidden    | Hidden    | Hidden    | Hidden     | Oneself   |
        ",
        |account, person| match authorize_impersonation(&at.actor(person), &at.subject(account)) {
            Ok(proof) => {
                assert_eq!((proof.by, proof.user), (at.user(person), at.user(account)));
                if proof.impersonated { "in part" } else { "all" }.to_owned()
            }
            Err(denied) => format!("{denied:?}"),
        },
    );
}

/// What somebody has without a group, or from a group that they have left, may lie above the one who looks.
#[test]
fn n16_who_is_impersonated_is_shown_what_their_groups_give_them() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | ticket     | ann | impersonated:ann | mia | impersonated:mia |
        | Team       | ×   | ×                | ×   | ×                |
        | @ann/Team  | ×   | ×                | ×   | ×                |
        | @ann/Other | ×   | –                | –   | –                |
        | @ann       | ×   | –                | –   | –                |
        | @mia       | –   | –                | ×   | –                |
        ",
        |ticket, person| access(at.actor(person).sees_ticket(&at.ticket(ticket))),
    );
    let container = at.container("@ann");
    check(
        "
        | ticket     | ann | impersonated:ann | mia |
        | @ann/Team  | ×   | ×                | ×   |
        | @ann/Other | ×   | –                | –   |
        | Other      | ×   | –                | –   |
        ",
        |ticket, person| access(at.actor(person).sees_activation(&at.ticket(ticket), &container)),
    );
}

#[test]
fn n7_people_are_offboarded_by_who_administers_a_group_of_theirs() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | leaver | boss       | mia        | sam    | olga       | ann    | isv |
        | ann    | yes        | yes        | yes    | Hidden     | Hidden | yes |
        | pia    | yes        | yes        | Hidden | yes        | Hidden | yes |
        | otto   | Hidden     | Hidden     | Hidden | Hidden     | Hidden | yes |
        ",
        |leaver, person| permitted(authorize_offboarding(&at.actor(person), &at.subject(leaver))),
    );
    // Of oneself one is no admin, even if one administers something else.
    let at = Organisation::read("Company/\n  @ann\nTeam/\n  @ann* @ben");
    let mut ann = at.subject("ann");
    ann.groups.retain(|group| *group == at.group("Company"));
    assert_eq!(
        permitted(authorize_offboarding(&at.actor("ann"), &ann)),
        "AdminsOnly"
    );
}

#[test]
fn n7_only_what_is_administered_is_handed_on() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | ticket      | boss | mia | sam | ann | isv |
        | @ann/Team   | ×    | ×   | –   | –   | ×   |
        | @ann/Second | ×    | –   | ×   | –   | ×   |
        | @ann        | –    | –   | –   | ×   | ×   |
        | Team        | ×    | ×   | –   | –   | ×   |
        | -           | –    | –   | –   | –   | ×   |
        ",
        |ticket, person| access(at.actor(person).disposes_of(&at.ticket(ticket))),
    );
    // Without context, all groups of the person use the container.
    check(
        "
        | container   | boss | mia        | sam        | ann        | olga       | isv |
        | @ann/Team   | yes  | yes        | AdminsOnly | AdminsOnly | Hidden     | yes |
        | @ann/Second | yes  | AdminsOnly | yes        | AdminsOnly | Hidden     | yes |
        | @ann        | yes  | AdminsOnly | AdminsOnly | AdminsOnly | Hidden     | yes |
        | @pia        | AdminsOnly | AdminsOnly | Hidden | Hidden   | AdminsOnly | yes |
        | @otto       | Hidden | Hidden   | Hidden     | Hidden     | Hidden     | yes |
        ",
        |container, person| {
            let ended = authorize_offboarding_credentials(&at.actor(person), &at.container(container));
            if let Ok(ended) = &ended {
                assert_eq!((ended.by, ended.container), (at.user(person), CONTAINER));
            }
            permitted(ended)
        },
    );
    check(
        "
        | of Ann       | boss         | mia  | sam    | olga |
        | administered | Team, Second | Team | Second |      |
        ",
        |_, person| {
            let groups = at.actor(person).administered_of(&at.groups_of("ann"));
            let names = groups.into_iter().map(|group| at.name_of(group));
            names.collect::<Vec<_>>().join(", ")
        },
    );
}

#[test]
fn a_token_narrows_what_its_person_may() {
    let needed = |text: &str| {
        let (area, level) = text.split_once(':').unwrap();
        Scope {
            area: if area == "users" {
                Area::Users
            } else {
                Area::Tickets
            },
            level: if level == "read" {
                Level::Read
            } else {
                Level::Write
            },
        }
    };
    check(
        "
        | needed        | tickets:read | tickets:write | users:write tickets:read | nothing |
        | tickets:read  | ×            | ×             | ×                        | –       |
        | tickets:write | –            | ×             | –                        | –       |
        | users:read    | –            | –             | ×                        | –       |
        | users:write   | –            | –             | ×                        | –       |
        ",
        |row, given| {
            let given = given.strip_prefix("nothing").unwrap_or(given);
            let scopes: Scopes = given.parse().unwrap();
            let answer = authorize_scope(&scopes, needed(row));
            if let Err(denied) = answer {
                assert_eq!(denied, domain::access::Denied::BeyondToken(needed(row)));
            }
            access(answer.is_ok())
        },
    );
}
