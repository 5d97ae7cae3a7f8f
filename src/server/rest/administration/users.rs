//! Accounts by programs (S17), and people who leave (N7).

use domain::{
    accounts::{Permissions, offboarding::Plan},
    ids::{EventId, GroupId, PersonalTokenId, UserId},
};

use crate::{
    api::accounts::{self, offboarding, personal_tokens, second_factors},
    server::rest::administration::wire::{OffboardingObject, Steps},
    views::accounts::{
        OwnAccount, UserDetail, UserPage, UserQuery,
        offboarding::{DryRun, Offboarding, OffboardingReport},
        personal_tokens::PersonalToken,
    },
};

crate::server::rest::administration::routes::routes! {
    "Users";
    /// Your own account
    get "/me" Users:Read => accounts::MyData {} -> OwnAccount;
    /// Change your own name
    patch "/me" Users:Write => accounts::SaveMe { name: String } -> ();
    /// Replace your own mail address
    ///
    /// `present` is your password. Without an address, there is none any more.
    put "/me/email" Users:Write => accounts::ChangeEmail { email: String = default, present: String } -> ();
    /// Replace your own password
    ///
    /// `present` is the one that you have. A running login goes on, and so do your tokens, unless `end_tokens` is true: this
    /// one ends, too.
    put "/me/password" Users:Write => accounts::ChangePassword { present: String, chosen: String, end_tokens: bool = default } -> ();
    /// The accounts that you look after
    get "/users" Users:Read => accounts::Users { query: UserQuery = default => Members } -> UserPage;
    /// An account
    get "/users/{user}" Users:Read => accounts::User { user: UserId } -> UserDetail;
    /// Create an account
    ///
    /// As a member of `group`. It is switched off, and has no password yet; with `invite`, it takes a seat, and its person is
    /// sent a link by mail that sets one.
    post "/users" Users:Write => accounts::CreateUser { login: String, name: String = default, email: String = default, group: Option<GroupId>, permissions: Permissions = default, invite: bool = default } -> UserId, creates "/users";
    /// Change name and mail address of an account
    put "/users/{user}" Users:Write => accounts::SaveUser { user: UserId, name: String, email: String = default } -> ();
    /// Switch accounts on or off
    ///
    /// All of them or none, within the seats of the instance. With `end_login`, running logins end, too.
    put "/users/active" Users:Write => accounts::SwitchUsers { users: Vec<UserId> = default, active: bool, end_login: bool = default } -> ();
    /// Invite somebody
    ///
    /// Who has no password is sent a link by mail that sets one; again, if an hour has passed since the last. An account that is
    /// switched off is switched on, and takes a seat.
    post "/users/{user}/invitation" Users:Write => accounts::InviteUser { user: UserId } -> ();
    /// Generate a password
    ///
    /// This answer is the only place where it is shown. It is to be replaced at the first login.
    post "/users/{user}/password" Users:Write => accounts::GeneratePassword { user: UserId } -> String;
    /// The access tokens of an account
    ///
    /// Your own, and those of accounts that you may change; without the tokens themselves.
    get "/users/{user}/tokens" Users:Read => personal_tokens::Tokens { user: UserId } -> Vec<PersonalToken>;
    /// Take an access token back
    delete "/tokens/{token}" Users:Write => personal_tokens::RevokeToken { token: PersonalTokenId } -> ();
    /// Remove the second factor of somebody who lost it
    delete "/users/{user}/second-factor" Users:Write => second_factors::ResetSecondFactor { user: UserId } -> ();
    /// What somebody has who leaves
    ///
    /// With what can become of it; `successor` and `search` narrow the choices.
    get "/users/{user}/leaver" Users:Read => offboarding::OffboardingOf { user: UserId, successor: Option<UserId>, search: String = default } -> OffboardingObject as Offboarding;
    /// Rehearse what is to become of it
    ///
    /// A plan is a list of steps. What it yields as `seen` makes sure that what is done is what was rehearsed.
    post "/users/{user}/leaver/rehearsal" Users:Read => offboarding::DryRunOffboarding { user: UserId, plan: Steps as Plan } -> DryRun;
    /// Do it
    ///
    /// In one transaction. The answer is the id of the report.
    post "/users/{user}/leaver" Users:Write Groups:Write Tickets:Write Licenses:Write => offboarding::ProcessOffboarding { user: UserId, plan: Steps as Plan, reason: String = default, seen: Option<String>, key: String => Key } -> EventId, creates "/leavers";
    /// The report about somebody who left
    get "/leavers/{report}" Users:Read => offboarding::ReportOfOffboarding { report: EventId } -> OffboardingReport;
}
