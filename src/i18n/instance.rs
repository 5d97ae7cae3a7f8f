//! The licence of the instance, requests, imports and exports.

use domain::instance::{
    InvalidLicense,
    imports::{ImportFailure, ImportState, MAX_LICENSES, Noun, Verdict},
    requests::{InvalidWish, MAX_SEATS, RequestState},
};

use crate::{
    i18n::Language,
    views::instance::imports::{Field, Import},
};

// The licence of the instance

index! { instance:
    administration, license_administration, maximum_active, current_active, customer_id,
    instance_number, instance_id, instance_id_help, server_ip, current_version, usage_variant,
    special_functions, license_and_seats, license_file_tab, valid_until, without_end, your_customer_information, company, main_contact,
    phone, unlicensed, replace_license, license_file, license_replaced;

    /// That the portal was restored, from a backup of then.
    fn restored(made_at: &str, at: &str);
    /// What that means until then.
    fn held_after_restore(until: &str);
}

impl Language {
    /// Why a licence file cannot be used.
    #[must_use]
    pub const fn invalid_license(self, why: InvalidLicense) -> &'static str {
        match why {
            InvalidLicense::Malformed => say!(self, instance::invalid_license_malformed()),
            InvalidLicense::Forged => say!(self, instance::invalid_license_forged()),
            InvalidLicense::Expired => say!(self, instance::invalid_license_expired()),
            InvalidLicense::Foreign => say!(self, instance::invalid_license_foreign()),
            InvalidLicense::NoVendor => say!(self, instance::invalid_license_no_vendor()),
        }
    }
}

// Requests to the vendor

index! { instance:
    request_license, request_seats, request_variant_help, requested_by, request_note, send_request,
    request_recorded, request_is_withdrawn, withdraw, requests, request_not_mailed;

    /// Where requests go.
    fn requests_go_to(address: &str);
}

impl Language {
    /// How far a request has come; `at` is the time that goes with it.
    #[must_use]
    pub fn request_state(self, state: RequestState, at: &str) -> String {
        match state {
            RequestState::Recorded => say!(self, instance::request_state_recorded()).to_owned(),
            RequestState::Mailed(_) => say!(self, instance::request_state_mailed(at)),
            RequestState::Granted(_) => say!(self, instance::request_state_granted(at)),
            RequestState::Withdrawn(_) => say!(self, instance::request_state_withdrawn(at)),
        }
    }

    /// Why the vendor cannot be asked for that.
    #[must_use]
    pub fn invalid_wish(self, why: InvalidWish) -> String {
        match why {
            InvalidWish::Nothing => say!(self, instance::invalid_wish_nothing()).to_owned(),
            InvalidWish::Seats => say!(self, instance::invalid_wish_seats(MAX_SEATS)),
            InvalidWish::Text => say!(self, instance::invalid_wish_text()).to_owned(),
        }
    }
}

// Imports and exports

index! { instance:
    import_export, import_file, imports, import_explained, file_to_import, check_file, export_files,
    export_explained, everything_json, no_imports, uploaded_at, import_state, import_result,
    confirm_import, discard_import, refresh_import, import_report, line, entry, kind_of_entry,
    what_becomes, all_lines, no_lines, nothing_in_file, correct_file, all_or_nothing, import_done,
    nothing_imported, refused_import_open, refused_import_over, file, created_inactive, line_utf16,
    line_encoding, line_empty, line_unknown_header, line_open_quote, line_too_long, line_too_many,
    line_other_format, line_key, line_binding, line_days_and_dates, line_ends_before, line_amendments, line_owner,
    line_lines_differ, line_protected_personal, line_json_ends, line_circle, line_isv_admin_stays,
    line_active_stays, line_licenses_stay;

    /// An unknown column, with those that there are.
    fn line_unknown_column(column: &str);

    /// A column that is there twice.
    fn line_column_twice(column: &str);

    /// Too many or too few cells.
    fn line_cells(found: u64, expected: u64);

    /// What is no JSON.
    fn line_json_syntax(column: u64);

    /// JSON, but not that of an organisation file.
    fn line_json(what: &str);

    /// A format that is not known.
    fn line_format(format: &str);

    /// A permission that there is not.
    fn line_permission(name: &str);

    /// What is no ticket code.
    fn line_code(why: &str);

    /// What is neither true nor false.
    fn line_flag(column: &str);

    /// What is no number, or too large.
    fn line_number(column: &str);

    /// What is no time.
    fn line_time(column: &str);

    /// What stands in another line already.
    fn line_twice(first: u64);

    /// A group that there is not.
    fn line_no_group(key: &str);

    /// A person that there is not.
    fn line_no_user(login: &str);
}

impl Language {
    /// What entries are about.
    #[must_use]
    pub const fn noun(self, noun: Noun) -> &'static str {
        match noun {
            Noun::Products => self.products(),
            Noun::Groups => self.groups(),
            Noun::Users => say!(self, instance::noun_users()),
            Noun::Memberships => say!(self, instance::noun_memberships()),
            Noun::Tickets => self.tickets(),
        }
    }

    /// How many of that verdict, of a file that is not imported yet: "3 refused".
    #[must_use]
    pub fn so_many(self, verdict: Verdict, count: u64, done: bool) -> String {
        let verdict = match verdict {
            Verdict::Created if !done => say!(self, instance::to_create()),
            Verdict::Changed if !done => say!(self, instance::to_change()),
            Verdict::Refused => say!(self, instance::so_many_refused()),
            Verdict::Created => say!(self, instance::so_many_created()),
            Verdict::Changed => say!(self, instance::so_many_changed()),
            Verdict::Unchanged => say!(self, instance::so_many_unchanged()),
        };
        format!("{} {verdict}", self.count(count))
    }

    /// What would become of an entry.
    #[must_use]
    pub const fn would_be(self, verdict: Verdict, done: bool) -> &'static str {
        match verdict {
            Verdict::Created if done => say!(self, instance::was_created()),
            Verdict::Changed if done => say!(self, instance::was_changed()),
            Verdict::Unchanged if done => say!(self, instance::was_there_already()),
            Verdict::Refused => say!(self, instance::is_refused()),
            Verdict::Created => say!(self, instance::would_be_created()),
            Verdict::Changed => say!(self, instance::would_be_changed()),
            Verdict::Unchanged => say!(self, instance::is_there_already()),
        }
    }

    /// What would change.
    #[must_use]
    pub const fn field(self, field: Field) -> &'static str {
        match field {
            Field::Name => say!(self, instance::field_name()),
            Field::Features => say!(self, instance::field_features()),
            Field::Email => say!(self, instance::field_email()),
            Field::Parent => say!(self, instance::field_parent()),
            Field::Permissions => say!(self, instance::field_permissions()),
            Field::Owner => say!(self, instance::field_owner()),
            Field::Protected => say!(self, instance::field_protected()),
        }
    }

    /// How far an import has come.
    #[must_use]
    pub const fn import_state_of(self, import: &Import) -> &'static str {
        let refused = import.counts.refused > 0;
        let empty = import.counts.total() == 0;
        match import.state {
            ImportState::Checked if refused => say!(self, instance::import_has_mistakes()),
            ImportState::Checked if empty => say!(self, instance::import_is_empty()),
            ImportState::Checking => say!(self, instance::import_is_checked()),
            ImportState::Checked => say!(self, instance::import_waits()),
            ImportState::Confirmed | ImportState::Importing => say!(self, instance::import_runs()),
            ImportState::Done => say!(self, instance::import_is_done()),
            ImportState::Failed => say!(self, instance::import_failed()),
        }
    }

    /// Why nothing of a file was stored.
    #[must_use]
    pub const fn import_failure(self, why: ImportFailure) -> &'static str {
        match why {
            ImportFailure::Discarded => say!(self, instance::import_failure_discarded()),
            ImportFailure::Waited => say!(self, instance::import_failure_waited()),
            ImportFailure::ServerEnded => say!(self, instance::import_failure_server_ended()),
            ImportFailure::Overtaken => say!(self, instance::import_failure_overtaken()),
            ImportFailure::NotPermitted => say!(self, instance::import_failure_not_permitted()),
            ImportFailure::Fault => say!(self, instance::import_failure_fault()),
        }
    }

    /// Too many licences in a ticket.
    #[must_use]
    pub fn line_too_many_licenses(self) -> String {
        say!(self, instance::line_too_many_licenses(MAX_LICENSES))
    }

    /// Accounts that an import left switched off.
    #[must_use]
    pub fn left_inactive(self, count: u64) -> String {
        say!(self, instance::left_inactive(&self.count(count)))
    }

    /// How much of a step is done.
    #[must_use]
    pub fn percent_done(self, thousandths: u32) -> String {
        say!(self, instance::percent_done(thousandths / 10))
    }
}
