//! Whose word is taken for which portal is which.

use ureq::tls::{PemItem, RootCerts, parse_pem};

use crate::failure::{Exit, Failure, clean};

/// Where systems keep the certificates they trust: Debian and Alpine, Fedora, SUSE, macOS and BSD.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The certificates that are trusted: those of `SSL_CERT_FILE`, else those of the system, else those built in, which
/// are Mozilla's.
///
/// # Errors
/// When `SSL_CERT_FILE` names a file without certificates.
pub fn trusted() -> Result<RootCerts, Failure> {
    let read = |pem: &[u8]| -> Vec<_> {
        let certificate = |item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        };
        parse_pem(pem).filter_map(certificate).collect()
    };
    if let Some(path) = std::env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty()) {
        let found = std::fs::read(&path).map(|pem| read(&pem)).unwrap_or_default();
        if found.is_empty() {
            let path = clean(&path.to_string_lossy());
            let message = format!("there are no certificates in {path}, which SSL_CERT_FILE names");
            return Err(Failure::new(Exit::BadFile, message));
        }
        return Ok(found.into());
    }
    let found = BUNDLES
        .iter()
        .filter_map(|bundle| std::fs::read(bundle).ok())
        .map(|pem| read(&pem))
        .find(|found| !found.is_empty());
    Ok(found.map_or(RootCerts::WebPki, Into::into))
}
