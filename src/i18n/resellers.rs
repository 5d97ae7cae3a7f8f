//! What the portal says about creating tickets, about partners and their customers, and in reports.

use domain::{
    accounts::Permission,
    licensing::licenses::{Binding, MAX_DAYS, MAX_QUANTITY},
    resellers::{
        creations::{InvalidCreation, MAX_SERIES},
        quotas::{OverQuota, Period},
    },
};

use crate::{
    i18n::{Language, format},
    views::resellers::creations::CreationDetail,
};

words! {
    views_reports: "Views reports", "Sieht Berichte";

    create_tickets_title: "Create tickets", "Tickets erstellen";
    create_in_group: "In the group", "In der Gruppe";
    create_in_no_group: "No group: as the maker", "Keine Gruppe: als Hersteller";
    choose: "Choose", "Wählen";
    nothing_to_create: "No product may be created here. Ask an admin of a group above, or an ISV admin, to allow some.",
        "Hier darf kein Produkt erstellt werden. Bitten Sie einen übergeordneten Admin oder einen ISV-Admin, welche zu erlauben.";
    licenses_per_ticket: "Licences in each ticket", "Lizenzen je Ticket";
    number_of_tickets: "Number of tickets", "Anzahl der Tickets";
    series_help: "Several are a series of equal tickets.", "Mehrere sind eine Serie gleicher Tickets.";
    rules: "Rules", "Regeln";
    validity_perpetual: "Perpetual", "Unbefristet";
    validity_between: "From a day to a day", "Von einem Tag bis zu einem Tag";
    validity_days: "So many days from the first activation", "So viele Tage ab der ersten Aktivierung";
    first_day: "First day (UTC)", "Erster Tag (UTC)";
    last_day: "Last day (UTC)", "Letzter Tag (UTC)";
    days: "Days", "Tage";
    returns_allowed: "How often it may be given back", "Wie oft sie zurückgegeben werden darf";
    returns_help: "Empty: as often as one likes.", "Leer: beliebig oft.";
    recipient: "For", "Für";
    recipient_codes: "Nobody yet: I hand out the codes", "Noch niemanden: Ich gebe die Codes weiter";
    recipient_stock: "The group itself, in Protected Mode", "Die Gruppe selbst, im Protected Mode";
    recipient_customer: "A customer", "Einen Kunden";
    recipient_new_customer: "A new customer", "Einen neuen Kunden";
    customer: "Customer", "Kunde";
    customers: "Customers", "Kunden";
    customer_invited: "link sent", "Link gesendet";
    customer_not_invited: "link not sent yet", "Link noch nicht gesendet";
    customer_person: "Name of the person", "Name der Person";
    customer_login: "Login", "Benutzername";
    customer_login_help: "Empty: the mail address.", "Leer: die E-Mail-Adresse.";
    customer_group: "Name of a group for the customer", "Name einer Gruppe für den Kunden";
    customer_group_help: "Empty: the customer is this person alone. Otherwise a group is made below yours, and the person is its admin.",
        "Leer: Der Kunde ist nur diese Person. Sonst wird unter Ihrer Gruppe eine angelegt, und die Person ist ihr Admin.";
    customer_gets_link: "The customer gets a mail with a link that sets the password. The account takes a seat.",
        "Der Kunde erhält eine E-Mail mit einem Link, der das Passwort setzt. Das Konto belegt einen Platz.";
    create_now: "Create", "Erstellen";
    created_lately: "Created by you", "Von Ihnen erstellt";
    nothing_created: "You have not created any tickets yet.", "Sie haben noch keine Tickets erstellt.";
    number: "Number", "Anzahl";
    still_free: "Not taken yet", "Noch nicht vergeben";
    created_at: "Created", "Erstellt";
    created_tickets: "Created tickets", "Erstellte Tickets";
    codes_help: "Whoever has a code can take its ticket. You see the codes here again for as long as you create tickets in this group; others do not.",
        "Wer einen Code hat, kann das Ticket nehmen. Sie sehen die Codes hier wieder, solange Sie in dieser Gruppe Tickets erstellen; andere nicht.";
    all_assigned: "All of these tickets have an owner, so no code is to be handed out.",
        "Alle diese Tickets haben einen Besitzer; kein Code ist weiterzugeben.";
    made_for: "For:", "Für:";
    ticket_free: "free", "frei";
    ticket_taken: "taken", "vergeben";
    copy_all_codes: "Copy all free codes", "Alle freien Codes kopieren";
    print: "Print", "Drucken";
    download_codes_text: "Download as text", "Als Text herunterladen";
    download_codes_csv: "Download as CSV", "Als CSV herunterladen";
    mail_codes: "Send the free codes by mail", "Freie Codes per E-Mail senden";
    codes_mailed: "The mail with the codes is on its way.", "Die E-Mail mit den Codes ist unterwegs.";
    create_more: "Create more tickets", "Weitere Tickets erstellen";
    codes_letter_subject: "License Portal: your ticket codes", "License Portal: Ihre Ticket-Codes";
    invitation_letter_subject: "License Portal: your account", "License Portal: Ihr Konto";

    partner_rules: "Products and quotas", "Produkte und Kontingente";
    allowed_products: "Products that may be created here", "Produkte, die hier erstellt werden dürfen";
    nothing_allowed: "None. Until a group on the path names products, only ISV admins create tickets.",
        "Keine. Solange keine Gruppe auf dem Pfad Produkte nennt, erstellen nur ISV-Admins Tickets.";
    changed_from_above: "This is changed by the admins of the groups above, and by ISV admins.",
        "Das ändern die Admins der übergeordneten Gruppen und ISV-Admins.";
    product_filter: "Product filter", "Produktfilter";
    filter_help: "The filter holds for this group and all below. What the groups above do not let through stays forbidden.",
        "Der Filter gilt für diese Gruppe und alle darunter. Was die übergeordneten Gruppen nicht zulassen, bleibt verboten.";
    has_filter: "This group has a filter of its own", "Diese Gruppe hat einen eigenen Filter";
    quotas: "Quotas", "Kontingente";
    quotas_help: "So many licences can be created in this group and all below, by calendar (UTC).",
        "So viele Lizenzen können in dieser Gruppe und allen darunter erstellt werden, nach Kalender (UTC).";
    no_quotas: "This group has no quota of its own.", "Diese Gruppe hat kein eigenes Kontingent.";
    period: "Period", "Zeitraum";
    quota: "Quota", "Kontingent";
    quota_help: "Empty: no limit.", "Leer: keine Grenze.";
    used: "Used", "Verbraucht";
    set_quota: "Set the quota", "Kontingent setzen";
    invalid_quota: "A quota is a number from 0 to 1,000,000,000. Enter one, or nothing for no limit.",
        "Ein Kontingent ist eine Zahl von 0 bis 1.000.000.000. Geben Sie eine ein oder nichts für keine Grenze.";
    per_day: "per day", "pro Tag";
    per_month: "per month", "pro Monat";
    per_year: "per year", "pro Jahr";
    in_total: "in total", "insgesamt";

    reports: "Reports", "Berichte";
    reports_explained: "Licences by period and product. Assigned, activated and expiring are those in tickets of the branch now, counted where their tickets came into being; expiring ones end within 90 days. Days are UTC.",
        "Lizenzen nach Zeitraum und Produkt. Zugeordnet, aktiviert und ablaufend sind jene, die jetzt in Tickets des Zweigs sind, gezählt, wo deren Tickets entstanden; ablaufende enden binnen 90 Tagen. Tage sind UTC.";
    branch: "Branch", "Zweig";
    all_you_may_see: "All that you may see", "Alles, was Sie sehen dürfen";
    report_created: "Created", "Erstellt";
    report_assigned: "Assigned", "Zugeordnet";
    report_activated: "Activated", "Aktiviert";
    report_expiring: "Expiring", "Ablaufend";
    nothing_to_report: "Nothing was created or came into being in these days.",
        "An diesen Tagen wurde nichts erstellt und ist nichts entstanden.";

    denied_creators_only: "Only who creates tickets in this group may do that. Ask an admin for the permission.",
        "Das darf nur, wer in dieser Gruppe Tickets erstellt. Bitten Sie einen Admin um das Recht.";
    denied_not_in_filter: "This product may not be created here. Ask an admin of a group above to allow it.",
        "Dieses Produkt darf hier nicht erstellt werden. Bitten Sie einen übergeordneten Admin, es zu erlauben.";
    denied_from_above: "Only the admins of the groups above may change that. Ask one.",
        "Das dürfen nur die Admins der übergeordneten Gruppen ändern. Fragen Sie einen.";
    no_free_codes: "All of these tickets have an owner already: there is no code to hand out.",
        "Alle diese Tickets haben schon einen Besitzer: Es gibt keinen Code weiterzugeben.";
    event_codes_mailed: "Codes sent by mail", "Codes per E-Mail gesendet";
    event_codes_downloaded: "Codes downloaded", "Codes heruntergeladen";
    event_product_filter_changed: "Product filter changed", "Produktfilter geändert";
    event_quota_changed: "Quota changed", "Kontingent geändert";
    event_customer_created: "Customer created", "Kunde angelegt";
}

impl Language {
    /// What a membership permits.
    #[must_use]
    pub const fn permission(self, permission: Permission) -> &'static str {
        match permission {
            Permission::Admin => self.admin(),
            Permission::CreateTicket => self.create_tickets(),
            Permission::ViewReports => self.views_reports(),
        }
    }

    /// What a licence is bound to.
    #[must_use]
    pub const fn binding_name(self, binding: Binding) -> &'static str {
        match binding {
            Binding::Floating => self.floating(),
            Binding::NodeLocked => self.node_locked(),
        }
    }

    /// A period that begins then: a day, a month, a year.
    #[must_use]
    pub fn report_period(self, period: Period, begin: i64) -> String {
        match period {
            Period::Day => format::date(self, begin),
            Period::Month => format::month(self, begin),
            Period::Year => format::year(begin),
            Period::Total => self.in_total().to_owned(),
        }
    }

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
        let per = match (self, period) {
            (Self::En, Period::Day) => " today",
            (Self::En, Period::Month) => " this month",
            (Self::En, Period::Year) => " this year",
            (Self::De, Period::Day) => " heute",
            (Self::De, Period::Month) => " diesen Monat",
            (Self::De, Period::Year) => " dieses Jahr",
            (_, Period::Total) => "",
        };
        let left = self.count(left);
        match self {
            Self::En => format!("{left} left{per}"),
            Self::De => format!("noch {left}{per}"),
        }
    }

    /// The quota is exhausted.
    #[must_use]
    pub fn over_quota(self, over: OverQuota) -> String {
        let wanted = self.count(over.wanted);
        match (self, over.left) {
            (Self::En, Some(left)) => format!(
                "The quota does not have room for {wanted} licences: {}. Create fewer, or ask an admin above for more.",
                self.quota_left(left, over.period)
            ),
            (Self::De, Some(left)) => format!(
                "Das Kontingent hat keinen Platz für {wanted} Lizenzen: {}. Erstellen Sie weniger oder bitten Sie einen übergeordneten Admin um mehr.",
                self.quota_left(left, over.period)
            ),
            (Self::En, None) => format!(
                "A quota that holds here does not have room for {wanted} licences. Create fewer, or ask an admin above for more."
            ),
            (Self::De, None) => format!(
                "Ein hier geltendes Kontingent hat keinen Platz für {wanted} Lizenzen. Erstellen Sie weniger oder bitten Sie einen übergeordneten Admin um mehr."
            ),
        }
    }

    /// Why tickets cannot be created like that.
    #[must_use]
    pub fn invalid_creation(self, why: InvalidCreation) -> String {
        match (self, why) {
            (Self::En, InvalidCreation::Quantity) => {
                format!("Enter 1 to {MAX_QUANTITY} licences for each ticket.")
            }
            (Self::De, InvalidCreation::Quantity) => {
                format!("Geben Sie 1 bis {MAX_QUANTITY} Lizenzen je Ticket ein.")
            }
            (Self::En, InvalidCreation::Series) => format!("Enter 1 to {MAX_SERIES} tickets."),
            (Self::De, InvalidCreation::Series) => format!("Geben Sie 1 bis {MAX_SERIES} Tickets ein."),
            (Self::En, InvalidCreation::Dates) => {
                "Enter the first day, the last day, or both; the last one must be still to come.".to_owned()
            }
            (Self::De, InvalidCreation::Dates) => {
                "Geben Sie den ersten Tag, den letzten oder beide ein; der letzte muss noch bevorstehen."
                    .to_owned()
            }
            (Self::En, InvalidCreation::Days) => format!("Enter 1 to {MAX_DAYS} days."),
            (Self::De, InvalidCreation::Days) => format!("Geben Sie 1 bis {MAX_DAYS} Tage ein."),
            (Self::En, InvalidCreation::Returns) => {
                "That is too often. Enter a smaller number, or nothing for as often as one likes.".to_owned()
            }
            (Self::De, InvalidCreation::Returns) => {
                "Das ist zu oft. Geben Sie eine kleinere Zahl ein oder nichts für beliebig oft.".to_owned()
            }
            (Self::En, InvalidCreation::NoEmail) => {
                "Enter the mail address of the customer: the link goes there.".to_owned()
            }
            (Self::De, InvalidCreation::NoEmail) => {
                "Geben Sie die E-Mail-Adresse des Kunden ein: Der Link geht dorthin.".to_owned()
            }
            (Self::En, InvalidCreation::NoCustomer) => "Choose a customer.".to_owned(),
            (Self::De, InvalidCreation::NoCustomer) => "Wählen Sie einen Kunden.".to_owned(),
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

    /// The mail with codes.
    #[must_use]
    pub fn codes_letter(self, creation: &CreationDetail, address: &str) -> String {
        let codes: String = creation.free_codes().map(|code| format!("{code}\n")).collect();
        let product = format::product(self, &creation.row.product);
        let quantity = creation.row.quantity;
        let validity = format::validity(self, creation.terms.validity);
        match self {
            Self::En => format!(
                "Your ticket codes. Each stands for {quantity} × {product} ({validity}):\n\n{codes}\n\
                 Log in and enter them here:\n{address}\n\nWhoever has a code can take its ticket: keep them to yourself.\n"
            ),
            Self::De => format!(
                "Ihre Ticket-Codes. Jeder steht für {quantity} × {product} ({validity}):\n\n{codes}\n\
                 Melden Sie sich an und geben Sie sie hier ein:\n{address}\n\nWer einen Code hat, kann das Ticket nehmen: Behalten Sie sie für sich.\n"
            ),
        }
    }

    /// The mail to a new customer.
    #[must_use]
    pub fn invitation_letter(self, login: &str, link: &str) -> String {
        match self {
            Self::En => format!(
                "An account was made for you in the License Portal, and licences wait for you there.\n\nYour login: {login}\n\n\
                 Open the link to choose a password:\n{link}\n\nIt works once, for three days. Later, ask for another one \
                 under \"Forgot your password?\" on the login page.\n"
            ),
            Self::De => format!(
                "Im License Portal wurde ein Konto für Sie angelegt; dort warten Lizenzen auf Sie.\n\nIhr Benutzername: {login}\n\n\
                 Öffnen Sie den Link, um ein Passwort zu wählen:\n{link}\n\nEr gilt einmal und drei Tage lang. Danach fordern Sie auf \
                 der Anmeldeseite unter „Passwort vergessen?“ einen neuen an.\n"
            ),
        }
    }
}
