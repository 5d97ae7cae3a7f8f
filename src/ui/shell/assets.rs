//! The built files that every page loads.

use std::{collections::BTreeMap, sync::Arc};

/// Addresses of the built files, with the hash of their contents in the name.
#[derive(Debug, Clone)]
pub struct Assets {
    /// The JavaScript that loads the wasm.
    pub js: String,
    /// The JavaScript that loads the files of a page.
    pub split: Option<String>,
    /// What all pages share.
    pub wasm: String,
    pub css: String,
    /// What each page needs besides, by its name.
    pub pages: Arc<BTreeMap<String, Vec<String>>>,
}

impl Assets {
    /// What brings a page to life besides the JavaScript and the wasm of all.
    #[must_use]
    pub fn of(&self, page: &str) -> &[String] {
        self.pages.get(page).map_or(&[], Vec::as_slice)
    }
}

/// What a browser reads to install the portal as an app (Web Application Manifest); `language` names the language.
pub const MANIFEST: &str = "/manifest.webmanifest";
