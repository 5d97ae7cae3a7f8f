//! Accounts by programs (S17), and people who leave (N7).

use crate::{
    api::{accounts, leavers, second_factors},
    domain::{
        ids::{EventId, GroupId, UserId},
        leavers::{Leaver, LeaverReport, Plan, Rehearsal},
        users::{Permissions, UserDetail, UserPage, UserQuery},
    },
};

super::routes::routes! {
    "Users";
    /// The accounts that you look after
    get "/users" Users:Read => accounts::Users { query: UserQuery = default } -> UserPage;
    /// An account
    get "/users/{user}" Users:Read => accounts::User { user: UserId } -> UserDetail;
    /// Create an account
    ///
    /// As a member of `group`. It is switched off, and has no password yet.
    post "/users" Users:Write => accounts::CreateUser { login: String, name: String = default, email: String = default, group: Option<GroupId>, permissions: Permissions = default } -> UserId, creates "/users";
    /// Change name and mail address of an account
    put "/users/{user}" Users:Write => accounts::SaveUser { user: UserId, name: String, email: String = default } -> ();
    /// Switch accounts on or off
    ///
    /// All of them or none, within the seats of the instance. With `end_login`, running logins end, too.
    put "/users/active" Users:Write => accounts::SwitchUsers { users: Vec<UserId> = default, active: bool = default, end_login: bool = default } -> ();
    /// Generate a password
    ///
    /// This answer is the only place where it is shown. It is to be replaced at the first login.
    post "/users/{user}/password" Users:Write => accounts::GeneratePassword { user: UserId } -> String;
    /// Remove the second factor of somebody who lost it
    delete "/users/{user}/second-factor" Users:Write => second_factors::ResetSecondFactor { user: UserId } -> ();
    /// What somebody has who leaves
    ///
    /// With what can become of it; `successor` and `search` narrow the choices.
    get "/users/{user}/leaver" Users:Read => leavers::LeaverOf { user: UserId, successor: Option<UserId>, search: String = default } -> Leaver;
    /// Rehearse what is to become of it
    ///
    /// A plan is steps separated by `;`, such as `tickets:GROUP=OWNER`, `credentials:CONTAINER`, `login` and `account`. What
    /// it yields as `seen` makes sure that what is done is what was rehearsed.
    post "/users/{user}/leaver/rehearsal" Users:Read => leavers::RehearseLeaver { user: UserId, plan: Plan } -> Rehearsal;
    /// Do it
    ///
    /// In one transaction. The answer is the id of the report.
    post "/users/{user}/leaver" Users:Write Groups:Write Tickets:Write Licenses:Write => leavers::ProcessLeaver { user: UserId, plan: Plan, reason: String = default, seen: Option<String>, key: String } -> EventId, creates "/leavers";
    /// The report about somebody who left
    get "/leavers/{report}" Users:Read => leavers::ReportOfLeaver { report: EventId } -> LeaverReport;
}
