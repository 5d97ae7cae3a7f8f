//! Texts as pictures that cameras read.

use qrcode::{Color, EcLevel};

use crate::views::licensing::qr_codes::QrCode;

/// The picture of a text, if it is short enough. The more is corrected, the more of it may be dirty, and the less fits.
#[must_use]
pub(crate) fn picture(text: &str, corrected: EcLevel) -> Option<QrCode> {
    let code = qrcode::QrCode::with_error_correction_level(text, corrected).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|left, right| left == right) {
            if run.first() == Some(&Color::Dark) {
                path.push_str(&format!("M{x} {y}h{0}v1h-{0}z", run.len()));
            }
            x += run.len();
        }
    }
    Some(QrCode { width, path })
}
