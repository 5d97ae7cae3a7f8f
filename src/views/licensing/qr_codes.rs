//! Pictures that cameras read.

use serde::{Deserialize, Serialize};

/// A picture of black squares on white ground.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct QrCode {
    /// Squares on each side, without the margin.
    pub width: usize,
    /// The black ones, as the path of an SVG picture in which a square has the side 1.
    pub path: String,
}
