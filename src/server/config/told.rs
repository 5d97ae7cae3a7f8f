//! The settings as they are shown: each, its value, and where it is set. Of secrets only whether they are set.

use std::path::Path;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::history::webhooks::Receivers;
use serde::Serialize;

use crate::{
    auth::client_address::TrustedProxies,
    server::config::{Origin, SETTINGS, Setting, Settings},
    store::{Way, encryption::KeySource},
};

/// A setting, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    pub name: &'static str,
    /// `None` where it has none, and of what is secret.
    pub value: Option<String>,
    pub secret: bool,
    pub is_set: bool,
    /// In words: `flag --listen`, `environment PORTAL_LISTEN`, `file PATH`, `default`.
    pub from: String,
}

/// All settings.
#[must_use]
pub fn told(settings: &Settings, config: Option<&Path>) -> Vec<Told> {
    let told = |setting: &Setting| {
        let origin = settings.from.get(setting.name).copied();
        let origin = origin.unwrap_or(Origin::Default);
        // A secret is set where its file is named.
        let of_file = format!("{}_file", setting.name);
        let by_file = settings.secret_files.contains_key(of_file.as_str());
        let place = SETTINGS.iter().find(|other| by_file && other.name == of_file);
        let place = place.unwrap_or(setting);
        let by_variable = setting.name == "key_file" && matches!(settings.key, KeySource::Environment(_));
        let value = value(settings, setting.name);
        Told {
            name: setting.name,
            is_set: if setting.secret {
                origin != Origin::Default
            } else {
                value.is_some()
            },
            value: value.filter(|_| !setting.secret),
            secret: setting.secret,
            from: match (origin, config) {
                _ if by_variable => "environment PORTAL_KEY".to_owned(),
                (Origin::Flag, _) => format!("flag {}", place.flag()),
                (Origin::Environment, _) => format!("environment {}", place.variable()),
                (Origin::File, Some(path)) => format!("file {}", path.display()),
                (Origin::File | Origin::Default, _) => "default".to_owned(),
            },
        }
    };
    SETTINGS.iter().map(told).collect()
}

/// What is in force.
fn value(settings: &Settings, name: &str) -> Option<String> {
    let path = |path: &Path| path.display().to_string();
    let yes = |is_so: bool| Some(is_so.to_string());
    match name {
        "listen" => Some(settings.listen.to_string()),
        "metrics" => settings.metrics.map(|address| address.to_string()),
        "key_file" => match &settings.key {
            KeySource::File(file) => Some(path(file)),
            KeySource::Environment(_) => None,
        },
        "connections" => Some(settings.connections.to_string()),
        "behind_pooler" => yes(settings.way == Way::Pooler),
        "maker_key" => settings
            .maker_key
            .map(|key| URL_SAFE_NO_PAD.encode(key.as_bytes())),
        "site" => Some(path(&settings.site)),
        "tls_cert" => settings.tls.as_ref().map(|pair| path(&pair.certificate)),
        "tls_key" => settings.tls.as_ref().map(|pair| path(&pair.key)),
        "https" => yes(settings.https),
        "behind_proxy" => yes(!matches!(settings.proxies, TrustedProxies::None)),
        "trusted_proxies" => match &settings.proxies {
            TrustedProxies::These(networks) => Some(
                networks
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(","),
            ),
            TrustedProxies::Any | TrustedProxies::None => None,
        },
        "idle" => Some(format!("{:#}", settings.idle)),
        "lease" => Some(settings.lease.as_secs().to_string()),
        "url" => Some(settings.url.clone()),
        "security_contact" => settings.security_contact.clone(),
        "mail_from" => Some(settings.mail.from.clone()),
        "mail_folder" => Some(path(&settings.mail.folder)),
        "maker_mail" => settings.maker_mail.clone(),
        "webhooks_to_private_addresses" => yes(settings.receivers == Receivers::Private),
        "demo" => yes(settings.demo),
        "log" => Some(settings.log.clone()),
        // Secrets are in files that are told, and else are not.
        name => settings.secret_files.get(name).map(|file| path(file)),
    }
}
