//! The documents: their links lead somewhere, the files and functions that they name exist, and the requirements that the
//! sources cite stand in them.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Folders that are made by tools, or are somebody else's.
const FOREIGN: [&str; 4] = ["target", "node_modules", ".git", "data"];
/// What a text between backticks begins with that names a file of the project.
const SOURCES: [&str; 9] = [
    ".ci/",
    "benches/",
    "crates/",
    "docs/",
    "end2end/",
    "migrations/",
    "public/",
    "src/",
    "style/",
];
/// The longest that the first page may be, in bytes: what is longer belongs into `docs`.
const LONGEST_README: usize = 6_000;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files with one of the endings, below a folder.
fn files(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let (path, name) = (entry.path(), entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            if !FOREIGN.iter().any(|foreign| name == *foreign) {
                files(&path, endings, found);
            }
        } else if path
            .extension()
            .is_some_and(|found| endings.iter().any(|ending| found == *ending))
        {
            found.push(path);
        }
    }
}

/// A document.
struct Document {
    path: PathBuf,
    /// Its lines outside blocks of code.
    lines: Vec<String>,
}

impl Document {
    fn read(path: &Path) -> Self {
        Self::of(path, &fs::read_to_string(path).unwrap())
    }

    fn of(path: &Path, text: &str) -> Self {
        let mut fenced = false;
        let prose = text.lines().filter(|line| {
            let fence = line.trim_start().starts_with("```");
            fenced ^= fence;
            !fence && !fenced && !line.starts_with("    ")
        });
        Self {
            path: path.to_owned(),
            lines: prose.map(str::to_owned).collect(),
        }
    }

    fn all() -> Vec<Self> {
        let mut found = Vec::new();
        files(root(), &["md"], &mut found);
        found.iter().map(|path| Self::read(path)).collect()
    }

    /// Its name, for who reads what is wrong.
    fn name(&self) -> std::path::Display<'_> {
        self.path.strip_prefix(root()).unwrap().display()
    }

    /// The texts between backticks, and what is left without them, line by line.
    fn parts(&self) -> (Vec<&str>, Vec<String>) {
        let (mut code, mut rest) = (Vec::new(), Vec::new());
        for line in &self.lines {
            code.extend(line.split('`').skip(1).step_by(2));
            rest.push(line.split('`').step_by(2).collect());
        }
        (code, rest)
    }

    /// What its links lead to.
    fn links(&self) -> Vec<String> {
        let lines = self.parts().1;
        let links = lines.iter().flat_map(|line| {
            line.match_indices("](")
                .filter_map(|(at, opening)| line[at + opening.len()..].split_once(')'))
        });
        links.map(|(target, _)| target.to_owned()).collect()
    }

    /// The anchors of its headings, as hosts of repositories make them.
    fn anchors(&self) -> BTreeSet<String> {
        let headings = self.lines.iter().filter_map(|line| line.strip_prefix('#'));
        let anchor = |heading: &str| {
            let heading = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = heading
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        };
        headings.map(anchor).collect()
    }
}

/// The codes of requirements in a text: S, N, P or R with one or two digits.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| {
            let digits = word.strip_prefix(['S', 'N', 'P', 'R']).unwrap_or_default();
            matches!(digits.len(), 1 | 2) && digits.bytes().all(|digit| digit.is_ascii_digit())
        })
}

/// The numbers after the word "experience" in a text: of how the screens behave.
fn experiences(text: &str) -> impl Iterator<Item = &str> {
    text.split("experience ").skip(1).flat_map(|numbers| {
        let end = numbers.find(|c: char| !c.is_ascii_digit() && !", –".contains(c));
        let numbers = &numbers[..end.unwrap_or(numbers.len())];
        numbers
            .split(|c: char| !c.is_ascii_digit())
            .filter(|number| !number.is_empty())
    })
}

/// Whether a source defines or mentions that name.
fn mentions(source: &str, name: &str) -> bool {
    source
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| word == name)
}

#[test]
fn links_lead_somewhere() {
    let documents = Document::all();
    let mut wrong = Vec::new();
    for document in &documents {
        for link in document.links() {
            if link.contains("://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() {
                document.path.clone()
            } else {
                document.path.parent().unwrap().join(file)
            };
            let found =
                target.exists() && (anchor.is_empty() || Document::read(&target).anchors().contains(anchor));
            if !found {
                wrong.push(format!("{}: {link}", document.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "links to nothing:\n{}", wrong.join("\n"));
}

#[test]
fn the_files_and_names_that_documents_mention_exist() {
    let mut wrong = Vec::new();
    for document in &Document::all() {
        for code in document.parts().0 {
            let (path, name) = code.split_once("::").unwrap_or((code, ""));
            let is_path = SOURCES.iter().any(|folder| path.starts_with(folder))
                && path.chars().all(|c| c.is_alphanumeric() || "._-/".contains(c));
            if !is_path {
                continue;
            }
            let path = root().join(path);
            let found = if name.is_empty() {
                path.exists()
            } else {
                let name = name.rsplit("::").next().unwrap();
                fs::read_to_string(path).is_ok_and(|source| mentions(&source, name))
            };
            if !found {
                wrong.push(format!("{}: {code}", document.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "named, and not there:\n{}", wrong.join("\n"));
}

#[test]
fn what_the_sources_cite_is_explained() {
    let requirements = fs::read_to_string(root().join("docs/requirements.md")).unwrap();
    let known: BTreeSet<&str> = requirements
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" |"))
        .map(|(first, _)| first)
        .collect();
    let mut sources = Vec::new();
    for folder in ["src", "crates", "benches", "end2end", "migrations"] {
        files(&root().join(folder), &["rs", "ts", "py", "sql"], &mut sources);
    }
    let mut wrong = Vec::new();
    for path in sources {
        for line in fs::read_to_string(&path).unwrap().lines() {
            let comment = ["//", "--", "#"].iter().find_map(|mark| line.split_once(mark));
            let comment = comment.map_or("", |(_, comment)| comment);
            let cited = codes(comment).chain(experiences(comment));
            for code in cited.filter(|code| !known.contains(code)) {
                let path = path.strip_prefix(root()).unwrap().display();
                wrong.push(format!("{path}: {code}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "not in docs/requirements.md:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_readme_is_short_and_leads_to_every_document() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(
        readme.len() <= LONGEST_README,
        "the README has {} bytes",
        readme.len()
    );
    let mut documents = Vec::new();
    files(&root().join("docs"), &["md"], &mut documents);
    for document in documents {
        let link = format!("]({})", document.strip_prefix(root()).unwrap().display());
        assert!(readme.contains(&link), "the README lacks {link}");
    }
}

#[test]
fn documents_are_read_as_people_read_them() {
    let text = "# The `way` of a ticket, in short\n\nSee [`a`](b.md#c) and `src/x.rs`, [d](e).\n\n    [f](g)\n\n```js\n[h](i)\n```\n";
    let document = Document::of(Path::new("x.md"), text);
    assert_eq!(document.links(), ["b.md#c", "e"]);
    assert_eq!(document.parts().0, ["way", "a", "src/x.rs"]);
    assert_eq!(
        Vec::from_iter(document.anchors()),
        ["the-way-of-a-ticket-in-short"]
    );
    let cited = Vec::from_iter(codes("as S5 and (N16), ASVS 5.0, P-256, S256, R9"));
    assert_eq!(cited, ["S5", "N16", "R9"]);
    let cited = Vec::from_iter(experiences("a drag (experience 5–7, 20; S5), in short"));
    assert_eq!(cited, ["5", "7", "20"]);
}
