//! What settings must be.

use std::{net::IpAddr, path::PathBuf};

use ipnet::IpNet;
use jiff::SignedDuration;
use lettre::{AsyncSmtpTransport, Tokio1Executor, message::Mailbox};

use crate::{
    jobs::{
        certificate::{Certificate, Pair},
        checkpoints::Target,
    },
    server::{config::problems::SettingsError, security_txt},
    store::{self, encryption::KeySource},
};
use domain::{accounts::sessions, licensing::leases};

pub(super) fn security_contact(text: String) -> Result<String, SettingsError> {
    if security_txt::is_contact(&text) {
        Ok(text)
    } else {
        Err(SettingsError::Contact(text))
    }
}

/// Where the key comes from: the variable, or a file; by default one beside the database.
pub(super) fn key_source(
    variable: Option<&str>,
    file: Option<PathBuf>,
    database: &str,
) -> Result<KeySource, SettingsError> {
    match (variable, file) {
        (Some(_), Some(_)) => Err(SettingsError::TwoKeys),
        (Some(text), None) => Ok(KeySource::from_variable(text)?),
        (None, Some(path)) => Ok(KeySource::File(path)),
        (None, None) => Ok(KeySource::File(match store::file_of(database) {
            Some(database) => database.with_file_name("portal.key"),
            None => PathBuf::from("data/portal.key"),
        })),
    }
}

/// The certificate that is shown, and its key. They are read where they will be needed.
pub(super) fn tls(
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    serves: bool,
) -> Result<Option<Pair>, SettingsError> {
    let pair = match (certificate, key) {
        (Some(certificate), Some(key)) => Pair { certificate, key },
        (Some(_), None) => return Err(SettingsError::HalfPair("tls-cert", "tls-key")),
        (None, Some(_)) => return Err(SettingsError::HalfPair("tls-key", "tls-cert")),
        (None, None) => return Ok(None),
    };
    if serves {
        Certificate::read(pair.clone())?;
    }
    Ok(Some(pair))
}

/// The proxies that are trusted; a bare address is a network of one.
pub(super) fn proxies(networks: &[String]) -> Result<Vec<IpNet>, SettingsError> {
    let read = |text: &String| {
        let network = text.parse().ok();
        network
            .or_else(|| Some(IpNet::from(text.parse::<IpAddr>().ok()?)))
            .ok_or_else(|| SettingsError::Proxy(text.clone()))
    };
    networks.iter().map(read).collect()
}

/// Where checkpoints are pushed to.
pub(super) fn targets(texts: &[String]) -> Result<Vec<Target>, SettingsError> {
    let read = |(number, text): (usize, &String)| text.parse().map_err(|_| SettingsError::Target(number + 1));
    texts.iter().enumerate().map(read).collect()
}

/// How long somebody may do nothing. People are warned a minute before; and no login lives longer than that anyway.
pub(super) fn idle(idle: SignedDuration) -> Result<SignedDuration, SettingsError> {
    if (65..=sessions::LIFETIME.as_secs()).contains(&idle.as_secs()) {
        Ok(SignedDuration::from_secs(idle.as_secs()))
    } else {
        Err(SettingsError::Idle(format!("{idle:#}")))
    }
}

pub(super) fn lease(seconds: Option<u32>) -> Result<SignedDuration, SettingsError> {
    match seconds {
        Some(seconds) if (3..=86_400).contains(&seconds) => Ok(SignedDuration::from_secs(seconds.into())),
        Some(seconds) => Err(SettingsError::Lease(seconds)),
        None => Ok(leases::LIFETIME),
    }
}

pub(super) fn mail_address(name: &'static str, address: String) -> Result<String, SettingsError> {
    if address.parse::<Mailbox>().is_ok() {
        Ok(address)
    } else {
        Err(SettingsError::MailAddress(name, address))
    }
}

/// Connects with nobody.
pub(super) fn smtp(url: String) -> Result<String, SettingsError> {
    match AsyncSmtpTransport::<Tokio1Executor>::from_url(&url) {
        Ok(_) => Ok(url),
        Err(_) => Err(SettingsError::Smtp),
    }
}

pub(super) fn log(filter: String) -> Result<String, SettingsError> {
    match filter.parse::<tracing_subscriber::EnvFilter>() {
        Ok(_) => Ok(filter),
        Err(_) => Err(SettingsError::Log(filter)),
    }
}

/// Checks the address at which people reach the portal: no path, no query, http or https; the latter, where it speaks TLS.
pub(super) fn portal_url(text: String, tls: bool) -> Result<String, SettingsError> {
    let uri: Option<http::Uri> = text.parse().ok();
    if tls && uri.as_ref().is_some_and(|uri| uri.scheme_str() == Some("http")) {
        return Err(SettingsError::UrlWithoutTls(text));
    }
    let fits = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.authority().is_some()
            && uri.path() == "/"
            && uri.query().is_none()
    });
    if fits {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err(SettingsError::Url(text))
    }
}
