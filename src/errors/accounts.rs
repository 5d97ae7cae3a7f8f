//! Refusals about accounts: logins and passwords, second factors, sessions, tokens, impersonation.

macro_rules! accounts {
    ($next:ident $($then:tt)*) => { $next! { $($then)*
        Refusal::LoginTaken => 409, Language::refused_login_taken;
        Refusal::InvalidLogin => 422, Language::refused_login;
        Refusal::InvalidEmail => 422, Language::refused_email;
        Refusal::NobodySelected => 422, Language::nobody_selected;
        Refusal::PermissionsWithoutGroup => 422, Language::refused_permissions_without_group;
        Refusal::NoEmail => 422, Language::refused_no_email;
        Refusal::HasPassword => 409, Language::refused_has_password;
        Refusal::InvitedLately => 409, Language::refused_invited_lately;
        Refusal::TooManyInvitations { most } => 409, |lang| lang.too_many_invitations(*most);
        Refusal::LastIsvAdmin => 409, Language::refused_last_isv_admin;
        Refusal::NoSeatLeft(none) => 409, |lang| lang.no_seat_left(*none);

        Refusal::Inactive => 403, Language::refused_inactive;
        Refusal::NoPassword => 409, Language::refused_no_password;
        Refusal::PasswordExpired => 403, Language::refused_password_expired;
        Refusal::PasswordTemporary => 403, Language::replace_password_first;
        Refusal::WrongPassword => 403, Language::refused_wrong_password;
        Refusal::WeakPassword(why) => 422, |lang| lang.weak_password(*why);
        Refusal::LinkExpired => 403, Language::refused_link_expired;

        Refusal::SecondFactorDemanded => 403, Language::refused_second_factor_demanded;
        Refusal::CodeNeeded => 403, Language::refused_code_needed;
        Refusal::WrongCode => 403, Language::refused_wrong_code;
        Refusal::LoginExpired => 403, Language::refused_login_expired;

        Refusal::LoggedInAlready(other) => 409, |lang| lang.logged_in_already(&format::date_time(lang, other.since), other.tab);
        Refusal::TabOpen => 409, Language::tab_is_open;

        Refusal::InvalidToken(why @ InvalidToken::TooMany) => 409, |lang| lang.invalid_token(*why);
        Refusal::InvalidToken(why @ (InvalidToken::Days | InvalidToken::NoScope)) => 422, |lang| lang.invalid_token(*why);

        Refusal::FailedSignIn(why @ (FailedSignIn::Off | FailedSignIn::Expired | FailedSignIn::Declined | FailedSignIn::Untrusted | FailedSignIn::Unknown)) => 403, |lang| lang.failed_sign_in(*why);
        Refusal::FailedSignIn(why @ (FailedSignIn::LoginTaken | FailedSignIn::NoLogin | FailedSignIn::OfAnother | FailedSignIn::LinkedAlready)) => 409, |lang| lang.failed_sign_in(*why);
        Refusal::FailedSignIn(why @ FailedSignIn::Unreachable) => 502, |lang| lang.failed_sign_in(*why);
        Refusal::InvalidProvider(why @ (InvalidProvider::TooMany | InvalidProvider::Changed)) => 409, |lang| lang.invalid_provider(*why);
        Refusal::InvalidProvider(why @ (InvalidProvider::Issuer | InvalidProvider::ClientId | InvalidProvider::ClientSecret | InvalidProvider::Scopes | InvalidProvider::OutsideBranch)) => 422, |lang| lang.invalid_provider(*why);

        Refusal::ViewingAs => 403, Language::refused_viewing_as;
        Refusal::ViewOver => 403, Language::refused_view_over;
        Refusal::NotViewing => 409, Language::refused_not_viewing;
    } };
}
