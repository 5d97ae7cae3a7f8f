//! Groups and people: who may know of them (S4), and what is granted in them.

use domain::{access::Actor, accounts::Permissions};

use crate::support::{
    organisation::Organisation,
    table::{access, check},
};

const COMPANY: &str = "
    @isv^ @otto
    Company/
      @boss* @clerk
      Team/
        @ann @mia*
        Lab/
          @ann @lea
    Other/
      @olga*
";

#[test]
fn s4_groups_are_seen_from_above_and_from_inside() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | group   | boss | clerk | mia | ann | lea | otto | isv |
        | Company | ×    | ×     | –   | –   | –   | –    | ×   |
        | Team    | ×    | –     | ×   | ×   | –   | –    | ×   |
        | Lab     | ×    | –     | ×   | ×   | ×   | –    | ×   |
        | Other   | –    | –     | –   | –   | –   | –    | ×   |
        ",
        |group, person| access(at.actor(person).sees_group(&at.group(group))),
    );
    check(
        "
        | group   | boss | clerk | mia | ann | isv |
        | Company | ×    | ×     | –   | –   | –   |
        | Team    | –    | –     | ×   | ×   | –   |
        ",
        |group, person| access(at.actor(person).is_member(at.group(group).group())),
    );
}

#[test]
fn s4_people_are_seen_by_themselves_and_by_their_admins() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | person | boss | clerk | mia | ann | lea | olga | otto | isv |
        | boss   | ×    | –     | –   | –   | –   | –    | –    | ×   |
        | ann    | ×    | –     | ×   | ×   | –   | –    | –    | ×   |
        | lea    | ×    | –     | ×   | –   | ×   | –    | –    | ×   |
        | otto   | –    | –     | –   | –   | –   | –    | ×    | ×   |
        ",
        |person, asker| access(at.actor(asker).sees_user(at.user(person), &at.groups_of(person))),
    );
}

#[test]
fn s5_owners_are_reached_by_those_who_may_know_of_them() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | owner        | boss | mia | ann | lea | otto | isv |
        | -            | –    | –   | –   | –   | –    | ×   |
        | Company      | ×    | –   | –   | –   | –    | ×   |
        | Team         | ×    | ×   | ×   | –   | –    | ×   |
        | @ann         | ×    | ×   | ×   | –   | –    | ×   |
        | @ann/Team    | ×    | ×   | ×   | –   | –    | ×   |
        | @ann/Company | ×    | –   | –   | –   | –    | ×   |
        | @otto        | –    | –   | –   | –   | ×    | ×   |
        | @otto/Team   | –    | –   | –   | –   | –    | ×   |
        ",
        |owner, person| access(at.actor(person).reaches(&at.place(owner))),
    );
}

#[test]
fn s13_permissions_hold_in_their_group_and_below() {
    let at = Organisation::read(
        "
        @isv^
        Company/
          @boss* @sales+ @both*+ @clerk
          Team/
            @sales% @ann%
        ",
    );
    let over = |person: &str, group: &str| at.actor(person).permissions_over(&at.group(group));
    // An admin, who sees the whole branch, reads its reports without being given that.
    check(
        "
        | in      | boss                | sales                       | both                               | clerk | ann          |
        | Company | admin, view_reports | create_ticket               | admin, create_ticket, view_reports |       |              |
        | Team    | admin, view_reports | create_ticket, view_reports | admin, create_ticket, view_reports |       | view_reports |
        ",
        |group, person| over(person, group).names().join(", "),
    );
    // What a form offers before the group is chosen: what an admin has, and what was granted besides.
    check(
        "
        | offered | boss                | sales                              | clerk               |
        | most    | admin, view_reports | admin, create_ticket, view_reports | admin, view_reports |
        ",
        |_, person| at.actor(person).most_grantable().names().join(", "),
    );
    // ISV admins have all there are.
    assert_eq!(over("isv", "Team"), Permissions::all());
    assert_eq!(at.actor("isv").most_grantable(), Permissions::all());
    assert!(Actor::operator().administers(&at.group("Company")));
}
