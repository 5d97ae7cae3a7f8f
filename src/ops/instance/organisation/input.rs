//! Where the bytes of a file come from, what kind of file it is, and how far it is read.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::instance::imports::Noun;
use tokio::{sync::mpsc, task::JoinHandle};

use crate::{
    ops::instance::organisation::{
        json,
        records::{Entry, Sink},
        tables,
    },
    views::instance::imports::LineProblem,
};

/// How much of a file is looked at to find out what it is, in bytes.
const BEGINNING: u64 = 64 * 1024;

/// A file that can be read again and again, one reading at a time.
#[derive(Debug, Clone)]
pub enum Input {
    /// In memory.
    Bytes(Arc<[u8]>),
    /// On the disk.
    File(Arc<File>),
}

impl From<Vec<u8>> for Input {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<File> for Input {
    fn from(file: File) -> Self {
        Self::File(Arc::new(file))
    }
}

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An organisation file.
    Json,
    /// A table of such entries.
    Table(Noun),
}

impl Format {
    /// What such a file has entries of, in the order in which they are imported.
    #[must_use]
    pub fn nouns(self) -> &'static [Noun] {
        match self {
            Self::Json => Noun::ALL,
            Self::Table(noun) => {
                let at = Noun::ALL.iter().position(|other| *other == noun);
                at.map_or(&[], |at| &Noun::ALL[at..=at])
            }
        }
    }
}

/// How much is done of how much, for whoever watches: bytes of the file, each as often as it is read.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    of: AtomicU64,
}

impl Progress {
    /// Begins anew.
    pub(crate) fn begin(&self, of: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
    }

    fn add(&self, bytes: usize) {
        self.done
            .fetch_add(u64::try_from(bytes).unwrap_or_default(), Ordering::Relaxed);
    }

    /// So many of so many.
    #[must_use]
    pub fn so_far(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed))
    }

    /// The same in thousandths.
    #[must_use]
    pub fn thousandths(&self) -> u32 {
        let (done, of) = self.so_far();
        u32::try_from(done.min(of) * 1000 / of.max(1)).unwrap_or(1000)
    }
}

impl Input {
    /// Its size, in bytes.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn size(&self) -> io::Result<u64> {
        match self {
            Self::Bytes(bytes) => Ok(u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
            Self::File(file) => Ok(file.metadata()?.len()),
        }
    }

    /// Begins to read it.
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        match self {
            Self::Bytes(bytes) => Ok(Box::new(io::Cursor::new(Arc::clone(bytes)))),
            Self::File(file) => {
                file.as_ref().seek(SeekFrom::Start(0))?;
                Ok(Box::new(Arc::clone(file)))
            }
        }
    }

    /// Finds out what kind of file it is.
    ///
    /// # Errors
    /// Those of the disk; inside, why nothing can be done with the file.
    pub fn format(&self) -> io::Result<Result<Format, LineProblem>> {
        let mut beginning = Vec::new();
        self.open()?.take(BEGINNING).read_to_end(&mut beginning)?;
        Ok(format_of(&beginning))
    }
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

fn format_of(beginning: &[u8]) -> Result<Format, LineProblem> {
    if let [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..] = beginning {
        return Err(LineProblem::Utf16);
    }
    let text = beginning.strip_prefix(BOM).unwrap_or(beginning);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        None => Err(LineProblem::Empty),
        Some(b'{' | b'[') => Ok(Format::Json),
        Some(_) => tables::noun_of(text).map(Format::Table),
    }
}

/// The entries of a file, as they are read.
pub(crate) struct Entries {
    batches: mpsc::Receiver<Vec<Entry>>,
    reading: JoinHandle<io::Result<()>>,
}

impl Entries {
    /// Reads the entries of that kind; few batches wait to be worked on.
    pub(crate) fn of(input: &Input, format: Format, noun: Noun, progress: &Arc<Progress>) -> Self {
        let (to, batches) = mpsc::channel(1);
        let (input, progress) = (input.clone(), Arc::clone(progress));
        let reading = tokio::task::spawn_blocking(move || {
            let source = Counted {
                source: input.open()?,
                progress,
            };
            let mut source = BufReader::with_capacity(64 * 1024, source);
            if source.fill_buf()?.starts_with(BOM) {
                source.consume(BOM.len());
            }
            let mut sink = Sink::new(to);
            let read = match format {
                Format::Json => json::read(source, noun, &mut sink),
                Format::Table(_) => tables::read(source, noun, &mut sink)?,
            };
            // Whoever does not want any more of them has left already.
            let _ = read.and_then(|()| sink.send());
            Ok(())
        });
        Self { batches, reading }
    }

    /// The next ones.
    pub(crate) async fn next(&mut self) -> Option<Vec<Entry>> {
        self.batches.recv().await
    }

    /// Ends the reading, so that another one can begin.
    pub(crate) async fn end(self) -> io::Result<()> {
        drop(self.batches);
        self.reading.await.map_err(io::Error::other)?
    }
}

struct Counted {
    source: Box<dyn Read + Send>,
    progress: Arc<Progress>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.progress.add(read);
        Ok(read)
    }
}
