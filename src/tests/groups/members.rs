//! Members of groups and their permissions (S1): nobody grants or takes beyond their own.

use license_portal::store::Engine;

use crate::{
    groups::changes::{COMPANY, calls},
    support::portal::TestPortal,
};

on_both_engines!(nobody_grants_beyond_their_own, members_leave_and_join);

async fn nobody_grants_beyond_their_own(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    calls(
        &portal,
        &[
            ("nina", "set_member group=North, user=ned, permissions[admin]=true", "done"),
            (
                "nina",
                "set_member group=North, user=ned, permissions[admin]=true",
                "AlreadyThere",
            ),
            (
                "nina",
                "set_member group=North, user=ned, permissions[admin]=true, permissions[create_ticket]=true",
                "BeyondOwn",
            ),
            (
                "sam",
                "set_member group=South, user=sue, permissions[admin]=true, permissions[create_ticket]=true",
                "done",
            ),
            // Nobody takes what they do not have.
            (
                "boss",
                "set_member group=South, user=sam, permissions[admin]=true",
                "BeyondOwn",
            ),
            (
                "boss",
                "set_member group=South, user=sam, permissions[create_ticket]=true",
                "done",
            ),
            ("isv", "set_member group=South, user=sam", "done"),
            (
                "sam",
                "set_member group=South, user=sam, permissions[admin]=true",
                "AdminsOnly",
            ),
            (
                "hugo",
                "set_member group=Harbour, user=hugo, permissions[admin]=true",
                "AdminsOnly",
            ),
            ("hugo", "set_member group=North, user=hugo, permissions[admin]=true", "Hidden"),
            // People beyond one's reach cannot be drawn in; those of one's branch can.
            ("nina", "set_member group=North, user=sue", "Hidden"),
            ("nina", "set_member group=North, user=rita", "Hidden"),
            ("nina", "set_member group=North, user=hugo", "done"),
            (
                "nina",
                "set_member group=Company, user=nina, permissions[admin]=true",
                "Hidden",
            ),
            // What is granted above counts below.
            (
                "isv",
                "set_member group=Company, user=boss, permissions[admin]=true, permissions[create_ticket]=true",
                "done",
            ),
            (
                "boss",
                "set_member group=Harbour, user=hugo, permissions[create_ticket]=true",
                "done",
            ),
            ("hana", "set_member group=Harbour, user=hugo", "BeyondOwn"),
        ],
    )
    .await;
}

async fn members_leave_and_join(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    calls(
        &portal,
        &[
            ("ned", "remove_member group=North, user=ned", "AdminsOnly"),
            // Hugo is not a member there.
            ("nina", "remove_member group=North, user=hugo", "Hidden"),
            ("nina", "remove_member group=North, user=rita", "Hidden"),
            ("nina", "remove_member group=South, user=sam", "Hidden"),
            ("nina", "remove_member group=Harbour, user=hana", "done"),
            // Sam may create tickets, the boss may not.
            ("boss", "remove_member group=South, user=sam", "BeyondOwn"),
            ("nina", "remove_member group=North, user=nina", "done"),
        ],
    )
    .await;
    // She has no group any more, and only an ISV admin reaches her.
    assert_eq!(portal.client("nina").await.list("all").await, [] as [&str; 0]);
    let join = "set_member group=North, user=nina";
    calls(&portal, &[("boss", join, "Hidden"), ("isv", join, "done")]).await;
    assert_eq!(portal.client("nina").await.list("all").await, ["n1"]);
}
