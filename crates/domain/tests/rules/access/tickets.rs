//! Tickets: who sees them, who moves them, who takes them with their code (S3–S6).

use domain::{
    access::{
        Actor, Denied, Place, authorize_administration, authorize_protection, authorize_reassign,
        authorize_redeem, authorize_undo,
    },
    history::events::OPERATOR,
};

use crate::support::{
    organisation::{Organisation, TICKET},
    table::{access, check, from_to, permitted},
};

#[test]
fn s3_the_sixteen_cells() {
    // The user has left the group, so that nothing comes to them but by the ticket.
    let at = Organisation::read(
        "
        @isv^ @user
        Company/
          @above*
          Team/
            @member @admin*
        ",
    );
    check(
        "
        | ticket                     | user | member | admin | above | isv |
        | Team!                      | –    | –      | ×     | ×     | ×   |
        | Team                       | –    | ×      | ×     | ×     | ×   |
        | @user/Team                 | ×    | –      | ×     | ×     | ×   |
        | @user                      | ×    | –      | –     | –     | ×   |
        | -                          | –    | –      | –     | –     | ×   |
        ",
        |ticket, person| access(at.actor(person).sees_ticket(&at.ticket(ticket))),
    );
}

#[test]
fn s4_tickets_above_and_beside_are_not_seen() {
    let at = Organisation::read(
        "
        Company/
          @top
          Team/
            @user
            Lab/
              @below* @member
          Second/
            @beside*
        ",
    );
    check(
        "
        | ticket     | top | user | below | member | beside |
        | Company    | ×   | –    | –     | –      | –      |
        | Team       | –   | ×    | –     | –      | –      |
        | Team!      | –   | –    | –     | –      | –      |
        | Lab        | –   | –    | ×     | ×      | –      |
        | @user/Team | –   | ×    | –     | –      | –      |
        | @user/Lab  | –   | ×    | ×     | –      | –      |
        ",
        |ticket, person| access(at.actor(person).sees_ticket(&at.ticket(ticket))),
    );
}

/// Ann is in two groups. Mia administers one of them, and is a plain member of the other. Eve has left.
const COMPANY: &str = "
    @isv^ @eve
    Company/
      @boss*
      Team/
        @ann @ben @mia*
      Second/
        @ann @mia @sam*
    Other/
      @olga*
";

#[test]
fn s5_a_move_needs_access_to_ticket_owner_and_new_owner() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | move                     | ann          | ben          | mia           | boss          | sam    | olga   | isv          |
        | Team → @ann/Team         | yes          | Hidden       | yes           | yes           | Hidden | Hidden | yes          |
        | Team → @ben/Team         | Hidden       | yes          | yes           | yes           | Hidden | Hidden | yes          |
        | Team → @ann              | KeepsToLevel | Hidden       | ContextNeeded | ContextNeeded | Hidden | Hidden | yes          |
        | Team → @ben              | Hidden       | KeepsToLevel | ContextNeeded | ContextNeeded | Hidden | Hidden | yes          |
        | Team → @ann/Second       | KeepsToLevel | Hidden       | AdminsOnly    | yes           | Hidden | Hidden | yes          |
        | Team → @ben/Second       | Hidden       | Hidden       | AdminsOnly    | NotAMember    | Hidden | Hidden | NotAMember   |
        | Team → Second            | KeepsToLevel | Hidden       | yes           | yes           | Hidden | Hidden | yes          |
        | Team → Other             | Hidden       | Hidden       | Hidden        | Hidden        | Hidden | Hidden | yes          |
        | Team → Team              | AlreadyThere | AlreadyThere | AlreadyThere  | AlreadyThere  | Hidden | Hidden | AlreadyThere |
        | Team → -                 | Hidden       | Hidden       | Hidden        | Hidden        | Hidden | Hidden | yes          |
        | Team! → @ann/Team        | Hidden       | Hidden       | yes           | yes           | Hidden | Hidden | yes          |
        | Second → Team            | KeepsToLevel | Hidden       | KeepsToLevel  | yes           | Hidden | Hidden | yes          |
        | Second → @mia/Second     | Hidden       | Hidden       | yes           | yes           | yes    | Hidden | yes          |
        | Second → @mia/Team       | Hidden       | Hidden       | KeepsToLevel  | yes           | Hidden | Hidden | yes          |
        | @ann/Team → Team         | yes          | Hidden       | yes           | yes           | Hidden | Hidden | yes          |
        | @ann/Team → Second       | KeepsToLevel | Hidden       | yes           | yes           | Hidden | Hidden | yes          |
        | @ann/Team → @ann         | KeepsToLevel | Hidden       | ContextNeeded | ContextNeeded | Hidden | Hidden | yes          |
        | @ann/Team → @ann/Second  | KeepsToLevel | Hidden       | AdminsOnly    | yes           | Hidden | Hidden | yes          |
        | @ann/Team → @ben/Team    | Hidden       | Hidden       | yes           | yes           | Hidden | Hidden | yes          |
        | @ann/Team → @ann/Team    | AlreadyThere | Hidden       | AlreadyThere  | AlreadyThere  | Hidden | Hidden | AlreadyThere |
        | @ann → Team              | yes          | Hidden       | Hidden        | Hidden        | Hidden | Hidden | yes          |
        | @ann → Second            | yes          | Hidden       | Hidden        | Hidden        | Hidden | Hidden | yes          |
        | @ann → @ann/Team         | yes          | Hidden       | Hidden        | Hidden        | Hidden | Hidden | yes          |
        | - → Team                 | Hidden       | Hidden       | Hidden        | Hidden        | Hidden | Hidden | yes          |
        | - → @ann                 | Hidden       | Hidden       | Hidden        | Hidden        | Hidden | Hidden | yes          |
        ",
        |row, person| {
            let (ticket, to) = from_to(row);
            permitted(authorize_reassign(&at.actor(person), &at.ticket(ticket), &at.place(to)))
        },
    );
}

/// Of the three accesses of S5, the one to the present owner comes with the ticket; to a leaver, as admin of the context.
#[test]
fn s5_who_sees_a_ticket_has_access_to_its_owner() {
    let at = Organisation::read(COMPANY);
    let people = ["ann", "ben", "mia", "boss", "sam", "olga", "eve", "isv"];
    let tickets = [
        "Company",
        "Team",
        "Team!",
        "Second",
        "-",
        "@ann",
        "@ann/Team",
        "@mia/Second",
        "@eve",
        "@eve/Team",
    ];
    for (person, ticket) in people
        .iter()
        .flat_map(|person| tickets.map(|ticket| (*person, ticket)))
    {
        for actor in [at.actor(person), at.actor(&format!("impersonated:{person}"))] {
            let ticket = at.ticket(ticket);
            if !actor.sees_ticket(&ticket) {
                continue;
            }
            let access = match &ticket.place {
                Place::User {
                    user,
                    context,
                    groups,
                } => {
                    let left = context.iter().any(|level| actor.administers(level));
                    left || actor.sees_user(*user, groups)
                }
                place => actor.reaches(place),
            };
            assert!(access, "{person} {ticket:?}");
        }
    }
}

#[test]
fn s6_a_leavers_ticket_stays_with_the_admins_of_its_context() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | move                 | eve          | ann    | mia           | boss         | olga   | isv          |
        | @eve/Team → Team     | Hidden       | Hidden | yes           | yes          | Hidden | yes          |
        | @eve/Team → @ben/Team| Hidden       | Hidden | yes           | yes          | Hidden | yes          |
        | @eve/Team → @eve     | KeepsToLevel | Hidden | Hidden        | Hidden       | Hidden | yes          |
        | @eve → Team          | Hidden       | Hidden | Hidden        | Hidden       | Hidden | yes          |
        | Team → @eve/Team     | Hidden       | Hidden | Hidden        | Hidden       | Hidden | NotAMember   |
        ",
        |row, person| {
            let (ticket, to) = from_to(row);
            permitted(authorize_reassign(&at.actor(person), &at.ticket(ticket), &at.place(to)))
        },
    );
}

#[test]
fn s5_s6_whoever_holds_the_code_needs_access_to_the_new_owner_only() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | for          | ann          | ben          | mia           | boss          | eve          | isv          |
        | @ann         | yes          | Hidden       | ContextNeeded | ContextNeeded | Hidden       | yes          |
        | @ann/Team    | yes          | Hidden       | yes           | yes           | Hidden       | yes          |
        | @ann/Second  | yes          | Hidden       | AdminsOnly    | yes           | Hidden       | yes          |
        | @ben/Second  | Hidden       | Hidden       | AdminsOnly    | NotAMember    | Hidden       | NotAMember   |
        | @eve         | Hidden       | Hidden       | Hidden        | Hidden        | yes          | yes          |
        | @eve/Team    | Hidden       | Hidden       | Hidden        | Hidden        | Hidden       | NotAMember   |
        | Team         | yes          | yes          | yes           | yes           | Hidden       | yes          |
        | Second       | yes          | Hidden       | yes           | yes           | Hidden       | yes          |
        | Other        | Hidden       | Hidden       | Hidden        | Hidden        | Hidden       | yes          |
        | -            | Hidden       | Hidden       | Hidden        | Hidden        | Hidden       | AlreadyThere |
        ",
        |to, person| permitted(authorize_redeem(&at.actor(person), &at.ticket("-"), &at.place(to))),
    );
    for taken in ["Team", "@ann", "@ann/Team"] {
        let redeemed = authorize_redeem(&at.actor("ann"), &at.ticket(taken), &at.place("Team"));
        assert_eq!(redeemed, Err(Denied::Hidden), "{taken}");
    }
}

#[test]
fn protected_mode_stays_from_group_to_group_and_is_dropped_otherwise() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | move                    | protected |
        | Team! → Second          | ×         |
        | Team! → @ann/Team       | –         |
        | Team! → -               | –         |
        | Team → Second           | –         |
        | @ann/Team → Team        | –         |
        ",
        |row, _| {
            let (ticket, to) = from_to(row);
            let (before, to) = (at.ticket(ticket), at.place(to));
            let moved = authorize_reassign(&at.actor("isv"), &before, &to).unwrap();
            assert_eq!(moved.ticket, TICKET);
            assert_eq!(
                (moved.from, moved.to),
                (before.place.owner(), to.owner()),
                "{row}"
            );
            assert_eq!(moved.was_protected, before.protected, "{row}");
            access(moved.protected)
        },
    );
}

#[test]
fn n4_undo_is_a_move_and_brings_protected_mode_back_where_the_actor_could_set_it() {
    let at = Organisation::read(COMPANY);
    let undo = |row: &str, person: &str, was_protected| {
        let (ticket, back_to) = from_to(row);
        authorize_undo(
            &at.actor(person),
            &at.ticket(ticket),
            &at.place(back_to),
            was_protected,
        )
    };
    check(
        "
        | undo               | ann | mia          | boss | sam    |
        | @ann/Team → Team   | –   | ×            | ×    | Hidden |
        | Second! → Team     | Hidden | Hidden    | ×    | Hidden |
        | Team! → Second     | Hidden | ×         | ×    | Hidden |
        | Team → Second      | KeepsToLevel | –   | ×    | Hidden |
        | Team → @ben/Team   | Hidden | –         | –    | Hidden |
        ",
        |row, person| match undo(row, person, true) {
            Ok(back) => access(back.protected),
            Err(denied) => format!("{denied:?}"),
        },
    );
    // What was open before the move is open after it was taken back.
    let opened = undo("Second! → Team", "boss", false).unwrap();
    assert!(opened.was_protected && !opened.protected);
}

#[test]
fn s2_protected_mode_is_switched_by_the_admins_of_the_group() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | ticket    | ann              | mia              | boss             | sam    | isv              |
        | Team      | AdminsOnly       | yes              | yes              | Hidden | yes              |
        | Team!     | Hidden           | yes              | yes              | Hidden | yes              |
        | @ann/Team | GroupTicketsOnly | GroupTicketsOnly | GroupTicketsOnly | Hidden | GroupTicketsOnly |
        | -         | Hidden           | Hidden           | Hidden           | Hidden | GroupTicketsOnly |
        ",
        |ticket, person| permitted(authorize_protection(&at.actor(person), &at.ticket(ticket), true)),
    );
    for on in [true, false] {
        let switched = authorize_protection(&at.actor("mia"), &at.ticket("Team"), on).unwrap();
        assert_eq!(
            (switched.ticket, switched.owner, switched.protected),
            (TICKET, at.place("Team").owner(), on)
        );
    }
}

#[test]
fn s16_the_instance_is_the_isv_admins() {
    let at = Organisation::read(COMPANY);
    for person in ["ann", "boss"] {
        assert_eq!(authorize_administration(&at.actor(person)), Err(Denied::Hidden));
    }
    let isv = authorize_administration(&at.actor("isv")).unwrap();
    assert_eq!(isv.by, at.user("isv"));
    // The operator of the server stands above every group as well.
    let operator = authorize_administration(&Actor::operator()).unwrap();
    assert_eq!(operator.by, OPERATOR);
}
