//! Refusals about the instance: its licence, requests for more, imports.

use domain::refusals::Refusal;

use super::{explain_name, explain_refusal, tickets::explain_code};
use crate::{i18n::Language, views::instance::imports::LineProblem};

macro_rules! instance {
    ($next:ident $($then:tt)*) => { $next! { $($then)*
        Refusal::InvalidLicense(why) => 422, |lang| lang.invalid_license(*why);
        Refusal::InvalidWish(why) => 422, |lang| lang.invalid_wish(*why);
        Refusal::ImportOpen => 409, Language::refused_import_open;
        Refusal::ImportOver => 409, Language::refused_import_over;
    } };
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
        LineProblem::Amendments => lang.line_amendments().to_owned(),
        LineProblem::TooManyLicenses => lang.line_too_many_licenses(),
        LineProblem::Owner => lang.line_owner().to_owned(),
        LineProblem::LinesDiffer => lang.line_lines_differ().to_owned(),
        LineProblem::ProtectedPersonal => lang.line_protected_personal().to_owned(),
        LineProblem::Twice(first) => lang.line_twice(*first),
        LineProblem::NoGroup(key) => lang.line_no_group(key),
        LineProblem::NoUser(login) => lang.line_no_user(login),
        LineProblem::Circle => lang.line_circle().to_owned(),
        LineProblem::Denied(denied) => explain_refusal(lang, &Refusal::Denied(*denied)),
        LineProblem::IsvAdminStays => lang.line_isv_admin_stays().to_owned(),
        LineProblem::ActiveStays => lang.line_active_stays().to_owned(),
        LineProblem::LicensesStay => lang.line_licenses_stay().to_owned(),
    }
}
