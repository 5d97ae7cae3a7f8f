//! The built site: which files carry which hash in their names.

use std::path::Path;

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
    let file = |extension: &str| {
        let mut lines = hashes.lines().filter_map(|line| line.split_once(':'));
        let hash = lines.find_map(|(name, hash)| (name.trim() == extension).then(|| hash.trim()));
        hash.map(|hash| format!("/pkg/license-portal.{hash}.{extension}"))
            .ok_or_else(missing)
    };
    Ok(Assets {
        js: file("js")?,
        wasm: file("wasm")?,
        css: file("css")?,
    })
}
