//! The credential file: `license-portal/credential@1`, JSON.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use ed25519_dalek::{SigningKey, pkcs8::DecodePrivateKey};
use jose::{JwkSet, MAX_LENGTH};
use serde_json::Value;
use ureq::http::Uri;

use crate::{
    failure::{Exit, Failure, clean},
    machine::tell,
};

/// Names the environment variable with the content of a credential file.
pub const CONTENT: &str = "LICENSE_CREDENTIAL_JSON";
const FORMAT: &str = "license-portal/credential@1";

/// What a headless system has instead of somebody who logs in. Without `Debug`, because of the key.
pub struct Credential {
    /// Address of the portal, without a slash at the end.
    pub portal: String,
    /// Id of the container whose licences it gives.
    pub container: String,
    /// What people call it.
    pub name: String,
    /// Its own id.
    pub key_id: String,
    /// What it proves itself with.
    pub key: SigningKey,
    /// The keys that the portal signs licences with, as it was issued.
    pub portal_keys: JwkSet,
}

impl Credential {
    /// The credential of the command line or the environment; warns when others can read the file.
    ///
    /// # Errors
    /// When there is none, or it is none.
    pub fn find(file: Option<&PathBuf>) -> Result<Self, Failure> {
        if let Some(path) = file.filter(|path| !path.as_os_str().is_empty()) {
            return Self::read(path);
        }
        match std::env::var(CONTENT) {
            Ok(text) if !text.is_empty() => Self::parse(&text, CONTENT),
            _ => Err(Failure::new(
                Exit::Usage,
                format!(
                    "no credential given. Name the credential file with --credential or in LICENSE_CREDENTIAL, or \
                     put its content into {CONTENT}; a group admin downloads it from the container in the portal"
                ),
            )),
        }
    }

    fn read(path: &Path) -> Result<Self, Failure> {
        // Else the private key would come to stand in the message that the file cannot be read.
        if path
            .as_os_str()
            .as_encoded_bytes()
            .trim_ascii_start()
            .starts_with(b"{")
        {
            let message = format!(
                "--credential and LICENSE_CREDENTIAL name a file; the content itself belongs into {CONTENT}"
            );
            return Err(Failure::new(Exit::Usage, message));
        }
        Self::parse(&read_secret(path)?, &path.display().to_string())
    }

    /// The credential in a text; `origin` is where it came from, for messages. They never quote the text: the private
    /// key may stand anywhere in it.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str, origin: &str) -> Result<Self, Failure> {
        let bad = |what: String| {
            let message = format!(
                "{} is not a usable credential file: {what}. Download it again from the portal",
                clean(origin)
            );
            Failure::new(Exit::BadFile, message)
        };
        let members: Value =
            serde_json::from_str(text).map_err(|error| bad(format!("line {} is not JSON", error.line())))?;
        let member = |name: &str| {
            let text = members.get(name).and_then(Value::as_str);
            text.filter(|text| !text.is_empty())
                .map(str::to_owned)
                .ok_or_else(|| bad(format!("the text {name:?} is missing")))
        };
        let format = member("format")?;
        if format != FORMAT {
            // Only what looks like a format is shown.
            let version = format.strip_prefix("license-portal/credential@").map(clean);
            let version = version.map_or_else(String::new, |version| format!(", not version {version:.8}"));
            return Err(bad(format!("this program knows the format {FORMAT}{version}")));
        }
        let portal = member("portal")?.trim_end_matches('/').to_owned();
        if !is_address(&portal) {
            return Err(bad(
                "\"portal\" is not an address such as https://portal.example.org".to_owned(),
            ));
        }
        let keys = serde_json::json!({ "keys": members.get("portal_keys") });
        Ok(Self {
            portal,
            container: member("container")?,
            name: clean(&member("name")?),
            key_id: member("key_id")?,
            key: SigningKey::from_pkcs8_pem(&member("private_key")?).map_err(|_| {
                bad("\"private_key\" is not an Ed25519 key in PKCS#8 PEM (RFC 8410)".to_owned())
            })?,
            portal_keys: serde_json::from_value(keys)
                .map_err(|_| bad("\"portal_keys\" is not a list of public keys".to_owned()))?,
        })
    }
}

/// The content of a file that has to be text of a sensible length.
///
/// # Errors
/// When it cannot be read.
pub fn read_file(path: &Path) -> Result<String, Failure> {
    read_open(open(path)?, path, MAX_LENGTH)
}

/// The same, or what comes in from standard input where the file is called `-`.
///
/// # Errors
/// When it cannot be read.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    if path.as_os_str() != "-" {
        return read_file(path);
    }
    std::io::read_to_string(std::io::stdin())
        .map_err(|error| Failure::new(Exit::BadFile, format!("cannot read standard input: {error}")))
}

/// The content of a file with a private key; warns when others can read it.
///
/// # Errors
/// When it cannot be read.
pub fn read_secret(path: &Path) -> Result<String, Failure> {
    let file = open(path)?;
    if readable_by_others(&file) {
        tell(&format!(
            "warning: everybody on this machine can read the private key in {0}. Take that right away: chmod o= {0}",
            clean(&path.display().to_string())
        ));
    }
    // The state of a machine has several signed texts in it.
    read_open(file, path, 4 * MAX_LENGTH)
}

fn cannot_read(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    let path = clean(&path.display().to_string());
    Failure::new(Exit::BadFile, format!("cannot read {path}: {why}"))
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| cannot_read(path, &error))
}

fn read_open(file: File, path: &Path, longest: usize) -> Result<String, Failure> {
    let mut text = String::new();
    let length = file
        .take(longest as u64 + 1)
        .read_to_string(&mut text)
        .map_err(|error| cannot_read(path, &error))?;
    if length > longest {
        return Err(cannot_read(path, &"it is too long to be such a file"));
    }
    Ok(text)
}

fn readable_by_others(file: &File) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o004 != 0)
}

/// Whether that is an address that requests can be sent to: http or https, and nothing after host and path.
pub fn is_address(text: &str) -> bool {
    text.parse().is_ok_and(|uri: Uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri
                .authority()
                .is_some_and(|authority| !authority.as_str().contains('@'))
            && uri.query().is_none()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// RFC 8410, section 10.3.
    const PEM: &str = "-----BEGIN PRIVATE KEY-----\n\
                       MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
                       -----END PRIVATE KEY-----\n";

    fn example() -> Value {
        json!({
            "format": FORMAT, "portal": "https://portal.example.org/", "container": "1", "name": "ci\u{7}",
            "key_id": "2", "private_key": PEM, "portal_keys": []
        })
    }

    #[test]
    fn the_example_key_of_rfc_8410_is_read() {
        let credential = Credential::parse(&example().to_string(), "x").ok().unwrap();
        assert_eq!(
            crate::machine::hex(credential.key.verifying_key().as_bytes()),
            "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1"
        );
        assert_eq!(credential.portal, "https://portal.example.org");
        assert_eq!(credential.name, "ci ");
    }

    #[test]
    fn what_is_wrong_is_said_without_the_key() {
        let secret = &PEM[40..70];
        let wrong = |text: &str, says: &str| {
            let failure = Credential::parse(text, "x").err().unwrap();
            assert_eq!(failure.exit, Exit::BadFile);
            let message = failure.to_string();
            assert!(message.contains(says) && !message.contains(secret), "{message}");
        };
        wrong("", "line 1 is not JSON");
        wrong(PEM, "line 1 is not JSON");
        wrong(&json!(PEM).to_string(), "\"format\" is missing");
        for (member, value, says) in [
            ("format", json!("license-portal/credential@2"), "not version 2"),
            ("format", json!(PEM), "knows the format"),
            (
                "portal",
                json!("portal.example.org"),
                "\"portal\" is not an address",
            ),
            (
                "portal",
                json!("ftp://portal.example.org"),
                "\"portal\" is not an address",
            ),
            (
                "portal",
                json!("https://me@portal.example.org"),
                "\"portal\" is not an address",
            ),
            (
                "portal",
                json!("https://portal.example.org/?a"),
                "\"portal\" is not an address",
            ),
            ("container", json!(1), "\"container\" is missing"),
            ("key_id", json!(""), "\"key_id\" is missing"),
            ("private_key", json!(PEM.replace("MC4C", "MC4D")), "RFC 8410"),
            ("private_key", json!([PEM]), "\"private_key\" is missing"),
            ("portal_keys", json!(PEM), "\"portal_keys\" is not a list"),
            ("portal_keys", json!(null), "\"portal_keys\" is not a list"),
        ] {
            let mut text = example();
            text[member] = value;
            wrong(&text.to_string(), says);
        }
    }
}
