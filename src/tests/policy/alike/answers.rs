//! What answers tell, and how two of them differ.

use std::collections::{BTreeMap, BTreeSet};

use license_portal::store::Engine;

use crate::support::client::Answer;

/// All that an answer tells, without the id that was asked for and the number of the page.
fn told(answer: &Answer, named: &str) -> (u16, String, BTreeMap<String, String>) {
    let policy = answer.header("content-security-policy");
    let nonce = policy
        .split_once("'nonce-")
        .and_then(|(_, rest)| rest.split_once('\''));
    let nonce = nonce.map_or("no nonce", |(nonce, _)| nonce);
    let id = |text: &str| {
        let mut text = text.replace(nonce, "NONCE");
        for part in named.split(['=', ':', '@', ';']).filter(|part| part.len() > 3) {
            if part.parse::<i64>().is_ok() {
                text = text.replace(part, "ID");
            }
        }
        text.replace(named, "NAMED")
    };
    let headers: BTreeSet<String> = answer.headers.keys().map(ToString::to_string).collect();
    let headers = headers.into_iter().map(|name| {
        let counts =
            name.starts_with("ratelimit") || matches!(name.as_str(), "x-request-id" | "content-length");
        let value = if counts {
            String::new()
        } else {
            id(answer.header(&name))
        };
        (name, value)
    });
    (answer.status, in_order(id(&answer.text())), headers.collect())
}

/// Pages tell what they hold as it becomes known, a script for each part: which is first, and which end together, is chance.
fn in_order(text: String) -> String {
    if !text.contains("__RESOLVED_RESOURCES[") {
        return text;
    }
    let text = text.replace("</script><script nonce=\"NONCE\">", "");
    let mut parts: Vec<&str> = text
        .split("</script>")
        .flat_map(|part| part.split("__"))
        .collect();
    parts.sort_unstable();
    parts.join("\n")
}

/// Whether something was changed; that a token was used is nothing.
pub(super) fn changed(statements: &[String]) -> bool {
    let writes = ["INSERT INTO", "UPDATE ", "DELETE FROM"];
    let is_write = |statement: &String| writes.iter().any(|begin| statement.starts_with(begin));
    let mut writes = statements.iter().filter(|statement| is_write(statement));
    writes.any(|statement| !statement.starts_with("UPDATE personal_tokens"))
}

/// What can be told apart: what was asked, with one example of each.
#[derive(Default)]
pub(super) struct Differences {
    pub(super) found: BTreeMap<String, String>,
    pub(super) pairs: usize,
}

impl Differences {
    /// Notes a pair of answers; `None` when they are the same.
    pub(super) fn between(
        hidden: (&Answer, &[String], &str),
        absent: (&Answer, &[String], &str),
        statements: bool,
    ) -> Option<String> {
        let (one, other) = (told(hidden.0, hidden.2), told(absent.0, absent.2));
        if one != other {
            let at = one
                .1
                .bytes()
                .zip(other.1.bytes())
                .take_while(|(one, other)| one == other)
                .count();
            let near = |text: &str| {
                String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(80)..text.len().min(at + 200)])
                    .into_owned()
            };
            return Some(format!(
                "bytes: {} {:?} {:?}, absent {} {:?} {:?}",
                one.0,
                near(&one.1),
                one.2,
                other.0,
                near(&other.1),
                other.2
            ));
        }
        (statements && hidden.1 != absent.1).then(|| {
            format!(
                "statements:\n    {}\n  absent:\n    {}",
                hidden.1.join("\n    "),
                absent.1.join("\n    ")
            )
        })
    }

    pub(super) fn end(self, engine: Engine, objects: usize) {
        println!(
            "figure: {engine:?}: {} pairs of a hidden id ({objects} of them) and an absent one; told apart: {}",
            self.pairs,
            self.found.len()
        );
        let found: Vec<String> = self
            .found
            .into_iter()
            .map(|(what, how)| format!("{what}: {how}"))
            .collect();
        assert!(
            found.is_empty(),
            "{} can be told from nothing:\n{}",
            found.len(),
            found.join("\n")
        );
        assert!(self.pairs > 300, "{}", self.pairs);
    }
}
