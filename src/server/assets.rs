//! The built site: which files carry which hash in their names.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use crate::ui::shell::assets::Assets;

/// The site folder is not a built site.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0}/hash.txt is missing or incomplete: build the site with `make build`, or name its folder with --site"
)]
pub struct NoSite(String);

/// Reads which files belong to this build.
///
/// # Errors
/// [`NoSite`].
pub fn read(site: &Path) -> Result<Assets, NoSite> {
    let missing = || NoSite(site.display().to_string());
    let hashes = std::fs::read_to_string(site.join("hash.txt")).map_err(|_| missing())?;
    let hash = |kind: &str| {
        let mut lines = hashes.lines().filter_map(|line| line.split_once(':'));
        lines.find_map(|(name, hash)| (name.trim() == kind).then(|| hash.trim()))
    };
    let file = |kind: &str| {
        let hash = hash(kind).ok_or_else(missing)?;
        Ok(format!("/pkg/license-portal.{hash}.{kind}"))
    };
    Ok(Assets {
        js: file("js")?,
        split: hash("split").map(|hash| format!("/pkg/split.{hash}.js")),
        wasm: file("wasm")?,
        css: file("css")?,
        pages: Arc::new(pages(site)),
    })
}

/// Which files each page needs. What another tool has built does not say: then the loader alone knows.
fn pages(site: &Path) -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read(site.join("pages.json")).unwrap_or_default();
    let pages: BTreeMap<String, Vec<String>> = serde_json::from_slice(&text).unwrap_or_default();
    let addressed = |files: Vec<String>| files.iter().map(|file| format!("/pkg/{file}")).collect();
    pages
        .into_iter()
        .map(|(page, files)| (page, addressed(files)))
        .collect()
}
