//! What is mailed.

use domain::{history::webhooks::Stopped, instance::InstanceLicense};

use crate::{
    i18n::{Language, format},
    views::{
        instance::requests::LicenseRequest, licensing::expiry::Digest, resellers::creations::CreationDetail,
    },
};

index! { mails:
    password_mail_subject,

    codes_mail_subject, invitation_mail_subject;

    /// Subject of the mail about what expires.
    fn expiry_mail_subject(n: u64);

    /// Subject of the mail to the vendor.
    fn request_mail_subject(instance: &str);

    /// The mail to a new customer.
    fn invitation_mail(login: &str, link: &str);

    /// Subject of the mail about a webhook that switched itself off.
    fn webhook_mail_subject(name: &str);
}

impl Language {
    /// The mail about what expires. Codes do not stand in it: whoever holds the code of an unassigned ticket can take it.
    #[must_use]
    pub fn expiry_mail(self, url: &str, digest: &Digest) -> String {
        let mut text = format!("{}\n\n", say!(self, mails::expiry_mail_begin()));
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
            text.push_str(&format!("\n{}\n", say!(self, mails::expiry_mail_more(more))));
        }
        text.push_str(&format!("\n{}", say!(self, mails::expiry_mail_end(url))));
        text
    }

    /// The mail with links, each of an account.
    #[must_use]
    pub fn password_mail(self, links: &[(String, String)]) -> String {
        let links: String = links
            .iter()
            .map(|(login, address)| format!("{login}:\n{address}\n\n"))
            .collect();
        say!(self, mails::password_mail(&links))
    }

    /// The mail to the vendor.
    #[must_use]
    pub fn request_mail(
        self,
        request: &LicenseRequest,
        instance: &str,
        license: Option<&InstanceLicense>,
    ) -> String {
        let (customer, number, variant, seats) =
            license.map_or(("–", "–", "–", "–".to_owned()), |license| {
                let seats = license.seats.to_string();
                (&license.customer, &license.number, &license.variant, seats)
            });
        let wish = &request.wish;
        let wanted = if wish.variant.is_empty() {
            variant
        } else {
            &wish.variant
        };
        [
            (self.instance_id(), instance.to_owned()),
            (self.customer_id(), customer.to_owned()),
            (self.instance_number(), number.to_owned()),
            (self.requested_by(), request.by.clone()),
            (self.maximum_active(), format!("{seats} -> {}", wish.seats)),
            (self.usage_variant(), format!("{variant} -> {wanted}")),
            (self.request_note(), wish.note.clone()),
        ]
        .map(|(name, value)| format!("{name}: {value}\n"))
        .concat()
    }

    /// The mail with codes.
    #[must_use]
    pub fn codes_mail(self, creation: &CreationDetail, address: &str) -> String {
        let codes: String = creation.free_codes().map(|code| format!("{code}\n")).collect();
        let product = format::product(self, &creation.row.product);
        let validity = format::validity(self, creation.terms.validity);
        say!(
            self,
            mails::codes_mail(creation.row.quantity, product, &validity, &codes, address)
        )
    }

    /// The mail about a webhook that switched itself off.
    #[must_use]
    pub fn webhook_mail(self, why: Stopped, link: &str) -> String {
        match why {
            Stopped::Gone | Stopped::Keeper => say!(self, mails::webhook_gone_mail(link)),
            Stopped::Failing => say!(self, mails::webhook_failing_mail(link)),
        }
    }
}
