//! Files that ISV admins upload: checked by the server that took the file, confirmed by anybody of them, and then stored.
//!
//! One is open at a time, which the schema holds. The file itself stays with the server that took it, and is gone with it: then
//! another server tells so, and nothing of it is stored, because what stores it also says that it is done.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{
    access::{self, Denied},
    ids::{ImportId, UserId},
    instance::imports::{GONE, ImportFailure, ImportState, Verdict, WAITS},
    refusals::Refusal,
    time::earlier,
};
use tokio::{
    sync::{Notify, mpsc},
    task::JoinSet,
};

use crate::{
    ops::{
        OpError, actor,
        instance::{
            Vendor,
            organisation::{self, By, Format, ImportError, Input, Progress, Task},
        },
        transactions::in_transaction,
    },
    store::{
        self, Engine, Store,
        instance::imports::{Open, Upload},
    },
    views::instance::imports::{Counts, Import, ImportDetail, LineReport, Outcome},
};

/// How often a server that stores a file says that it is there.
const BEAT: Duration = Duration::from_secs(2);
/// Imports that are listed.
const LISTED: i64 = 20;
/// Beyond this nobody turns pages.
const MAX_PAGE: u32 = 100_000;

/// The file that this server has.
struct Held {
    id: ImportId,
    input: Input,
    format: Option<Format>,
    progress: Arc<Progress>,
}

/// What a server does about uploads; one for the whole process.
#[derive(Clone)]
pub struct Imports {
    store: Store,
    vendor: Vendor,
    server: i64,
    held: Arc<Mutex<Option<Held>>>,
    confirmed: Arc<Notify>,
}

/// For all but ISV admins there is nothing of the kind.
async fn required_admin(tx: &mut store::Tx, user: UserId) -> Result<(), OpError> {
    access::authorize_administration(&actor(tx, user).await?)?;
    Ok(())
}

impl Imports {
    /// Those of a server that has no file yet.
    #[must_use]
    pub fn new(store: Store, vendor: Vendor) -> Self {
        Self {
            server: i64::from_le_bytes(store.sources.random()),
            store,
            vendor,
            held: Arc::default(),
            confirmed: Arc::default(),
        }
    }

    fn held<T>(&self, look: impl FnOnce(&mut Option<Held>) -> T) -> T {
        look(&mut self.held.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether a file may be sent now: before all of it is taken.
    ///
    /// # Errors
    /// [`Denied::Hidden`] for all but ISV admins; [`Refusal::ImportOpen`] while another one is open.
    pub async fn expect(&self, by: UserId) -> Result<(), OpError> {
        let mut tx = self.store.begin_read().await?;
        required_admin(&mut tx, by).await?;
        match store::instance::imports::open(&mut tx).await? {
            None => Ok(()),
            Some(_) => Err(Refusal::ImportOpen.into()),
        }
    }

    /// Whether somebody may import and export at all.
    ///
    /// # Errors
    /// [`Denied::Hidden`] for all but ISV admins.
    pub async fn permit(&self, by: UserId) -> Result<(), OpError> {
        let mut tx = self.store.begin_read().await?;
        required_admin(&mut tx, by).await
    }

    /// Takes a file, and begins to check it.
    ///
    /// # Errors
    /// As [`Imports::expect`].
    pub async fn take(&self, by: UserId, file: &str, input: Input) -> Result<ImportId, OpError> {
        let upload = Upload {
            id: ImportId(self.store.sources.fresh_id()),
            by,
            file: domain::instance::imports::excerpt(file),
            bytes: input.size().unwrap_or_default(),
            server: self.server,
        };
        let begun = in_transaction!(self.store, |tx| {
            required_admin(&mut tx, by).await?;
            store::instance::imports::begin(&mut tx, &upload, self.store.sources.now()).await?;
            Ok(())
        });
        match begun {
            Err(OpError::Store(error)) if error.is_duplicate() => return Err(Refusal::ImportOpen.into()),
            begun => begun?,
        }
        self.held(|held| {
            *held = Some(Held {
                id: upload.id,
                input,
                format: None,
                progress: Arc::default(),
            });
        });
        let (this, id) = (self.clone(), upload.id);
        tokio::spawn(async move {
            if let Err(error) = this.check(id, by).await {
                tracing::error!(%error, "a file cannot be checked");
                this.give_up(id, ImportFailure::Fault).await;
            }
        });
        Ok(upload.id)
    }

    /// Reads the file, and writes the report.
    async fn check(&self, id: ImportId, by: UserId) -> Result<(), ImportError> {
        let Some((input, progress)) = self.held(|held| {
            let held = held.as_ref().filter(|held| held.id == id);
            held.map(|held| (held.input.clone(), Arc::clone(&held.progress)))
        }) else {
            return Ok(());
        };
        let format = match input.format()? {
            Ok(format) => format,
            Err(problem) => {
                let report = LineReport {
                    line: 1,
                    noun: None,
                    key: String::new(),
                    outcome: Outcome::Refused(problem),
                };
                let counts = Counts {
                    refused: 1,
                    ..Counts::default()
                };
                self.add_lines(id, 0, &[report], 1000).await?;
                return Ok(self.checked(id, &counts).await?);
            }
        };
        let (tell, mut told) = mpsc::channel(2);
        let reading = {
            let (this, progress) = (self.clone(), Arc::clone(&progress));
            tokio::spawn(async move {
                let by = By::Person(by);
                organisation::check(&this.store, &this.vendor, by, &input, format, &tell, &progress).await
            })
        };
        let mut position = 0;
        while let Some(lines) = told.recv().await {
            self.add_lines(id, position, &lines, progress.thousandths())
                .await?;
            position += i64::try_from(lines.len()).unwrap_or_default();
        }
        let found = reading.await.map_err(std::io::Error::other)??;
        self.held(|held| {
            if let Some(held) = held.as_mut().filter(|held| held.id == id) {
                held.format = Some(format);
            }
        });
        Ok(self.checked(id, &found.counts()).await?)
    }

    async fn add_lines(
        &self,
        id: ImportId,
        position: i64,
        lines: &[LineReport],
        progress: u32,
    ) -> Result<(), OpError> {
        in_transaction!(self.store, |tx| {
            store::instance::imports::beat(&mut tx, id, progress, self.store.sources.now()).await?;
            store::instance::imports::add_lines(&mut tx, id, position, lines).await?;
            Ok(())
        })
    }

    async fn checked(&self, id: ImportId, counts: &Counts) -> Result<(), OpError> {
        in_transaction!(self.store, |tx| {
            let (from, to) = (ImportState::Checking, ImportState::Checked);
            store::instance::imports::step(&mut tx, id, from, to, Some(counts)).await?;
            Ok(())
        })
    }

    /// Ends an import of which nothing is stored, and forgets the file.
    async fn give_up(&self, id: ImportId, why: ImportFailure) {
        let given_up: Result<bool, OpError> = async {
            in_transaction!(self.store, |tx| {
                Ok(store::instance::imports::fail(&mut tx, id, why, self.store.sources.now()).await?)
            })
        }
        .await;
        if let Err(error) = given_up {
            tracing::error!(%error, "it cannot be told that an import failed");
        }
        self.forget(id);
    }

    fn forget(&self, id: ImportId) {
        self.held(|held| {
            if held.as_ref().is_some_and(|held| held.id == id) {
                *held = None;
            }
        });
    }

    /// Confirms a file whose entries can all be imported: the server that has it stores it, right afterwards.
    ///
    /// # Errors
    /// [`Denied::Hidden`]; [`Refusal::ImportOver`] when it waits for nothing of the kind.
    pub async fn confirm(&self, by: UserId, id: ImportId) -> Result<(), OpError> {
        let confirmed = in_transaction!(self.store, |tx| {
            required_admin(&mut tx, by).await?;
            let import = store::instance::imports::by_id(&mut tx, id)
                .await?
                .ok_or(Denied::Hidden)?;
            if import.counts.refused > 0 || import.counts.total() == 0 {
                Err(Refusal::ImportOver)?;
            }
            if !store::instance::imports::confirm(&mut tx, id, by).await? {
                Err(Refusal::ImportOver)?;
            }
            Ok(())
        });
        self.confirmed.notify_one();
        confirmed
    }

    /// Decides against a file.
    ///
    /// # Errors
    /// [`Denied::Hidden`]; [`Refusal::ImportOver`] when it is over, or being stored already.
    pub async fn discard(&self, by: UserId, id: ImportId) -> Result<(), OpError> {
        let discarded = in_transaction!(self.store, |tx| {
            required_admin(&mut tx, by).await?;
            let import = store::instance::imports::by_id(&mut tx, id)
                .await?
                .ok_or(Denied::Hidden)?;
            let now = self.store.sources.now();
            if import.state != ImportState::Checked
                || !store::instance::imports::fail(&mut tx, id, ImportFailure::Discarded, now).await?
            {
                Err(Refusal::ImportOver)?;
            }
            Ok(())
        });
        if discarded.is_ok() {
            self.forget(id);
        }
        discarded
    }

    /// The last imports, the newest first.
    ///
    /// # Errors
    /// [`Denied::Hidden`] for all but ISV admins.
    pub async fn list(&self, reader: UserId) -> Result<Vec<Import>, OpError> {
        let mut tx = self.store.begin_read().await?;
        required_admin(&mut tx, reader).await?;
        let mut imports = store::instance::imports::newest(&mut tx, LISTED).await?;
        for import in &mut imports {
            self.add_progress(import);
        }
        Ok(imports)
    }

    /// An import with a page of its report.
    ///
    /// # Errors
    /// [`Denied::Hidden`].
    pub async fn detail(
        &self,
        reader: UserId,
        id: ImportId,
        verdict: Option<Verdict>,
        page: u32,
    ) -> Result<ImportDetail, OpError> {
        let mut tx = self.store.begin_read().await?;
        required_admin(&mut tx, reader).await?;
        let mut import = store::instance::imports::by_id(&mut tx, id)
            .await?
            .ok_or(Denied::Hidden)?;
        self.add_progress(&mut import);
        let (lines, total) =
            store::instance::imports::lines(&mut tx, id, verdict, page.min(MAX_PAGE)).await?;
        Ok(ImportDetail { import, lines, total })
    }

    /// Of a file that this server has, it knows better than the database, which SQLite's one writer may be busy with.
    fn add_progress(&self, import: &mut Import) {
        self.held(|held| {
            if let Some(held) = held.as_ref().filter(|held| held.id == import.id)
                && import.state.is_running()
            {
                import.progress = held.progress.thousandths();
            }
        });
    }

    /// Writes everything in the portal, or all entries of a kind, as a file.
    ///
    /// # Errors
    /// [`Denied::Hidden`] for all but ISV admins; faults of disk and database.
    pub async fn export(&self, by: UserId, format: Format, out: std::fs::File) -> Result<(), ImportError> {
        let mut out = std::io::BufWriter::new(out);
        organisation::export(&self.store, By::Person(by), format, &mut out).await
    }

    /// At the start of a server. On SQLite there is no other one: whoever had a file is gone.
    ///
    /// # Errors
    /// [`OpError::Store`].
    pub async fn recover(&self) -> Result<(), OpError> {
        if self.store.engine() == Engine::Postgres {
            return Ok(());
        }
        in_transaction!(self.store, |tx| {
            if let Some(open) = store::instance::imports::open(&mut tx).await? {
                let now = self.store.sources.now();
                store::instance::imports::fail(&mut tx, open.id, ImportFailure::ServerEnded, now).await?;
            }
            Ok(())
        })
    }

    /// Waits until something is confirmed by this server.
    pub async fn confirmed(&self) {
        self.confirmed.notified().await;
    }

    /// Does what there is to do: stores what was confirmed, tells others that this server is there, and gives up what nobody
    /// has any more. One at a time does so.
    ///
    /// # Errors
    /// [`OpError::Store`], where it cannot be found out what there is to do.
    pub async fn tend(&self) -> Result<(), OpError> {
        // Looked at first: one that is taken in between is open.
        let before = self.held(|held| held.as_ref().map(|held| held.id));
        let mut tx = self.store.begin_read().await?;
        let open = store::instance::imports::open(&mut tx).await?;
        drop(tx);
        match open {
            Some(open) => self.tend_to(open).await,
            None => {
                if let Some(id) = before {
                    self.forget(id);
                }
            }
        }
        Ok(())
    }

    async fn tend_to(&self, open: Open) {
        let now = self.store.sources.now();
        let mine = open.server == self.server
            && self.held(|held| held.as_ref().is_some_and(|held| held.id == open.id));
        match open.state {
            _ if !mine => {
                if open.beat < earlier(now, GONE) {
                    self.give_up(open.id, ImportFailure::ServerEnded).await;
                }
            }
            ImportState::Checked if open.at < earlier(now, WAITS) => {
                self.give_up(open.id, ImportFailure::Waited).await;
            }
            ImportState::Confirmed => self.store_it(open).await,
            // Whoever stored it failed on the way. Nothing of it is stored.
            ImportState::Importing => self.give_up(open.id, ImportFailure::Fault).await,
            _ => {
                let heard = async {
                    in_transaction!(self.store, |tx| {
                        let progress =
                            self.held(|held| held.as_ref().map_or(0, |held| held.progress.thousandths()));
                        store::instance::imports::beat(&mut tx, open.id, progress, now).await?;
                        Ok(())
                    })
                };
                if let Err(error) = heard.await {
                    tracing::warn!(%error, "cannot tell that an import is open");
                }
            }
        }
    }

    /// Stores the file that was confirmed. Meanwhile its server says that it is there, where the database lets it.
    async fn store_it(&self, open: Open) {
        let storing = async {
            in_transaction!(self.store, |tx| {
                let (from, to) = (ImportState::Confirmed, ImportState::Importing);
                Ok(store::instance::imports::step(&mut tx, open.id, from, to, None).await?)
            })
        };
        if !matches!(storing.await, Ok(true)) {
            return;
        }
        // A task of its own: whoever watches for steps of the storing is to see no others.
        let mut beating = JoinSet::new();
        beating.spawn(self.clone().beat(open.id));
        let outcome = self.store_all(open).await;
        beating.shutdown().await;
        match outcome {
            Ok(()) => self.forget(open.id),
            Err(error) => {
                let why = match &error {
                    ImportError::Refused(_) | ImportError::Overtaken => ImportFailure::Overtaken,
                    ImportError::Op(OpError::Refused(_) | OpError::NoSuchActor) => {
                        ImportFailure::NotPermitted
                    }
                    ImportError::Op(
                        OpError::Store(_) | OpError::TooManyMails(_) | OpError::Overloaded(_),
                    )
                    | ImportError::Hash(_)
                    | ImportError::Io(_) => {
                        tracing::error!(%error, "an import failed");
                        ImportFailure::Fault
                    }
                };
                self.give_up(open.id, why).await;
            }
        }
    }

    /// Says again and again that this server is there.
    async fn beat(self, id: ImportId) {
        // SQLite's one writer is the import itself; and there is no other server that could miss this one.
        while self.store.engine() == Engine::Postgres {
            tokio::time::sleep(BEAT).await;
            let progress = self.held(|held| held.as_ref().map_or(0, |held| held.progress.thousandths()));
            let _ = self.add_lines(id, 0, &[], progress).await;
        }
    }

    async fn store_all(&self, open: Open) -> Result<(), ImportError> {
        let held = self.held(|held| {
            let held = held.as_ref().filter(|held| held.id == open.id)?;
            Some((held.input.clone(), held.format?, Arc::clone(&held.progress)))
        });
        let (input, format, progress) = held.ok_or_else(|| std::io::Error::other("the file is gone"))?;
        let task = Task {
            by: By::Person(open.by),
            password: None,
            upload: Some((open.id, self.server)),
            fact: None,
        };
        organisation::store_all(&self.store, &self.vendor, task, &input, format, &progress).await?;
        Ok(())
    }
}
