//! The tree: who makes, renames, moves and dissolves groups, and who lets people in (S1).

use domain::{
    access::{
        Denied, authorize_create_group, authorize_delete_group, authorize_membership, authorize_move_group,
        authorize_rename_group,
    },
    accounts::Permissions,
    groups::{Lineage, MAX_DEPTH},
    ids::GroupId,
};

use crate::support::{
    organisation::{Organisation, permissions},
    table::{check, from_to, permitted},
};

const COMPANY: &str = "
    @isv^ @otto
    Company/
      @boss*
      Team/
        @mia* @ann
        Lab/
          @lea* @ann
      Second/
        @mia*
        Annex/
      Guild/
        @mia
    Other/
      @olga*
";

#[test]
fn s1_groups_are_made_by_admins_and_top_level_ones_by_isv_admins() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | below   | boss    | mia    | ann        | lea    | isv |
        | -       | IsvOnly | IsvOnly | IsvOnly   | IsvOnly | yes |
        | Company | yes     | Hidden | Hidden     | Hidden | yes |
        | Team    | yes     | yes    | AdminsOnly | Hidden | yes |
        | Lab     | yes     | yes    | AdminsOnly | yes    | yes |
        | Other   | Hidden  | Hidden | Hidden     | Hidden | yes |
        ",
        |parent, person| {
            let parent = at.group_or_none(parent);
            let made = authorize_create_group(&at.actor(person), parent.clone());
            if let Ok(made) = &made {
                assert_eq!(made.parent, parent);
            }
            permitted(made)
        },
    );
}

#[test]
fn s1_groups_are_renamed_by_their_admins() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | group   | boss   | mia    | ann        | lea    | isv |
        | Company | yes    | Hidden | Hidden     | Hidden | yes |
        | Team    | yes    | yes    | AdminsOnly | Hidden | yes |
        | Lab     | yes    | yes    | AdminsOnly | yes    | yes |
        ",
        |group, person| {
            let group = at.group(group);
            let renamed = authorize_rename_group(&at.actor(person), &group);
            if let Ok(renamed) = &renamed {
                assert_eq!(renamed.group, group.group());
            }
            permitted(renamed)
        },
    );
}

/// Whoever administers both parents moves a group. Taking one's own group from those above it would hide it from them.
#[test]
fn s1_groups_are_moved_by_who_administers_both_parents() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | move             | boss         | mia          | ann        | lea        | olga       | isv          |
        | Lab → Second     | yes          | yes          | Hidden     | Hidden     | Hidden     | yes          |
        | Lab → Annex      | yes          | yes          | Hidden     | Hidden     | Hidden     | yes          |
        | Lab → Guild      | yes          | AdminsOnly   | Hidden     | Hidden     | Hidden     | yes          |
        | Lab → Company    | yes          | Hidden       | Hidden     | Hidden     | Hidden     | yes          |
        | Lab → Team       | AlreadyThere | AlreadyThere | AdminsOnly | Hidden     | Hidden     | AlreadyThere |
        | Team → Second    | yes          | AdminsOnly   | Hidden     | Hidden     | Hidden     | yes          |
        | Team → Lab       | InsideItself | InsideItself | AdminsOnly | Hidden     | Hidden     | InsideItself |
        | Team → Team      | InsideItself | InsideItself | AdminsOnly | Hidden     | Hidden     | InsideItself |
        | Team → Other     | Hidden       | Hidden       | Hidden     | Hidden     | Hidden     | yes          |
        | Team → -         | IsvOnly      | AdminsOnly   | AdminsOnly | Hidden     | Hidden     | yes          |
        | Company → Other  | Hidden       | Hidden       | Hidden     | Hidden     | Hidden     | yes          |
        | Company → -      | AlreadyThere | Hidden       | Hidden     | Hidden     | Hidden     | AlreadyThere |
        ",
        |row, person| {
            let (group, parent) = from_to(row);
            let (group, parent) = (at.group(group), at.group_or_none(parent));
            let moved = authorize_move_group(&at.actor(person), &group, 1, parent.as_ref());
            if let Ok(moved) = &moved {
                assert_eq!(moved.from, group);
                let to = moved.to.groups();
                let above = parent.as_ref().map_or(&[][..], Lineage::groups);
                assert_eq!(to, [above, &[group.group()]].concat());
            }
            permitted(moved)
        },
    );
}

#[test]
fn s1_groups_are_dissolved_by_who_administers_their_parent_and_the_heir() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | group → heir     | boss         | mia          | ann        | lea        | olga    | isv          |
        | Lab → -          | yes          | yes          | AdminsOnly | AdminsOnly | Hidden  | yes          |
        | Lab → Team       | yes          | yes          | AdminsOnly | Hidden     | Hidden  | yes          |
        | Lab → Guild      | yes          | AdminsOnly   | Hidden     | Hidden     | Hidden  | yes          |
        | Lab → Other      | Hidden       | Hidden       | Hidden     | Hidden     | Hidden  | yes          |
        | Lab → Lab        | InsideItself | InsideItself | AdminsOnly | AdminsOnly | Hidden  | InsideItself |
        | Team → Lab       | InsideItself | AdminsOnly   | AdminsOnly | Hidden     | Hidden  | InsideItself |
        | Team → -         | yes          | AdminsOnly   | AdminsOnly | Hidden     | Hidden  | yes          |
        | Company → Team   | IsvOnly      | Hidden       | Hidden     | Hidden     | Hidden  | InsideItself |
        | Other → Company  | Hidden       | Hidden       | Hidden     | Hidden     | Hidden  | yes          |
        ",
        |row, person| {
            let (group, heir) = from_to(row);
            let (group, heir) = (at.group(group), at.group_or_none(heir));
            let dissolved = authorize_delete_group(&at.actor(person), &group, 1, heir.as_ref());
            if let Ok(dissolved) = &dissolved {
                assert_eq!((&dissolved.group, &dissolved.heir), (&group, &heir));
            }
            permitted(dissolved)
        },
    );
}

/// A path so many groups deep, in the branch of the first one.
fn deep(groups: usize) -> Lineage {
    let ids = (1..=i64::try_from(groups).unwrap()).map(GroupId);
    Lineage::new(ids.collect()).unwrap()
}

#[test]
fn no_group_stands_deeper_than_the_tree_may_be() {
    let at = Organisation::read("@isv^");
    let isv = at.actor("isv");
    let moving = Lineage::top(GroupId(1000));
    for (depth, height) in [(MAX_DEPTH - 1, 0), (MAX_DEPTH - 3, 2)] {
        let fits = authorize_move_group(&isv, &moving, height + 1, Some(&deep(depth - 1))).map(|_| ());
        let over = authorize_move_group(&isv, &moving, height + 2, Some(&deep(depth))).map(|_| ());
        assert_eq!(
            (fits, over),
            (Ok(()), Err(Denied::TooDeep)),
            "moved below {depth}"
        );
        let fits = authorize_delete_group(&isv, &moving, height + 1, Some(&deep(depth))).map(|_| ());
        let over = authorize_delete_group(&isv, &moving, height + 2, Some(&deep(depth))).map(|_| ());
        assert_eq!((fits, over), (Ok(()), Err(Denied::TooDeep)), "left to {depth}");
    }
    assert!(authorize_create_group(&isv, Some(deep(MAX_DEPTH - 1))).is_ok());
    assert_eq!(
        authorize_create_group(&isv, Some(deep(MAX_DEPTH))),
        Err(Denied::TooDeep)
    );
}

/// Admins let in whom they reach, and grant and take what they have themselves.
#[test]
fn s1_members_are_let_in_by_admins_within_what_they_have() {
    let at = Organisation::read(
        "
        @isv^ @otto
        Company/
          @boss*
          Team/
            @mia* @max*+ @ann
          Second/
            @sam
        ",
    );
    let set = |person: &str, user: &str, now: Option<Permissions>, then: Option<Permissions>| {
        let actor = at.actor(person);
        let group = at.group("Team");
        let set = authorize_membership(&actor, &group, at.user(user), &at.groups_of(user), now, then);
        if let Ok(set) = &set {
            let change = (set.group, set.user, set.permissions);
            assert_eq!(change, (group.group(), at.user(user), then));
        }
        permitted(set)
    };
    // `-` is no member, `.` a plain one.
    let given = |flags: &str| (flags != "-").then(|| permissions(flags));
    check(
        "
        | of Ann  | boss         | mia          | max          | ann          | sam    | isv          |
        | . → *   | yes          | yes          | yes          | AdminsOnly   | Hidden | yes          |
        | . → %   | yes          | yes          | yes          | AdminsOnly   | Hidden | yes          |
        | . → +   | BeyondOwn    | BeyondOwn    | yes          | AdminsOnly   | Hidden | yes          |
        | + → .   | BeyondOwn    | BeyondOwn    | yes          | AdminsOnly   | Hidden | yes          |
        | + → +*  | yes          | yes          | yes          | AdminsOnly   | Hidden | yes          |
        | + → -   | BeyondOwn    | BeyondOwn    | yes          | AdminsOnly   | Hidden | yes          |
        | * → -   | yes          | yes          | yes          | AdminsOnly   | Hidden | yes          |
        | - → .   | yes          | yes          | yes          | AdminsOnly   | Hidden | yes          |
        | . → .   | AlreadyThere | AlreadyThere | AlreadyThere | AdminsOnly   | Hidden | AlreadyThere |
        | - → -   | Hidden       | Hidden       | Hidden       | AdminsOnly   | Hidden | Hidden       |
        ",
        |row, person| {
            let (now, then) = from_to(row);
            set(person, "ann", given(now), given(then))
        },
    );
    check(
        "
        | person | boss   | mia    | isv |
        | sam    | yes    | Hidden | yes |
        | otto   | Hidden | Hidden | yes |
        ",
        |user, person| set(person, user, None, Some(Permissions::NONE)),
    );
}
