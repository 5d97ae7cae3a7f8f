//! What the portal writes to people, and when: links for a forgotten password (S12), requests to the vendor (N12), links of new
//! accounts (S15, S17), codes that are handed out (S13), and tickets that are to be taken back (N18); in `digests`, what expires (N15).

pub mod mailer;

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{
    i18n::Language,
    jobs::mails::mailer::{Mail, MailError, Mailer},
    metrics,
    ops::{
        self, OpError,
        accounts::invitations::Invitation,
        instance::Vendor,
        outbox::{Codes, Forgotten, Order, Orders},
    },
    store::Store,
    views::addresses,
};

/// How often unsent requests are looked for, besides after each change.
const LOOK: Duration = Duration::from_secs(60);

/// Writes the mails, and hands them to the mailer.
#[derive(Clone)]
pub struct Writer {
    /// What requests ask for.
    pub orders: Orders,
    /// Where requests to the vendor go, if that is known.
    pub vendor_mail: Option<String>,
    pub mailer: Mailer,
    /// Where it stands what is still to be mailed.
    pub store: Store,
    /// Whose licence of the instance counts.
    pub vendor: Vendor,
    /// The address at which people reach the portal. Never taken from a request: whoever sends it could have the link
    /// lead elsewhere.
    pub url: String,
}

/// Why a mail was not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unwritten {
    #[error(transparent)]
    Op(#[from] OpError),
    #[error(transparent)]
    Mail(#[from] MailError),
}

impl Writer {
    /// Writes what is asked for until it is told to stop, and then what was asked for before.
    pub async fn run(self, stop: CancellationToken) {
        let mut commits = self.store.commits();
        let mut look = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                Some(order) = self.orders.next() => self.write(order).await,
                // Another server may have recorded the request, and may be gone.
                _ = look.tick() => log(self.waiting().await),
                Ok(()) = commits.changed() => log(self.waiting().await),
            }
        }
        while let Some(order) = self.orders.waiting().await {
            self.write(order).await;
        }
    }

    async fn write(&self, order: Order) {
        log(match order {
            Order::Forgotten(forgotten) => self.link(forgotten).await,
            Order::Codes(codes) => self.codes(*codes).await,
        });
    }

    async fn link(&self, Forgotten { email, language }: Forgotten) -> Result<(), Unwritten> {
        let links = ops::accounts::password_links::create(&self.store, &email).await?;
        if links.is_empty() {
            return Ok(());
        }
        let links: Vec<(String, String)> = links
            .into_iter()
            .map(|link| {
                let address = format!("{}{}", self.url, addresses::new_password(&link.token));
                (link.login.to_string(), address)
            })
            .collect();
        let mail = Mail {
            to: email,
            subject: language.password_mail_subject().to_owned(),
            text: language.password_mail(&links),
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
            subject: language.codes_mail_subject().to_owned(),
            text: language.codes_mail(&creation, &format!("{}/add", self.url)),
        };
        self.mailer.send(mail).await?;
        tracing::info!(creation = creation.row.id.0, "codes of tickets were mailed");
        Ok(())
    }

    /// Mails what the database says is still to be mailed. One that does not get out keeps nobody else waiting.
    async fn waiting(&self) -> Result<(), Unwritten> {
        let requests = self.requests().await;
        let webhooks = self.webhooks().await;
        let take_backs = self.take_backs().await;
        self.invitations()
            .await
            .and(requests)
            .and(webhooks)
            .and(take_backs)
    }

    /// Mails people with a new account the link with which they choose a password.
    async fn invitations(&self) -> Result<(), Unwritten> {
        let mut done = Ok(());
        while let Some(Invitation { to, token }) = ops::accounts::invitations::take(&self.store).await? {
            let language = Language::from_tags(&to.language);
            let link = format!("{}{}", self.url, addresses::new_password(&token));
            let mail = Mail {
                to: to.email.clone(),
                subject: language.invitation_mail_subject().to_owned(),
                text: language.invitation_mail(&to.login, &link),
            };
            match self.mailer.send(mail).await {
                Ok(()) => {
                    ops::accounts::invitations::sent(&self.store, &to).await?;
                    tracing::info!(user = to.user.0, "a person was sent the link of a new account");
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
            let link = format!("{}{}", self.url, addresses::webhook(untold.webhook));
            let mail = Mail {
                to: untold.email,
                subject: language.webhook_mail_subject(&untold.name),
                text: language.webhook_mail(untold.why, &link),
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

    /// Mails who is asked for a ticket, and who asked what became of it.
    async fn take_backs(&self) -> Result<(), Unwritten> {
        let mut done = Ok(());
        while let Some(taken) = ops::licensing::take_backs::mails::take(&self.store).await? {
            let language = taken.language.as_deref().map(Language::from_tags);
            let language = language.unwrap_or_default();
            let (id, user, state) = (taken.id, taken.user, taken.news.state);
            let mail = Mail {
                to: taken.email,
                subject: language.take_back_mail_subject(state).to_owned(),
                text: language.take_back_mail(&self.url, &taken.news),
            };
            match self.mailer.send(mail).await {
                Ok(()) => {
                    ops::licensing::take_backs::mails::mailed(&self.store, id, user, state).await?;
                    tracing::info!(
                        take_back = id.0,
                        user = user.0,
                        "somebody was mailed about a ticket"
                    );
                }
                Err(error) => done = Err(error.into()),
            }
        }
        done
    }

    /// Mails what the vendor was asked for and does not know yet.
    async fn requests(&self) -> Result<(), Unwritten> {
        let Some(vendor_mail) = &self.vendor_mail else {
            return Ok(());
        };
        while let Some(unmailed) = ops::instance::requests::take_unmailed(&self.store, &self.vendor).await? {
            // The vendor's language is not known.
            let mail = Mail {
                to: vendor_mail.clone(),
                subject: Language::default().request_mail_subject(&unmailed.instance),
                text: Language::default().request_mail(
                    &unmailed.request,
                    &unmailed.instance,
                    unmailed.license.as_ref(),
                ),
            };
            self.mailer.send(mail).await?;
            ops::instance::requests::mailed(&self.store, unmailed.request.id).await?;
            tracing::info!(
                request = unmailed.request.id.0,
                "a request was mailed to the vendor"
            );
        }
        Ok(())
    }
}

fn log(written: Result<(), Unwritten>) {
    metrics::round("mails", written.is_ok());
    if let Err(error) = written {
        tracing::warn!(%error, "a mail was not sent");
    }
}
