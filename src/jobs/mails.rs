//! What the portal writes to people, and when: links for a forgotten password (S12), requests to the vendor (N12), links for new
//! customers (S15), and codes that are handed out (S13); in `digests`, what expires (N15).

use std::time::Duration;

use tokio::sync::mpsc;

use crate::{
    i18n::Language,
    jobs::{
        digests::Digests,
        mailer::{Mail, MailError, Mailer},
    },
    ops::{
        self, OpError,
        instance::Vendor,
        outbox::{Codes, Forgotten, Order, Outbox},
        resellers::customers::Invitation,
    },
    store::Store,
};

/// How often unsent requests are looked for, besides after each change.
const LOOK: Duration = Duration::from_secs(60);

/// Writes the letters, and hands them to the post.
pub struct Writer {
    orders: mpsc::Receiver<Order>,
    vendor_mail: Option<String>,
    mailer: Mailer,
    store: Store,
    vendor: Vendor,
    /// The address at which people reach the portal. Never taken from a request: whoever sends it could have the link
    /// lead elsewhere.
    url: String,
}

/// The two ends: who asks for letters, and who writes them.
#[must_use]
pub fn outbox(
    store: Store,
    vendor: Vendor,
    mailer: Mailer,
    url: &str,
    vendor_mail: Option<String>,
) -> (Outbox, Writer) {
    let (outbox, orders) = Outbox::new(vendor_mail.clone());
    let writer = Writer {
        orders,
        vendor_mail,
        mailer,
        store,
        vendor,
        url: url.trim_end_matches('/').to_owned(),
    };
    (outbox, writer)
}

/// Why a letter was not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unwritten {
    #[error(transparent)]
    Op(#[from] OpError),
    #[error(transparent)]
    Mail(#[from] MailError),
}

impl Writer {
    /// Writes what is asked for, for as long as the portal runs.
    pub async fn run(self) {
        let digests = Digests {
            store: self.store.clone(),
            mailer: self.mailer.clone(),
            url: self.url.clone(),
        };
        // Side by side: whoever forgot their password does not wait for many mails to others.
        tokio::select! {
            () = self.outbox() => {}
            () = digests.run() => {}
        }
    }

    async fn outbox(mut self) {
        let mut commits = self.store.commits();
        let mut look = tokio::time::interval(LOOK);
        loop {
            let done = tokio::select! {
                order = self.orders.recv() => match order {
                    Some(Order::Forgotten(forgotten)) => self.link(forgotten).await,
                    Some(Order::Codes(codes)) => self.codes(*codes).await,
                    // The portal ends.
                    None => return,
                },
                // Another server may have recorded the request, and may be gone.
                _ = look.tick() => self.waiting().await,
                Ok(()) = commits.changed() => self.waiting().await,
            };
            if let Err(error) = done {
                tracing::warn!(%error, "a mail was not sent");
            }
        }
    }

    async fn link(&self, Forgotten { email, language }: Forgotten) -> Result<(), Unwritten> {
        let links = ops::accounts::password_links::create(&self.store, &email).await?;
        if links.is_empty() {
            return Ok(());
        }
        let links: Vec<(String, String)> = links
            .into_iter()
            .map(|link| {
                let address = format!("{}/password/new?token={}", self.url, link.token);
                (link.login.to_string(), address)
            })
            .collect();
        let mail = Mail {
            to: email,
            subject: language.password_letter_subject().to_owned(),
            text: language.password_letter(&links),
        };
        self.mailer.send(mail).await?;
        tracing::info!("a link for a forgotten password was mailed");
        Ok(())
    }

    async fn codes(&self, codes: Codes) -> Result<(), Unwritten> {
        let Codes {
            to,
            language,
            creation,
        } = codes;
        let mail = Mail {
            to,
            subject: language.codes_letter_subject().to_owned(),
            text: language.codes_letter(&creation, &format!("{}/add", self.url)),
        };
        self.mailer.send(mail).await?;
        tracing::info!(creation = creation.row.id.0, "codes of tickets were mailed");
        Ok(())
    }

    /// Mails what the database says is still to be mailed. One that does not get out keeps nobody else waiting.
    async fn waiting(&self) -> Result<(), Unwritten> {
        let requests = self.requests().await;
        let webhooks = self.webhooks().await;
        self.invitations().await.and(requests).and(webhooks)
    }

    /// Mails new customers the link with which they choose a password.
    async fn invitations(&self) -> Result<(), Unwritten> {
        let mut done = Ok(());
        while let Some(Invitation { to, token }) =
            ops::resellers::customers::take_uninvited(&self.store).await?
        {
            let language = Language::from_tags(&to.language);
            let link = format!("{}/password/new?token={token}", self.url);
            let mail = Mail {
                to: to.email,
                subject: language.invitation_letter_subject().to_owned(),
                text: language.invitation_letter(&to.login, &link),
            };
            match self.mailer.send(mail).await {
                Ok(()) => {
                    ops::resellers::customers::invited(&self.store, to.user).await?;
                    tracing::info!(user = to.user.0, "a customer was sent a link");
                }
                Err(error) => done = Err(error.into()),
            }
        }
        done
    }

    /// Mails who answers for a webhook that switched itself off.
    async fn webhooks(&self) -> Result<(), Unwritten> {
        while let Some(untold) = ops::history::webhooks::take_untold(&self.store).await? {
            let language = untold
                .language
                .as_deref()
                .map(Language::from_tags)
                .unwrap_or_default();
            let link = format!("{}/webhooks/{}", self.url, untold.webhook);
            let mail = Mail {
                to: untold.email,
                subject: language.webhook_letter_subject(&untold.name),
                text: language.webhook_letter(untold.why, &link),
            };
            self.mailer.send(mail).await?;
            ops::history::webhooks::told(&self.store, untold.webhook).await?;
            tracing::info!(
                webhook = untold.webhook.0,
                "somebody was mailed that a webhook switched itself off"
            );
        }
        Ok(())
    }

    /// Mails what the vendor was asked for and does not know yet.
    async fn requests(&self) -> Result<(), Unwritten> {
        let Some(vendor_mail) = &self.vendor_mail else {
            return Ok(());
        };
        while let Some(unmailed) = ops::instance::requests::take_unmailed(&self.store, &self.vendor).await? {
            // In English: the vendor's language is not known.
            let mail = Mail {
                to: vendor_mail.clone(),
                subject: Language::En.request_letter_subject(&unmailed.instance),
                text: Language::En.request_letter(
                    &unmailed.request,
                    &unmailed.instance,
                    unmailed.license.as_ref(),
                ),
            };
            self.mailer.send(mail).await?;
            ops::instance::requests::mailed(&self.store, unmailed.request.id).await?;
            tracing::info!(
                request = unmailed.request.id.0,
                "a request was mailed to the maker"
            );
        }
        Ok(())
    }
}
