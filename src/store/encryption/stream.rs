//! A file, encrypted from its beginning to its end without being held in memory.
//!
//! The first line says what it is, which key it needs, and the nonce of the file. Then come chunks of 64 KB, each encrypted by
//! XChaCha20-Poly1305, the last one shorter or empty. The nonce of a chunk is that of the file, the number of the chunk and
//! whether it is the last, as in STREAM (Hoang, Reyhanitabar, Rogaway and Vizár 2015); the first line is authenticated with each.
//! So chunks can be left out, exchanged, repeated, cut off, or taken from another file nowhere without it being known.

use std::io::{self, BufRead, Read, Write};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};

use crate::store::encryption::cipher::EncryptionKey;

/// What the first line begins with.
const FORMAT: &str = "license-portal/encrypted@1";
/// Longest first line that is read.
const MAX_LINE: u64 = 256;
/// Bytes of the file in a chunk.
const CHUNK: usize = 64 * 1024;
/// Bytes that authenticate a chunk.
const TAG: usize = 16;
/// Bytes of the nonce that chunks share.
const SHARED: usize = 19;

/// A chunk cannot be decrypted: the file is damaged, breaks off, or was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is damaged, breaks off or was changed: what is encrypted in it is not what was")]
pub struct Broken;

impl From<Broken> for io::Error {
    fn from(broken: Broken) -> Self {
        Self::new(io::ErrorKind::InvalidData, broken)
    }
}

/// What both directions have in common.
struct Chunks {
    cipher: XChaCha20Poly1305,
    shared: [u8; SHARED],
    number: u32,
    line: Vec<u8>,
}

impl Chunks {
    fn begin(key: &EncryptionKey, shared: [u8; SHARED], line: String) -> Self {
        Self {
            cipher: key.cipher(),
            shared,
            number: 0,
            line: line.into_bytes(),
        }
    }

    /// The nonce of the next chunk. A file of more than 256 TB has none.
    fn nonce(&mut self, last: bool) -> io::Result<XNonce> {
        let mut nonce = [0; SHARED + 5];
        let (shared, rest) = nonce.split_at_mut(SHARED);
        shared.copy_from_slice(&self.shared);
        let (number, end) = rest.split_at_mut(4);
        number.copy_from_slice(&self.number.to_be_bytes());
        end.fill(u8::from(last));
        let next = self.number.checked_add(1);
        self.number = next.ok_or_else(|| io::Error::other("a file of more than 256 TB"))?;
        Ok(XNonce::from(nonce))
    }
}

/// Encrypts what is written to it. Without [`Sealer::finish`] the file has no end, and is refused.
pub struct Sealer<W> {
    to: W,
    chunks: Chunks,
    waiting: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    /// Writes the first line. The nonce is random, and never used a second time.
    ///
    /// # Errors
    /// Those of what is written to.
    pub fn begin(mut to: W, key: &EncryptionKey, nonce: [u8; SHARED]) -> io::Result<Self> {
        let line = format!("{FORMAT} {} {}\n", key.id(), URL_SAFE_NO_PAD.encode(nonce));
        let chunks = Chunks::begin(key, nonce, line);
        to.write_all(&chunks.line)?;
        Ok(Self {
            to,
            chunks,
            waiting: Vec::with_capacity(CHUNK),
        })
    }

    fn seal(&mut self, last: bool) -> io::Result<()> {
        let nonce = self.chunks.nonce(last)?;
        let payload = Payload {
            msg: &self.waiting,
            aad: &self.chunks.line,
        };
        let sealed = self.chunks.cipher.encrypt(&nonce, payload);
        let sealed = sealed.map_err(|_| io::Error::other("a chunk cannot be encrypted"))?;
        self.to.write_all(&sealed)?;
        self.waiting.clear();
        Ok(())
    }

    /// Writes the end of the file.
    ///
    /// # Errors
    /// Those of what is written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        self.to.flush()?;
        Ok(self.to)
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits until it is known that it is not the last.
        if self.waiting.len() == CHUNK && !bytes.is_empty() {
            self.seal(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.waiting.len());
        self.waiting
            .extend_from_slice(bytes.get(..taken).unwrap_or_default());
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Decrypts a file. What was read counts only once its end was reached: before that, it may break off.
pub struct Opener<R> {
    from: R,
    chunks: Chunks,
    open: Vec<u8>,
    at: usize,
    ended: bool,
}

/// What a file is, by its beginning.
pub enum Beginning {
    /// Something that is not encrypted.
    Plain,
    /// It is encrypted with the key of this id.
    Encrypted {
        /// The id of its key.
        key: String,
        /// Its nonce.
        nonce: [u8; SHARED],
        /// The whole of it.
        line: String,
    },
}

/// Reads the first line of a file that is encrypted; of another one nothing.
///
/// # Errors
/// [`Broken`] where the line is none; those of what is read.
pub fn beginning(from: &mut impl BufRead) -> io::Result<Beginning> {
    let first = FORMAT.as_bytes().first();
    if from.fill_buf()?.first() != first {
        return Ok(Beginning::Plain);
    }
    let mut line = String::new();
    from.take(MAX_LINE)
        .read_line(&mut line)
        .map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => Broken.into(),
            _ => error,
        })?;
    let parts: Option<[&str; 3]> = line
        .strip_suffix('\n')
        .and_then(|line| line.split(' ').collect::<Vec<_>>().try_into().ok());
    let Some([FORMAT, key, nonce]) = parts else {
        return Err(Broken.into());
    };
    let nonce = URL_SAFE_NO_PAD.decode(nonce).map_err(|_| Broken)?;
    Ok(Beginning::Encrypted {
        key: key.to_owned(),
        nonce: nonce.try_into().map_err(|_| Broken)?,
        line,
    })
}

impl<R: BufRead> Opener<R> {
    /// Goes on behind the [beginning] of a file.
    pub fn after_beginning(from: R, key: &EncryptionKey, nonce: [u8; SHARED], line: String) -> Self {
        Self {
            from,
            chunks: Chunks::begin(key, nonce, line),
            open: Vec::new(),
            at: 0,
            ended: false,
        }
    }

    fn next(&mut self) -> io::Result<()> {
        let mut sealed = Vec::with_capacity(CHUNK + TAG);
        let most = (CHUNK + TAG) as u64;
        self.from.by_ref().take(most).read_to_end(&mut sealed)?;
        self.ended = self.from.fill_buf()?.is_empty();
        let nonce = self.chunks.nonce(self.ended)?;
        let payload = Payload {
            msg: &sealed,
            aad: &self.chunks.line,
        };
        self.open = self.chunks.cipher.decrypt(&nonce, payload).map_err(|_| Broken)?;
        self.at = 0;
        Ok(())
    }
}

impl<R: BufRead> Read for Opener<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(to)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Opener<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.open.len() && !self.ended {
            self.next()?;
        }
        Ok(self.open.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.at += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: [u8; SHARED] = [3; SHARED];

    fn key() -> EncryptionKey {
        [7; 32].into()
    }

    fn sealed(text: &[u8]) -> Vec<u8> {
        let mut sealer = Sealer::begin(Vec::new(), &key(), NONCE).unwrap();
        sealer.write_all(text).unwrap();
        sealer.finish().unwrap()
    }

    fn opened(mut bytes: &[u8], with: &EncryptionKey) -> io::Result<Vec<u8>> {
        let Beginning::Encrypted { nonce, line, .. } = beginning(&mut bytes)? else {
            panic!("it is encrypted");
        };
        let mut text = Vec::new();
        Opener::after_beginning(bytes, with, nonce, line).read_to_end(&mut text)?;
        Ok(text)
    }

    fn of(length: usize) -> Vec<u8> {
        (0..length).map(|at| (at % 251) as u8).collect()
    }

    #[test]
    fn what_was_encrypted_is_decrypted() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let bytes = sealed(&of(length));
            assert_eq!(opened(&bytes, &key()).unwrap(), of(length), "{length}");
            assert!(opened(&bytes, &[8; 32].into()).is_err(), "{length}");
        }
        let bytes = sealed(b"a secret");
        assert!(!bytes.windows(6).any(|part| part == b"secret"));
        let Beginning::Encrypted { key: id, .. } = beginning(&mut &bytes[..]).unwrap() else {
            panic!("it is encrypted");
        };
        assert_eq!(id, key().id().as_str());
        assert!(matches!(
            beginning(&mut &b"{\"format\""[..]),
            Ok(Beginning::Plain)
        ));
    }

    #[test]
    fn every_byte_that_was_altered_is_noticed() {
        let bytes = sealed(b"a secret");
        for at in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            let plain = matches!(beginning(&mut &altered[..]), Ok(Beginning::Plain));
            assert!(plain || opened(&altered, &key()).is_err(), "byte {at}");
        }
    }

    #[test]
    fn chunks_stand_in_their_place_and_in_their_file_alone() {
        let bytes = sealed(&of(3 * CHUNK + 5));
        let head = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let chunk = |at: usize| &bytes[head + at * (CHUNK + TAG)..head + (at + 1) * (CHUNK + TAG)];
        let (first, last) = (&bytes[..head], &bytes[head + 3 * (CHUNK + TAG)..]);
        let whole = [first, chunk(0), chunk(1), chunk(2), last].concat();
        assert_eq!(opened(&whole, &key()).unwrap(), of(3 * CHUNK + 5));
        for (what, parts) in [
            ("exchanged", vec![first, chunk(1), chunk(0), chunk(2), last]),
            ("left out", vec![first, chunk(0), chunk(2), last]),
            (
                "repeated",
                vec![first, chunk(0), chunk(0), chunk(1), chunk(2), last],
            ),
            ("cut off at a chunk", vec![first, chunk(0), chunk(1), chunk(2)]),
            ("without any", vec![first]),
            ("longer", vec![&whole, &[0]]),
            ("twice", vec![&whole, &whole[head..]]),
        ] {
            assert!(opened(&parts.concat(), &key()).is_err(), "{what}");
        }
        // Of another file under the same key.
        let mut other = Sealer::begin(Vec::new(), &key(), [4; SHARED]).unwrap();
        other.write_all(&of(3 * CHUNK + 5)).unwrap();
        let other = other.finish().unwrap();
        let mixed = [&whole[..head + CHUNK + TAG], &other[head + CHUNK + TAG..]].concat();
        assert!(opened(&mixed, &key()).is_err());
        for end in (0..whole.len()).step_by(997) {
            let cut = &whole[..end];
            assert!(end == 0 || opened(cut, &key()).is_err(), "the first {end} bytes");
        }
    }
}
