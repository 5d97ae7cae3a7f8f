//! Creating tickets, customers, quotas and reports.

// Creating tickets

texts! {
    create_tickets_title: "Tickets erstellen";
    create_in_group: "In der Gruppe";
    create_in_no_group: "Keine Gruppe: als Hersteller";
    choose: "Wählen";
    nothing_to_create:
        "Hier darf kein Produkt erstellt werden. Bitten Sie einen übergeordneten Admin oder einen ISV-Admin, welche zu erlauben.";
    licenses_per_ticket: "Lizenzen je Ticket";
    number_of_tickets: "Anzahl der Tickets";
    series_help: "Mehrere sind eine Serie gleicher Tickets.";
    rules: "Regeln";
    validity_perpetual: "Unbefristet";
    validity_between: "Von einem Tag bis zu einem Tag";
    validity_days: "So viele Tage ab der ersten Aktivierung";
    first_day: "Erster Tag (UTC)";
    last_day: "Letzter Tag (UTC)";
    days: "Tage";
    returns_allowed: "Wie oft sie zurückgegeben werden darf";
    returns_help: "Leer: beliebig oft.";
    recipient: "Für";
    recipient_codes: "Noch niemanden: Ich gebe die Codes weiter";
    recipient_stock: "Die Gruppe selbst, im Protected Mode";
    recipient_customer: "Einen Kunden";
    recipient_new_customer: "Einen neuen Kunden";
    customer: "Kunde";
    customers: "Kunden";
    customer_invited: "Link gesendet";
    customer_not_invited: "Link noch nicht gesendet";
    customer_person: "Name der Person";
    customer_login: "Benutzername";
    customer_login_help: "Leer: die E-Mail-Adresse.";
    customer_group: "Name einer Gruppe für den Kunden";
    customer_group_help:
        "Leer: Der Kunde ist nur diese Person. Sonst wird unter Ihrer Gruppe eine angelegt, und die Person ist ihr Admin.";
    customer_gets_link:
        "Der Kunde erhält eine E-Mail mit einem Link, der das Passwort setzt. Das Konto belegt einen Platz.";
    create_now: "Erstellen";
    created_lately: "Von Ihnen erstellt";
    nothing_created: "Sie haben noch keine Tickets erstellt.";
    number: "Anzahl";
    still_free: "Noch nicht vergeben";
    created_at: "Erstellt";
    created_tickets: "Erstellte Tickets";
    codes_help:
        "Wer einen Code hat, kann das Ticket nehmen. Sie sehen die Codes hier wieder, solange Sie in dieser Gruppe Tickets erstellen; andere nicht.";
    all_assigned: "Alle diese Tickets haben einen Besitzer; kein Code ist weiterzugeben.";
    made_for: "Für:";
    ticket_free: "frei";
    ticket_taken: "vergeben";
    copy_all_codes: "Alle freien Codes kopieren";
    print: "Drucken";
    download_codes_text: "Als Text herunterladen";
    download_codes_csv: "Als CSV herunterladen";
    mail_codes: "Freie Codes per E-Mail senden";
    codes_mailed: "Die E-Mail mit den Codes ist unterwegs.";
    create_more: "Weitere Tickets erstellen";

    no_free_codes: "Alle diese Tickets haben schon einen Besitzer: Es gibt keinen Code weiterzugeben.";

    invalid_creation_dates:
        "Geben Sie den ersten Tag, den letzten oder beide ein; der letzte muss noch bevorstehen.";
    invalid_creation_returns:
        "Das ist zu oft. Geben Sie eine kleinere Zahl ein oder nichts für beliebig oft.";
    invalid_creation_no_email: "Geben Sie die E-Mail-Adresse des Kunden ein: Der Link geht dorthin.";
    invalid_creation_no_customer: "Wählen Sie einen Kunden.";

    invalid_creation_quantity(most: u32): "Geben Sie 1 bis {most} Lizenzen je Ticket ein.";
    invalid_creation_series(most: u32): "Geben Sie 1 bis {most} Tickets ein.";
    invalid_creation_days(most: u32): "Geben Sie 1 bis {most} Tage ein.";
}

// Products and quotas

texts! {
    partner_rules: "Produkte und Kontingente";
    allowed_products: "Produkte, die hier erstellt werden dürfen";
    nothing_allowed:
        "Keine. Solange keine Gruppe auf dem Pfad Produkte nennt, erstellen nur ISV-Admins Tickets.";
    changed_from_above: "Das ändern die Admins der übergeordneten Gruppen und ISV-Admins.";
    product_filter: "Produktfilter";
    filter_help:
        "Der Filter gilt für diese Gruppe und alle darunter. Was die übergeordneten Gruppen nicht zulassen, bleibt verboten.";
    has_filter: "Diese Gruppe hat einen eigenen Filter";
    quotas: "Kontingente";
    quotas_help:
        "So viele Lizenzen können in dieser Gruppe und allen darunter erstellt werden, nach Kalender (UTC).";
    no_quotas: "Diese Gruppe hat kein eigenes Kontingent.";
    period: "Zeitraum";
    quota: "Kontingent";
    quota_help: "Leer: keine Grenze.";
    used: "Verbraucht";
    set_quota: "Kontingent setzen";
    invalid_quota:
        "Ein Kontingent ist eine Zahl von 0 bis 1.000.000.000. Geben Sie eine ein oder nichts für keine Grenze.";
    per_day: "pro Tag";
    per_month: "pro Monat";
    per_year: "pro Jahr";
    in_total: "insgesamt";

    quota_left(left: &str): "noch {left}";
    quota_left_today(left: &str): "noch {left} heute";
    quota_left_this_month(left: &str): "noch {left} diesen Monat";
    quota_left_this_year(left: &str): "noch {left} dieses Jahr";
    over_quota(wanted: &str, left: &str):
        "Das Kontingent hat keinen Platz für {wanted} Lizenzen: {left}. Erstellen Sie weniger oder bitten Sie einen übergeordneten Admin um mehr.";
    over_hidden_quota(wanted: &str):
        "Ein hier geltendes Kontingent hat keinen Platz für {wanted} Lizenzen. Erstellen Sie weniger oder bitten Sie einen übergeordneten Admin um mehr.";
}

// Reports

texts! {
    reports: "Berichte";
    reports_explained:
        "Lizenzen nach Zeitraum und Produkt. Zugeordnet, aktiviert und ablaufend sind jene, die jetzt in Tickets des Zweigs sind, gezählt, wo deren Tickets entstanden; ablaufende enden binnen 90 Tagen. Tage sind UTC.";
    branch: "Zweig";
    all_you_may_see: "Alles, was Sie sehen dürfen";
    report_created: "Erstellt";
    report_assigned: "Zugeordnet";
    report_activated: "Aktiviert";
    report_expiring: "Ablaufend";
    nothing_to_report: "An diesen Tagen wurde nichts erstellt und ist nichts entstanden.";
}
