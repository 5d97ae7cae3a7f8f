//! What is shown in terminals: tables, and QR codes for phones.

use qrcode::{Color, EcLevel, QrCode};

/// Light modules around a code (ISO/IEC 18004, section 5.3.8).
const QUIET: usize = 4;
/// Black on white by xterm's numbers, which stay what they are when the sixteen names get other colours.
const DARK_ON_LIGHT: &str = "\x1b[38;5;16;48;5;231m";

/// Rows with columns as wide as their text.
pub fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |row: &[String; N]| {
        let cells: Vec<_> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A QR code, two modules in each character.
#[derive(Debug)]
pub struct Code {
    /// The lines of it.
    pub text: String,
    /// How many columns it needs.
    pub width: usize,
    /// How many lines it needs.
    pub height: usize,
}

/// A text as QR code; nothing when it is too long for one. With the least correction of errors: a screen has no scratches,
/// and the fewer modules the better.
pub fn code(text: &str) -> Option<Code> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let (inner, colors) = (code.width(), code.to_colors());
    let dark = |x: usize, y: usize| {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < inner);
        let at = inside(x).zip(inside(y)).map(|(x, y)| y * inner + x);
        at.and_then(|at| colors.get(at)) == Some(&Color::Dark)
    };
    let width = inner + 2 * QUIET;
    let height = width.div_ceil(2);
    let line = |row: usize| {
        let halves = |x: usize| match (dark(x, 2 * row), dark(x, 2 * row + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        let modules: String = (0..width).map(halves).collect();
        format!("{DARK_ON_LIGHT}{modules}\x1b[0m")
    };
    Some(Code {
        text: (0..height).map(line).collect::<Vec<_>>().join("\n"),
        width,
        height,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_text() {
        let rows = [["a", "bb"], ["ääà", "c"]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), "a    bb\nääà  c");
    }

    #[test]
    fn a_code_is_as_large_as_it_says_and_has_its_margin() {
        let code = code("https://portal.example.org").unwrap();
        let lines: Vec<Vec<char>> = code
            .text
            .lines()
            .map(|line| {
                let modules = line.strip_prefix(DARK_ON_LIGHT).unwrap();
                modules.strip_suffix("\x1b[0m").unwrap().chars().collect()
            })
            .collect();
        assert_eq!((lines.len(), code.height), (17, 17));
        assert!(lines.iter().all(|line| line.len() == code.width));
        assert!(lines[..2].iter().flatten().all(|half| *half == ' '));
        assert!(lines.iter().all(|line| line[..4] == [' '; 4]));
        // The corner of the first finder pattern: a dark row above a light one, with dark ends.
        assert_eq!(lines[2][4..11], ['█', '▀', '▀', '▀', '▀', '▀', '█']);
    }

    #[test]
    fn what_is_too_long_for_a_code_is_none() {
        assert!(code(&"x".repeat(2953)).is_some());
        assert!(code(&"x".repeat(2954)).is_none());
    }
}
