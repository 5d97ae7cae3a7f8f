//! Files that are imported. They are uploaded, and exported, by plain forms: see `server/imports.rs`.

use domain::{ids::ImportId, instance::imports::Verdict};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::instance::imports::{Import, ImportDetail},
};

/// The last imports, the newest first.
#[server(endpoint = "imports")]
pub async fn imports() -> Result<Vec<Import>, ApiError> {
    use crate::auth::Writer;
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(portal.imports.list(user).await?)
}

/// An import with a page of its report: of the lines of one verdict, or of all.
#[server(name = ImportOf, endpoint = "import")]
pub async fn import(
    import: ImportId,
    verdict: Option<Verdict>,
    #[server(default)] page: u32,
) -> Result<ImportDetail, ApiError> {
    use crate::auth::Writer;
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(portal.imports.detail(user, import, verdict, page).await?)
}

/// Confirms that a checked file is imported.
#[server(endpoint = "confirm_import")]
pub async fn confirm_import(import: ImportId) -> Result<(), ApiError> {
    use crate::{
        auth::{self, Writer},
        views::addresses,
    };
    let Writer { portal, user } = Writer::of_request().await?;
    portal.imports.confirm(user, import).await?;
    auth::go_on(&addresses::import(import));
    Ok(())
}

/// Decides against a checked file.
#[server(endpoint = "discard_import")]
pub async fn discard_import(import: ImportId) -> Result<(), ApiError> {
    use crate::{
        auth::{self, Writer},
        views::addresses,
    };
    let Writer { portal, user } = Writer::of_request().await?;
    portal.imports.discard(user, import).await?;
    auth::go_on(&addresses::import(import));
    Ok(())
}
