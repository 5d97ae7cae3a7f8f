//! Mails about what expires (N15): found out once a day, written for each person by what they see at that moment, tried again
//! until the mail server takes them. Of several servers on one database one writes each.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{
    i18n::Language,
    jobs::mails::{
        Unwritten,
        mailer::{Mail, Mailer},
    },
    metrics, ops,
    store::{Store, licensing::digests::Asked},
    views::licensing::expiry::Digest,
};

/// How often it is looked for work, besides after each change.
const LOOK: Duration = Duration::from_secs(60);

/// Writes the mails, and hands them to the mailer.
#[derive(Clone)]
pub struct Digests {
    /// Where it stands who is to be mailed.
    pub store: Store,
    pub mailer: Mailer,
    /// The address at which people reach the portal.
    pub url: String,
}

impl Digests {
    /// Writes what is due until it is told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut commits = self.store.commits();
        let mut look = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                // Another server may have found out whom to mail, and may be gone.
                _ = look.tick() => {}
                Ok(()) = commits.changed() => {}
            }
            let done = self.round(&stop).await;
            metrics::round("digests", done.is_ok());
            if let Err(error) = done {
                tracing::warn!(%error, "what expires was not mailed; it is tried again");
            }
        }
    }

    /// All that is due now. Ends at the first fault: where the mail server is away, it is away for all.
    async fn round(&self, stop: &CancellationToken) -> Result<(), Unwritten> {
        ops::licensing::digests::find_out(&self.store).await?;
        // Whoever starts next finds the rest.
        while !stop.is_cancelled()
            && let Some(asked) = ops::licensing::digests::take(&self.store).await?
        {
            match self.write(&asked).await {
                Ok(()) => {}
                // It stands against this one mail: the next one may well be taken.
                Err(Unwritten::Mail(error)) if error.is_permanent() => {
                    tracing::warn!(%error, user = asked.user.0, "a mail about what expires was refused");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn write(&self, asked: &Asked) -> Result<(), Unwritten> {
        if let Some(digest) = ops::licensing::digests::compose(&self.store, asked).await? {
            let count = digest.total;
            self.mailer.send(mail(&self.url, digest)).await?;
            tracing::info!(user = asked.user.0, count, "what expires was mailed");
        }
        Ok(ops::licensing::digests::done(&self.store, asked).await?)
    }
}

fn mail(url: &str, digest: Digest) -> Mail {
    let language = digest
        .language
        .as_deref()
        .map(Language::from_tags)
        .unwrap_or_default();
    Mail {
        subject: language.expiry_mail_subject(digest.licenses),
        text: language.expiry_mail(url, &digest),
        to: digest.email,
    }
}
