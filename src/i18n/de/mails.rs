//! What is mailed.

use super::general::count;

texts! {
    expiry_mail_begin: "Diese Lizenzen laufen bald ab, und Sie können sich darum kümmern:";

    password_mail_subject: "License Portal: neues Passwort setzen";

    codes_mail_subject: "License Portal: Ihre Ticket-Codes";
    invitation_mail_subject: "License Portal: Ihr Konto";

    expiry_mail_more(more: u64): "und {more} weitere.";
    expiry_mail_end(url: &str):
        "Alle: {url}/expiring\nUm keine solchen E-Mails mehr zu bekommen: {url}/me\n";
    password_mail(links: &str):
        "Jemand, vermutlich Sie, hat ein neues Passwort angefordert. Öffnen Sie den Link, um es zu setzen:\n\n{links}\
         Er gilt einmal und 30 Minuten lang. Wenn Sie es nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.\n";
    request_mail_subject(instance: &str): "License Portal: Anfrage der Instanz {instance}";
    codes_mail(quantity: u32, product: &str, validity: &str, codes: &str, address: &str):
        "Ihre Ticket-Codes. Jeder steht für {quantity} × {product} ({validity}):\n\n{codes}\n\
         Melden Sie sich an und geben Sie sie hier ein:\n{address}\n\nWer einen Code hat, kann das Ticket nehmen: Behalten Sie sie für sich.\n";
    invitation_mail(login: &str, link: &str):
        "Im License Portal wurde ein Konto für Sie angelegt.\n\nIhr Benutzername: {login}\n\n\
         Öffnen Sie den Link, um ein Passwort zu wählen:\n{link}\n\nEr gilt einmal und drei Tage lang. Danach fordern Sie auf \
         der Anmeldeseite unter „Passwort vergessen?“ einen neuen an.\n";
    webhook_mail_subject(name: &str): "Der Webhook „{name}“ hat sich ausgeschaltet";
    webhook_gone_mail(link: &str):
        "Sein Empfänger sagte, dass es ihn nicht mehr gibt (Status 410). Es ging nichts verloren: Korrigieren Sie die Adresse, und schalten Sie den Webhook ein, dann macht er weiter, wo er aufgehört hat.\n\n{link}\n";
    webhook_failing_mail(link: &str):
        "Drei Tage lang nahm sein Empfänger eine Nachricht nicht an. Es ging nichts verloren: Sobald er wieder arbeitet, schalten Sie den Webhook ein, dann macht er weiter, wo er aufgehört hat.\n\n{link}\n";
}

pub fn expiry_mail_subject(n: u64) -> String {
    match n {
        1 => "License Portal: 1 Lizenz läuft bald ab".to_owned(),
        _ => format!("License Portal: {} Lizenzen laufen bald ab", count(n)),
    }
}
