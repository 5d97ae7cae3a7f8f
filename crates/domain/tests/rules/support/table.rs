//! Tables as text: what the rules are to say, beside what they say.

use std::fmt::Debug;

/// The cells of a line `| a | b |`.
fn cells(line: &str) -> Vec<&str> {
    let line = line.trim().trim_start_matches('|').trim_end_matches('|');
    line.split('|').map(str::trim).collect()
}

/// Asks for each cell of a table, by the name of its row and of its column, and compares.
///
/// ```text
/// | ticket    | ann | ben |
/// | Team      | ×   | –   |
/// ```
pub fn check(table: &str, answer: impl Fn(&str, &str) -> String) {
    let mut lines = table.lines().map(cells).filter(|cells| cells.len() > 1);
    let head = lines.next().unwrap_or_else(|| panic!("a table has a head"));
    let mut wrong = Vec::new();
    let mut rows = 0;
    for expected in lines {
        rows += 1;
        let row = expected[0];
        assert_eq!(expected.len(), head.len(), "the row {row}");
        for (column, expected) in head.iter().zip(&expected).skip(1) {
            let found = answer(row, column);
            if found != *expected {
                wrong.push(format!("{row}, {column}: {found}, and not {expected}"));
            }
        }
    }
    assert!(rows > 0, "a table has rows");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether somebody has access, as the requirements draw it.
pub fn access(access: bool) -> String {
    if access { "×" } else { "–" }.to_owned()
}

/// What is permitted, or the reason against it.
pub fn permitted<T, E: Debug>(decision: Result<T, E>) -> String {
    match decision {
        Ok(_) => "yes".to_owned(),
        Err(denied) => format!("{denied:?}"),
    }
}

/// The two halves of `a → b`.
pub fn from_to(row: &str) -> (&str, &str) {
    row.split_once(" → ")
        .unwrap_or_else(|| panic!("no arrow: {row:?}"))
}
