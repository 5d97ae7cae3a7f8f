//! Errors in plain words: what happened, and what to do next.

use domain::{
    access::Denied,
    licensing::{devices::InvalidTransition, products::InvalidProduct},
    names::InvalidName,
    refusals::Refusal,
    tickets::{InvalidSelection, codes::InvalidCode},
};

use crate::{
    errors::ApiError,
    i18n::{
        Language,
        format::{date, date_time, holder},
    },
    views::instance::imports::LineProblem,
};

/// What went wrong, for the person who asked.
#[must_use]
pub fn explain(lang: Language, error: &ApiError) -> String {
    match error {
        ApiError::NotLoggedIn => lang.session_ended().to_owned(),
        ApiError::WrongLogin => lang.wrong_login().to_owned(),
        ApiError::TooMany { seconds } => lang.too_many_attempts(*seconds),
        ApiError::Refused(refusal) => explain_refusal(lang, refusal),
        ApiError::Malformed => lang.malformed_request().to_owned(),
        ApiError::Unreachable => lang.server_unreachable().to_owned(),
        ApiError::Internal => lang.internal_error().to_owned(),
    }
}

/// Why the portal did not do it.
#[must_use]
pub fn explain_refusal(lang: Language, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Denied(denied) => explain_denied(lang, *denied).to_owned(),
        Refusal::InvalidName(why) => explain_name(lang, *why),
        Refusal::NameTaken => lang.name_taken().to_owned(),
        Refusal::Overtaken {
            code,
            now,
            by,
            also,
            others,
        } => {
            let told = lang.overtaken(&code.to_string(), &holder(lang, now), by.as_deref());
            if *others == 0 {
                return told;
            }
            let also: Vec<_> = also.iter().map(ToString::to_string).collect();
            format!("{told} {}", lang.overtaken_too(*others, &also))
        }
        Refusal::PreviewOutdated => lang.preview_outdated().to_owned(),
        Refusal::TooManyTickets => lang.too_many_tickets(),
        Refusal::TooManyActivated => lang.too_many_activated(),
        Refusal::NothingToUndo => lang.nothing_to_undo().to_owned(),
        Refusal::KeyReused => lang.key_reused().to_owned(),
        Refusal::InvalidCode { at, why } => lang.code_mistyped(*at, &explain_code(lang, why)),
        Refusal::UnknownCode { at } => lang.code_unknown(*at),
        Refusal::NoCodes => lang.no_codes().to_owned(),
        Refusal::NothingSelected => lang.no_license_selected().to_owned(),
        Refusal::NotEmpty => lang.group_not_empty().to_owned(),
        Refusal::LoggedInAlready(other) => lang.logged_in_already(&date_time(lang, other.since), other.tab),
        Refusal::NoSeatLeft(none) => lang.no_seat_left(*none),
        Refusal::NoPassword => lang.refused_no_password().to_owned(),
        Refusal::Inactive => lang.refused_inactive().to_owned(),
        Refusal::PasswordExpired => lang.refused_password_expired().to_owned(),
        Refusal::PasswordTemporary => lang.replace_password_first().to_owned(),
        Refusal::WrongPassword => lang.refused_wrong_password().to_owned(),
        Refusal::LinkExpired => lang.refused_link_expired().to_owned(),
        Refusal::CodeNeeded => lang.refused_code_needed().to_owned(),
        Refusal::WrongCode => lang.refused_wrong_code().to_owned(),
        Refusal::LoginExpired => lang.refused_login_expired().to_owned(),
        Refusal::SecondFactorDemanded => lang.refused_second_factor_demanded().to_owned(),
        Refusal::InvalidWish(why) => lang.invalid_wish(*why),
        Refusal::WeakPassword(why) => lang.weak_password(*why),
        Refusal::LoginTaken => lang.refused_login_taken().to_owned(),
        Refusal::InvalidLogin => lang.refused_login().to_owned(),
        Refusal::InvalidEmail => lang.refused_email().to_owned(),
        Refusal::LastIsvAdmin => lang.refused_last_isv_admin().to_owned(),
        Refusal::InvalidLicense(why) => lang.invalid_license(*why).to_owned(),
        Refusal::InvalidProduct(InvalidProduct::Article) => lang.invalid_article().to_owned(),
        Refusal::InvalidProduct(InvalidProduct::Features) => lang.invalid_features().to_owned(),
        Refusal::InvalidProduct(InvalidProduct::Name(why)) => explain_name(lang, *why),
        Refusal::ArticleTaken => lang.article_taken().to_owned(),
        Refusal::NotEnough { free } => lang.not_enough(*free),
        Refusal::LicenseExpired => lang.license_expired().to_owned(),
        Refusal::NoReturnsLeft => lang.no_returns_left().to_owned(),
        Refusal::StillActivated => lang.still_activated().to_owned(),
        Refusal::ViewingAs => lang.refused_viewing_as().to_owned(),
        Refusal::ViewOver => lang.refused_view_over().to_owned(),
        Refusal::NotViewing => lang.refused_not_viewing().to_owned(),
        Refusal::TooManyAtOnce { most } => lang.too_many_at_once(*most),
        Refusal::ChangedSince => lang.changed_since().to_owned(),
        Refusal::TabOpen => lang.tab_is_open().to_owned(),
        Refusal::NoReason => lang.reason_missing().to_owned(),
        Refusal::InvalidExchange(why) => lang.invalid_exchange(*why).to_owned(),
        Refusal::InvalidTransition(why) => {
            let until = match why {
                InvalidTransition::Held(until) => date(lang, *until),
                InvalidTransition::Over | InvalidTransition::AskedAlready => String::new(),
            };
            lang.invalid_transition(*why, &until)
        }
        Refusal::OnMachine => lang.refused_on_machine().to_owned(),
        Refusal::WholeOnly => lang.whole_only().to_owned(),
        Refusal::InvalidSerial => lang.invalid_serial().to_owned(),
        Refusal::OtherKind => lang.other_kind().to_owned(),
        Refusal::ImportOpen => lang.refused_import_open().to_owned(),
        Refusal::ImportOver => lang.refused_import_over().to_owned(),
        Refusal::ContainerNotEmpty => lang.container_not_empty().to_owned(),
        Refusal::InvalidCredential(why) => lang.invalid_credential(*why),
        Refusal::InvalidCreation(why) => lang.invalid_creation(*why).to_owned(),
        Refusal::OverQuota(over) => lang.over_quota(*over),
        Refusal::InvalidToken(why) => lang.invalid_token(*why),
        Refusal::InvalidQuota(_) => lang.invalid_quota().to_owned(),
        Refusal::InvalidWebhook(why) => lang.invalid_webhook(*why),
        Refusal::NoFreeCodes => lang.no_free_codes().to_owned(),
        Refusal::Malformed => lang.malformed_request().to_owned(),
    }
}

/// What is wrong with a ticket code.
#[must_use]
pub fn explain_code(lang: Language, why: &InvalidCode) -> String {
    match why {
        InvalidCode::Length => lang.code_length().to_owned(),
        InvalidCode::Character(character) => lang.code_character(*character),
        InvalidCode::Check => lang.code_check().to_owned(),
    }
}

/// Why no ticket can be moved with that selection.
#[must_use]
pub fn explain_selection(lang: Language, why: InvalidSelection) -> &'static str {
    match why {
        InvalidSelection::Empty => lang.nothing_selected(),
        InvalidSelection::TooMany => lang.too_many_selected(),
        InvalidSelection::Twice | InvalidSelection::Malformed => lang.malformed_request(),
    }
}

fn explain_name(lang: Language, why: InvalidName) -> String {
    match why {
        InvalidName::Empty => lang.name_empty().to_owned(),
        InvalidName::TooLong => lang.name_too_long().to_owned(),
        InvalidName::Control => lang.name_control().to_owned(),
    }
}

/// Why an entry of a file cannot be imported.
#[must_use]
pub fn explain_line(lang: Language, problem: &LineProblem) -> String {
    match problem {
        LineProblem::Utf16 => lang.line_utf16().to_owned(),
        LineProblem::Encoding => lang.line_encoding().to_owned(),
        LineProblem::Empty => lang.line_empty().to_owned(),
        LineProblem::UnknownHeader => lang.line_unknown_header().to_owned(),
        LineProblem::UnknownColumn(column) => lang.line_unknown_column(column),
        LineProblem::ColumnTwice(column) => lang.line_column_twice(column),
        LineProblem::Cells(found, expected) => lang.line_cells(*found, *expected),
        LineProblem::OpenQuote => lang.line_open_quote().to_owned(),
        LineProblem::TooLong => lang.line_too_long().to_owned(),
        LineProblem::TooMany => lang.line_too_many().to_owned(),
        LineProblem::Json(what) => lang.line_json(what),
        LineProblem::JsonEnds => lang.line_json_ends().to_owned(),
        LineProblem::JsonSyntax(column) => lang.line_json_syntax(*column),
        LineProblem::Format(format) => lang.line_format(format),
        LineProblem::OtherFormat => lang.line_other_format().to_owned(),
        LineProblem::Name(why) => explain_name(lang, *why),
        LineProblem::Key => lang.line_key().to_owned(),
        LineProblem::Login => lang.refused_login().to_owned(),
        LineProblem::Email => lang.refused_email().to_owned(),
        LineProblem::Permission(name) => lang.line_permission(name),
        LineProblem::Product(why) => explain_refusal(lang, &Refusal::InvalidProduct(*why)),
        LineProblem::Code(why) => lang.line_code(&explain_code(lang, why)),
        LineProblem::Flag(column) => lang.line_flag(column),
        LineProblem::Number(column) => lang.line_number(column),
        LineProblem::Time(column) => lang.line_time(column),
        LineProblem::Binding => lang.line_binding().to_owned(),
        LineProblem::DaysAndDates => lang.line_days_and_dates().to_owned(),
        LineProblem::EndsBefore => lang.line_ends_before().to_owned(),
        LineProblem::TooManyLicenses => lang.line_too_many_licenses(),
        LineProblem::Owner => lang.line_owner().to_owned(),
        LineProblem::LinesDiffer => lang.line_lines_differ().to_owned(),
        LineProblem::ProtectedPersonal => lang.line_protected_personal().to_owned(),
        LineProblem::Twice(first) => lang.line_twice(*first),
        LineProblem::NoGroup(key) => lang.line_no_group(key),
        LineProblem::NoUser(login) => lang.line_no_user(login),
        LineProblem::Circle => lang.line_circle().to_owned(),
        LineProblem::Denied(denied) => explain_denied(lang, *denied).to_owned(),
        LineProblem::IsvAdminStays => lang.line_isv_admin_stays().to_owned(),
        LineProblem::ActiveStays => lang.line_active_stays().to_owned(),
        LineProblem::LicensesStay => lang.line_licenses_stay().to_owned(),
    }
}

/// The reason of the policy, as a sentence.
#[must_use]
pub fn explain_denied(lang: Language, denied: Denied) -> &'static str {
    match denied {
        Denied::Hidden => lang.denied_hidden(),
        Denied::AlreadyThere => lang.denied_already_there(),
        Denied::KeepsToLevel => lang.denied_keeps_to_level(),
        Denied::ContextNeeded => lang.denied_context_needed(),
        Denied::NotAMember => lang.denied_not_a_member(),
        Denied::AdminsOnly => lang.denied_admins_only(),
        Denied::IsvOnly => lang.denied_isv_only(),
        Denied::InsideItself => lang.denied_inside_itself(),
        Denied::TooDeep => lang.denied_too_deep(),
        Denied::BeyondOwn => lang.denied_beyond_own(),
        Denied::GroupTicketsOnly => lang.denied_group_tickets_only(),
        Denied::Unowned => lang.denied_unowned(),
        Denied::OwnPassword => lang.denied_own_password(),
        Denied::OwnEmail => lang.denied_own_email(),
        Denied::Oneself => lang.denied_oneself(),
        Denied::CreatorsOnly => lang.denied_creators_only(),
        Denied::NotInFilter => lang.denied_not_in_filter(),
        Denied::FromAbove => lang.denied_from_above(),
        Denied::BeyondToken(_) => lang.denied_beyond_token(),
    }
}

/// The reason of the policy in two or three words, beside a target that is dimmed.
#[must_use]
pub fn why_not(lang: Language, denied: &Denied) -> &'static str {
    match denied {
        Denied::Hidden => lang.not_allowed(),
        Denied::AlreadyThere => lang.already_there(),
        Denied::KeepsToLevel => lang.stays_in_its_group(),
        Denied::ContextNeeded => lang.choose_a_group(),
        Denied::NotAMember => lang.not_a_member(),
        Denied::AdminsOnly => lang.admins_only(),
        Denied::IsvOnly => lang.isv_admins_only(),
        Denied::InsideItself => lang.inside_itself(),
        Denied::TooDeep => lang.too_deep(),
        Denied::BeyondOwn => lang.beyond_your_rights(),
        Denied::GroupTicketsOnly => lang.group_tickets_only(),
        Denied::Unowned => lang.unowned(),
        Denied::OwnPassword
        | Denied::OwnEmail
        | Denied::Oneself
        | Denied::CreatorsOnly
        | Denied::NotInFilter
        | Denied::FromAbove
        | Denied::BeyondToken(_) => lang.not_allowed(),
    }
}
