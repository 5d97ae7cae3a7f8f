//! What the portal says about what expires, and writes to those who can act.

use domain::licensing::expiry::STEPS;

use crate::{
    i18n::{Language, format},
    views::licensing::expiry::Digest,
};

words! {
    expiring: "Expiring", "Läuft ab";
    expiring_explained: "Licences among what you see that end soon. Perpetual ones, and those whose days have not begun, are not counted. Times are UTC.",
        "Lizenzen unter dem, was Sie sehen, die bald enden. Unbefristete und solche, deren Tage noch nicht begonnen haben, zählen nicht. Zeiten sind UTC.";
    nothing_expires: "Nothing of it expires in this time.", "In dieser Zeit läuft nichts davon ab.";
    within: "Within", "Innerhalb von";
    by_branch: "By branch", "Nach Zweig";
    in_all: "In all", "Insgesamt";
    ends: "Ends", "Endet";
    all_products: "All products", "Alle Produkte";
    people_without_group: "People, without a group", "Personen, ohne Gruppe";
    only_here: "directly here", "direkt hier";
    all_branches: "All branches", "Alle Zweige";
    licenses_by_time: "Licences by the time they have left", "Lizenzen nach ihrer Restzeit";
    mail_what_expires: "Mail me what expires and I can act about: 90, 60, 30, 14, 7 and 1 days ahead, at most one mail a day",
        "Mir per E-Mail melden, was abläuft und worum ich mich kümmern kann: 90, 60, 30, 14, 7 und 1 Tage vorher, höchstens eine E-Mail am Tag";
    mails: "Mails", "E-Mails";
    yes: "Yes", "Ja";
    no: "No", "Nein";
}

impl Language {
    /// So many days at most.
    #[must_use]
    pub fn days_at_most(self, days: u32) -> String {
        match (self, days) {
            (Self::En, 1) => "1 day".to_owned(),
            (Self::En, _) => format!("{days} days"),
            (Self::De, 1) => "1 Tag".to_owned(),
            (Self::De, _) => format!("{days} Tagen"),
        }
    }

    /// The days between one step and the one before: "8–14 days".
    #[must_use]
    pub fn days_of_step(self, step: usize) -> String {
        let to = STEPS.get(step).copied().unwrap_or_default();
        let from = step.checked_sub(1).and_then(|before| STEPS.get(before));
        match (self, from) {
            (Self::En, None) => "1 day".to_owned(),
            (Self::De, None) => "1 Tag".to_owned(),
            (Self::En, Some(from)) => format!("{}–{to} days", from + 1),
            (Self::De, Some(from)) => format!("{}–{to} Tage", from + 1),
        }
    }

    /// So many branches that are not told one by one.
    #[must_use]
    pub fn other_branches(self, count: u32) -> String {
        match self {
            Self::En => format!("{count} other branches"),
            Self::De => format!("{count} weitere Zweige"),
        }
    }

    /// Subject of the mail about what expires.
    #[must_use]
    pub fn expiry_letter_subject(self, count: u64) -> String {
        match (self, count) {
            (Self::En, 1) => "License Portal: 1 licence expires soon".to_owned(),
            (Self::En, _) => format!("License Portal: {} licences expire soon", self.count(count)),
            (Self::De, 1) => "License Portal: 1 Lizenz läuft bald ab".to_owned(),
            (Self::De, _) => format!("License Portal: {} Lizenzen laufen bald ab", self.count(count)),
        }
    }

    /// The mail about what expires. Codes do not stand in it: whoever holds the code of an unassigned ticket can take it.
    #[must_use]
    pub fn expiry_letter(self, url: &str, digest: &Digest) -> String {
        let mut text = String::from(match self {
            Self::En => "These licences expire soon, and you can act:\n\n",
            Self::De => "Diese Lizenzen laufen bald ab, und Sie können sich darum kümmern:\n\n",
        });
        for row in &digest.rows {
            let end = format::date_time(self, row.end);
            let license = format::license(self, &row.license);
            let holder = format::holder(self, &row.holder);
            text.push_str(&format!(
                "{end}: {license}\n    {holder}\n    {url}/ticket/{}\n",
                row.ticket
            ));
        }
        let more = digest
            .total
            .saturating_sub(u64::try_from(digest.rows.len()).unwrap_or(u64::MAX));
        if more > 0 {
            text.push_str(&match self {
                Self::En => format!("\nand {more} more.\n"),
                Self::De => format!("\nund {more} weitere.\n"),
            });
        }
        text.push_str(&match self {
            Self::En => format!("\nAll of them: {url}/expiring\nTo get no such mails any more: {url}/me\n"),
            Self::De => {
                format!("\nAlle: {url}/expiring\nUm keine solchen E-Mails mehr zu bekommen: {url}/me\n")
            }
        });
        text
    }
}
