//! Creating tickets, customers, quotas and reports.

use domain::{
    licensing::licenses::{MAX_DAYS, MAX_QUANTITY},
    resellers::{
        creations::{InvalidCreation, MAX_SERIES},
        quotas::{OverQuota, Period},
    },
};
use jiff::Timestamp;

use crate::i18n::{Language, format};

// Creating tickets

index! { resellers:
    create_tickets_title, create_in_group, create_in_no_group, choose, nothing_to_create,
    licenses_per_ticket, number_of_tickets, series_help, rules, validity_perpetual,
    validity_between, validity_days, first_day, last_day, days, returns_allowed, returns_help,
    recipient, recipient_codes, recipient_stock, recipient_customer, recipient_new_customer,
    customer, customers, customer_invited, customer_not_invited, customer_person, customer_login,
    customer_login_help, customer_group, customer_group_help, customer_gets_link, create_now,
    created_lately, nothing_created, number, still_free, created_at, created_tickets, codes_help,
    all_assigned, made_for, ticket_free, ticket_taken, copy_all_codes, print, download_codes_text,
    download_codes_csv, mail_codes, codes_mailed, create_more,

    no_free_codes;
}

impl Language {
    /// Why tickets cannot be created like that.
    #[must_use]
    pub fn invalid_creation(self, why: InvalidCreation) -> String {
        match why {
            InvalidCreation::Quantity => say!(self, resellers::invalid_creation_quantity(MAX_QUANTITY)),
            InvalidCreation::Series => say!(self, resellers::invalid_creation_series(MAX_SERIES)),
            InvalidCreation::Dates => say!(self, resellers::invalid_creation_dates()).to_owned(),
            InvalidCreation::Days => say!(self, resellers::invalid_creation_days(MAX_DAYS)),
            InvalidCreation::Returns => say!(self, resellers::invalid_creation_returns()).to_owned(),
            InvalidCreation::NoEmail => say!(self, resellers::invalid_creation_no_email()).to_owned(),
            InvalidCreation::NoCustomer => say!(self, resellers::invalid_creation_no_customer()).to_owned(),
        }
    }

    /// So many tickets of what: "3 × 10 × Product A".
    #[must_use]
    pub fn created_what(self, tickets: u32, quantity: u32, product: &str) -> String {
        format!(
            "{}: {} × {product}",
            self.count_tickets(u64::from(tickets)),
            self.count(quantity)
        )
    }
}

// Products and quotas

index! { resellers:
    partner_rules, allowed_products, nothing_allowed, changed_from_above, product_filter,
    filter_help, has_filter, quotas, quotas_help, no_quotas, period, quota, quota_help, used,
    set_quota, invalid_quota, per_day, per_month, per_year, in_total;
}

impl Language {
    /// For how long a quota counts.
    #[must_use]
    pub const fn per(self, period: Period) -> &'static str {
        match period {
            Period::Day => self.per_day(),
            Period::Month => self.per_month(),
            Period::Year => self.per_year(),
            Period::Total => self.in_total(),
        }
    }

    /// How many a quota leaves.
    #[must_use]
    pub fn quota_left(self, left: u64, period: Period) -> String {
        let left = self.count(left);
        match period {
            Period::Day => say!(self, resellers::quota_left_today(&left)),
            Period::Month => say!(self, resellers::quota_left_this_month(&left)),
            Period::Year => say!(self, resellers::quota_left_this_year(&left)),
            Period::Total => say!(self, resellers::quota_left(&left)),
        }
    }

    /// The quota is exhausted.
    #[must_use]
    pub fn over_quota(self, over: OverQuota) -> String {
        let wanted = self.count(over.wanted);
        match over.left {
            Some(left) => say!(
                self,
                resellers::over_quota(&wanted, &self.quota_left(left, over.period))
            ),
            None => say!(self, resellers::over_hidden_quota(&wanted)),
        }
    }
}

// Reports

index! { resellers:
    reports, reports_explained, branch, all_you_may_see, report_created, report_assigned,
    report_activated, report_expiring, nothing_to_report;
}

impl Language {
    /// A period that begins then: a day, a month, a year.
    #[must_use]
    pub fn report_period(self, period: Period, begin: Timestamp) -> String {
        match period {
            Period::Day => format::date(self, begin),
            Period::Month => format::month(self, begin),
            Period::Year => format::year(begin),
            Period::Total => self.in_total().to_owned(),
        }
    }
}
