//! What is mailed.

use super::general::count;

texts! {
    expiry_mail_begin: "These licences expire soon, and you can act:";

    password_mail_subject: "License Portal: set a new password";

    codes_mail_subject: "License Portal: your ticket codes";
    invitation_mail_subject: "License Portal: your account";

    expiry_mail_more(more: u64): "and {more} more.";
    expiry_mail_end(url: &str): "All of them: {url}/expiring\nTo get no such mails any more: {url}/me\n";
    password_mail(links: &str):
        "Somebody, probably you, asked for a new password. Open the link to set one:\n\n{links}\
         It works once, for 30 minutes. If it was not you, do nothing: your password stays as it is.\n";
    request_mail_subject(instance: &str): "License Portal: request of instance {instance}";
    codes_mail(quantity: u32, product: &str, validity: &str, codes: &str, address: &str):
        "Your ticket codes. Each stands for {quantity} × {product} ({validity}):\n\n{codes}\n\
         Log in and enter them here:\n{address}\n\nWhoever has a code can take its ticket: keep them to yourself.\n";
    invitation_mail(login: &str, link: &str):
        "An account was made for you in the License Portal.\n\nYour login: {login}\n\n\
         Open the link to choose a password:\n{link}\n\nIt works once, for three days. Later, ask for another one \
         under \"Forgot your password?\" on the login page.\n";
    webhook_mail_subject(name: &str): "The webhook “{name}” switched itself off";
    webhook_gone_mail(link: &str):
        "Its receiver said that it is gone for good (status 410). Nothing is lost: correct the address and switch the webhook on, and it goes on where it stopped.\n\n{link}\n";
    webhook_failing_mail(link: &str):
        "For three days its receiver did not take a message. Nothing is lost: once it works again, switch the webhook on, and it goes on where it stopped.\n\n{link}\n";
}

pub fn expiry_mail_subject(n: u64) -> String {
    match n {
        1 => "License Portal: 1 licence expires soon".to_owned(),
        _ => format!("License Portal: {} licences expire soon", count(n)),
    }
}
