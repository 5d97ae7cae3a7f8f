//! Mails leave by SMTP where it is set up, and otherwise lie as files in a folder.

use std::{io::Write, path::PathBuf, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};

use crate::store::sources::Sources;

/// Longest time that the mail server may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Sends mails.
#[derive(Clone)]
pub struct Mailer {
    post: Post,
    from: Mailbox,
    sources: Sources,
}

#[derive(Clone)]
enum Post {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

/// A mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address it goes to.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// Why a mail was not sent. It tells nothing of what the mail says: that may be secret.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The address of the settings or of the person is none.
    #[error("not a mail address")]
    Address,
    /// The mail cannot be written down.
    #[error("the mail cannot be composed")]
    Compose,
    /// The mail server did not take it.
    #[error("the mail server did not take it: {0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
    /// The folder did not take it.
    #[error("cannot write into the folder of mails: {0}")]
    Folder(#[from] std::io::Error),
}

impl MailError {
    /// Whether it stands against this one mail, and says nothing of others.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Address | Self::Compose => true,
            Self::Smtp(error) => error.is_permanent(),
            Self::Folder(_) => false,
        }
    }
}

impl Mailer {
    /// Sends by SMTP: `smtps://USER:PASSWORD@HOST`, or `smtp://HOST:PORT?tls=required`.
    ///
    /// # Errors
    /// [`MailError::Smtp`], [`MailError::Address`].
    pub fn smtp(url: &str, from: &str, sources: Sources) -> Result<Self, MailError> {
        let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?
            .timeout(Some(TIMEOUT))
            .build();
        Self::new(Post::Smtp(smtp), from, sources)
    }

    /// Writes each mail as a file into a folder.
    ///
    /// # Errors
    /// [`MailError::Address`].
    pub fn folder(folder: PathBuf, from: &str, sources: Sources) -> Result<Self, MailError> {
        Self::new(Post::Folder(folder), from, sources)
    }

    fn new(post: Post, from: &str, sources: Sources) -> Result<Self, MailError> {
        let from = from.parse().map_err(|_| MailError::Address)?;
        Ok(Self { post, from, sources })
    }

    /// Sends a mail.
    ///
    /// # Errors
    /// [`MailError`].
    pub async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let now = self.sources.now();
        let number = hex::encode(self.sources.random::<8>());
        let mail = Message::builder()
            .from(self.from.clone())
            .to(mail.to.parse().map_err(|_| MailError::Address)?)
            .subject(mail.subject)
            .date(now.into())
            .message_id(Some(format!(
                "<{}.{number}@{}>",
                now.as_millisecond(),
                self.from.email.domain()
            )))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text)
            .map_err(|_| MailError::Compose)?;
        match &self.post {
            Post::Smtp(smtp) => {
                smtp.send(mail).await?;
            }
            Post::Folder(folder) => {
                let (folder, bytes) = (folder.clone(), mail.formatted());
                let written = tokio::task::spawn_blocking(move || {
                    write(&folder, &format!("{now}-{number}.eml"), &bytes)
                });
                written.await.map_err(std::io::Error::other)??;
            }
        }
        Ok(())
    }
}

/// For the owner of the process only: mails hold links that let people in.
fn write(folder: &std::path::Path, name: &str, mail: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    let mut folders = std::fs::DirBuilder::new();
    folders.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        options.mode(0o600);
        folders.mode(0o700);
    }
    folders.create(folder)?;
    // Whoever looks into the folder finds whole mails.
    let unfinished = folder.join(format!(".{name}"));
    options.open(&unfinished)?.write_all(mail)?;
    std::fs::rename(&unfinished, folder.join(name))
}
