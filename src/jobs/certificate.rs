//! The certificate that the portal shows where TLS ends in it, read again when its files change (RFC 8446, RFC 9325; ASVS 5.0,
//! 12.1 and 12.2).
//!
//! New connections get the new one; those that there are keep what they began with.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sha2::{Digest, Sha256};
use tokio_rustls::rustls::{
    Error, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    version::{TLS12, TLS13},
};
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use crate::metrics;

/// How often the files are looked at.
const EVERY: Duration = Duration::from_secs(2);
/// Largest file, in bytes: chains have a few thousand.
const LARGEST: u64 = 256 * 1024;
/// What is spoken inside (RFC 7301).
const PROTOCOL: &[u8] = b"http/1.1";

/// Where a certificate and its key stand, both as PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The certificate of the server, and behind it those of its issuers.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Why a certificate cannot be shown, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// One of the files cannot be read.
    #[error("cannot read the file {0:?}: {1}")]
    Read(PathBuf, io::Error),
    /// One of the files is no such file.
    #[error("the file {0:?} has more than {LARGEST} bytes")]
    Large(PathBuf),
    /// There is no certificate.
    #[error("the file {0:?} holds no certificate that can be read (PEM)")]
    NoCertificate(PathBuf),
    /// There is no key.
    #[error("the file {0:?} holds no private key that can be read (PEM, without a password)")]
    NoKey(PathBuf),
    /// They do not belong together.
    #[error(
        "the key in {1:?} is not that of the first certificate in {0:?}, which has to be the one of this server"
    )]
    Mismatch(PathBuf, PathBuf),
    /// Something else is wrong with them.
    #[error("the certificate in {0:?} and the key in {1:?} cannot be used: {2}")]
    Unusable(PathBuf, PathBuf, Error),
}

/// What stands in the two files.
struct Contents {
    certificate: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

/// By which contents, or failures, are known again.
type Print = [u8; 32];

impl Pair {
    fn read(&self) -> Result<Contents, PairError> {
        Ok(Contents {
            certificate: contents(&self.certificate)?,
            key: Zeroizing::new(contents(&self.key)?),
        })
    }

    /// What new connections begin with. TLS 1.2 and 1.3, the strongest cipher suites first, nothing before the handshake is over.
    fn configured(&self, contents: &Contents) -> Result<Arc<ServerConfig>, PairError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&contents.certificate).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let chain = chain.ok_or_else(|| PairError::NoCertificate(self.certificate.clone()))?;
        let key = PrivateKeyDer::from_pem_slice(&contents.key);
        let key = key.map_err(|_| PairError::NoKey(self.key.clone()))?;
        let unusable = |error| match error {
            Error::InconsistentKeys(_) => PairError::Mismatch(self.certificate.clone(), self.key.clone()),
            error => PairError::Unusable(self.certificate.clone(), self.key.clone(), error),
        };
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(unusable)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(unusable)?;
        config.ignore_client_order = true;
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        Ok(Arc::new(config))
    }
}

fn contents(path: &Path) -> Result<Vec<u8>, PairError> {
    let failed = |error| PairError::Read(path.to_owned(), error);
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if u64::try_from(bytes.len()).is_ok_and(|bytes| bytes > LARGEST) {
        return Err(PairError::Large(path.to_owned()));
    }
    Ok(bytes)
}

fn print_of(read: &Result<Contents, PairError>) -> Print {
    let mut hash = Sha256::new();
    match read {
        Ok(contents) => {
            hash.update(contents.certificate.len().to_be_bytes());
            hash.update(&contents.certificate);
            hash.update(contents.key.as_slice());
        }
        Err(error) => hash.update(error.to_string()),
    }
    hash.finalize().into()
}

/// What the files held at which looks.
#[derive(Debug)]
struct Seen {
    /// At the last one.
    last: Print,
    /// When they were taken, or found wanting.
    tried: Print,
    /// Whether they are found wanting.
    refused: bool,
}

/// What came of a look at the files.
#[derive(Debug)]
enum Look {
    /// They are as they were, or were only just changed.
    Nothing,
    /// New connections get another certificate.
    Taken,
    /// What is there now cannot be used, and what was there before stays.
    Refused(PairError),
}

/// The certificate in force. All clones have the same.
#[derive(Debug, Clone)]
pub struct Certificate {
    pair: Pair,
    current: Arc<Mutex<Arc<ServerConfig>>>,
    seen: Arc<Mutex<Seen>>,
}

impl Certificate {
    /// Reads the pair for the first time.
    ///
    /// # Errors
    /// [`PairError`].
    pub fn read(pair: Pair) -> Result<Self, PairError> {
        let read = pair.read();
        let print = print_of(&read);
        let current = pair.configured(&read?)?;
        Ok(Self {
            pair,
            current: Arc::new(Mutex::new(current)),
            seen: Arc::new(Mutex::new(Seen {
                last: print,
                tried: print,
                refused: false,
            })),
        })
    }

    /// What a new connection begins with.
    #[must_use]
    pub fn current(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes what the files hold, once it has stayed the same from one look to the next: two files are not replaced at once.
    fn look(&self) -> Look {
        let read = self.pair.read();
        let print = print_of(&read);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let has_settled = std::mem::replace(&mut seen.last, print) == print;
        if !has_settled || seen.tried == print {
            return Look::Nothing;
        }
        seen.tried = print;
        let configured = read.and_then(|contents| self.pair.configured(&contents));
        seen.refused = configured.is_err();
        match configured {
            Ok(config) => {
                *self.current.lock().unwrap_or_else(PoisonError::into_inner) = config;
                Look::Taken
            }
            Err(error) => Look::Refused(error),
        }
    }

    fn is_refused(&self) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).refused
    }

    /// Looks at the files until it is told to stop.
    pub async fn run(self, stop: CancellationToken) {
        while stop
            .run_until_cancelled(tokio::time::sleep(EVERY))
            .await
            .is_some()
        {
            let certificate = self.clone();
            let look = tokio::task::spawn_blocking(move || certificate.look()).await;
            // As long as it is so: the certificate in force expires.
            metrics::round("certificate", look.is_ok() && !self.is_refused());
            match look {
                Ok(Look::Nothing) => {}
                Ok(Look::Taken) => tracing::info!(
                    path = %self.pair.certificate.display(),
                    "new connections get the new certificate"
                ),
                Ok(Look::Refused(error)) => {
                    tracing::error!(%error, "the new certificate cannot be used, the one before stays");
                }
                Err(error) => tracing::error!(%error, "cannot look for a new certificate"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};

    use super::*;

    fn made() -> CertifiedKey<KeyPair> {
        generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate")
    }

    fn write(pair: &Pair, made: &CertifiedKey<KeyPair>) {
        std::fs::write(&pair.certificate, made.cert.pem()).expect("it is written");
        std::fs::write(&pair.key, made.signing_key.serialize_pem()).expect("it is written");
    }

    fn pair(folder: &tempfile::TempDir) -> Pair {
        Pair {
            certificate: folder.path().join("portal.crt"),
            key: folder.path().join("portal.key"),
        }
    }

    #[test]
    fn what_is_wrong_with_a_pair_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let pair = pair(&folder);
        let told = || {
            Certificate::read(pair.clone())
                .expect_err("a problem")
                .to_string()
        };
        assert!(told().contains("portal.crt\": No such file"), "{}", told());
        let (first, second) = (made(), made());
        std::fs::write(&pair.certificate, first.cert.pem()).expect("it is written");
        assert!(told().contains("portal.key\": No such file"), "{}", told());
        std::fs::write(&pair.key, first.cert.pem()).expect("it is written");
        assert!(told().contains("no private key"), "{}", told());
        std::fs::write(&pair.key, second.signing_key.serialize_pem()).expect("it is written");
        assert!(
            told().contains("is not that of the first certificate"),
            "{}",
            told()
        );
        std::fs::write(&pair.certificate, second.signing_key.serialize_pem()).expect("it is written");
        assert!(told().contains("no certificate"), "{}", told());
        let large = "x".repeat(usize::try_from(LARGEST).expect("a number") + 1);
        std::fs::write(&pair.certificate, large).expect("it is written");
        assert!(told().contains("more than"), "{}", told());
        write(&pair, &second);
        Certificate::read(pair.clone()).expect("both fit");
    }

    #[test]
    fn a_new_pair_is_taken_once_it_is_whole_and_a_broken_one_is_told_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let pair = pair(&folder);
        let (first, second) = (made(), made());
        write(&pair, &first);
        let certificate = Certificate::read(pair.clone()).expect("both fit");
        let before = certificate.current();
        assert!(matches!(certificate.look(), Look::Nothing));
        // Half of a new pair.
        std::fs::write(&pair.certificate, second.cert.pem()).expect("it is written");
        assert!(
            matches!(certificate.look(), Look::Nothing),
            "it was only just changed"
        );
        assert!(matches!(
            certificate.look(),
            Look::Refused(PairError::Mismatch(..))
        ));
        assert!(matches!(certificate.look(), Look::Nothing), "it was told");
        assert!(certificate.is_refused());
        assert!(Arc::ptr_eq(&before, &certificate.current()));
        std::fs::remove_file(&pair.key).expect("it is removed");
        assert!(matches!(certificate.look(), Look::Nothing));
        assert!(matches!(certificate.look(), Look::Refused(PairError::Read(..))));
        assert!(matches!(certificate.look(), Look::Nothing));
        assert!(Arc::ptr_eq(&before, &certificate.current()));
        write(&pair, &second);
        assert!(matches!(certificate.look(), Look::Nothing));
        assert!(matches!(certificate.look(), Look::Taken));
        assert!(!Arc::ptr_eq(&before, &certificate.current()) && !certificate.is_refused());
        assert!(matches!(certificate.look(), Look::Nothing));
    }
}
