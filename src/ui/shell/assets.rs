//! The built files that every page loads.

/// Addresses of the built files, with the hash of their contents in the name.
#[derive(Debug, Clone)]
pub struct Assets {
    /// The JavaScript that loads the wasm.
    pub js: String,
    pub wasm: String,
    pub css: String,
}

/// What a browser reads to install the portal as an app (Web Application Manifest); `language` names the language.
pub const MANIFEST: &str = "/manifest.webmanifest";
