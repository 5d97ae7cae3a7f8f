//! The texts of the languages, as their folders hold them. That none is missing is the compiler's business.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use license_portal::i18n::Language;

use crate::house::rooms::files;

/// Texts that are the same in English and in another language. Any other is probably not translated.
const ALIKE: &[&str] = &[
    "a_test",
    "area_webhooks",
    "at_least",
    "browser",
    "channel_browser",
    "channel_import",
    "code",
    "container",
    "export_files",
    "field_protected",
    "filter_list",
    "leaver_tickets",
    "license_portal",
    "live",
    "name",
    "permission_of",
    "person",
    "protected_mode",
    "seconds",
    "ticket",
    "ticket_called",
    "tickets",
    "use_leases",
    "value_counted",
    "webhooks",
];

/// A line of a `texts!` table.
struct Text {
    name: String,
    /// It has nothing in it.
    plain: bool,
    said: String,
}

fn folder(language: Language) -> PathBuf {
    let folder = language.tag().to_lowercase().replace('-', "_");
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/i18n")
        .join(folder)
}

/// The tables of a language, by the names of the files.
fn tables(language: Language) -> BTreeMap<PathBuf, Vec<Text>> {
    let folder = folder(language);
    let mut found = Vec::new();
    files(&folder, &mut found);
    let tables = found.into_iter().map(|path| {
        let source = std::fs::read_to_string(&path).unwrap();
        (path.strip_prefix(&folder).unwrap().to_owned(), texts(&source))
    });
    tables.collect()
}

fn texts(source: &str) -> Vec<Text> {
    let blocks = source.split("\ntexts! {\n").skip(1);
    let blocks = blocks.map(|block| block.split("\n}\n").next().unwrap());
    let entries = blocks.flat_map(|block| block.split_terminator(";\n"));
    let texts = entries.map(|entry| {
        let (head, said) = entry.trim_end_matches(';').split_once('"').unwrap();
        let (said, _) = said.rsplit_once('"').unwrap();
        let head = head.trim();
        Text {
            name: head.split(['(', ':']).next().unwrap().to_owned(),
            plain: !head.contains('('),
            // A backslash at the end of a line joins it to the next.
            said: said.split("\\\n").map(str::trim_start).collect(),
        }
    });
    texts.collect()
}

#[test]
fn every_language_has_the_same_files() {
    let names = |language| tables(language).into_keys().collect::<Vec<_>>();
    for &language in Language::ALL {
        assert_eq!(names(language), names(Language::default()), "{}", language.tag());
    }
}

#[test]
fn texts_are_clean() {
    for &language in Language::ALL {
        for text in tables(language).into_values().flatten() {
            let Text { name, plain, said } = text;
            let clean = !said.is_empty() && said == said.trim() && !said.contains("  ");
            assert!(clean, "{name} in {}: “{said}”", language.tag());
            // Nothing fills them in.
            let whole = !plain || !said.contains(['{', '}']);
            assert!(whole, "{name} in {} has nothing in it: “{said}”", language.tag());
        }
    }
}

#[test]
fn texts_are_translated() {
    let said = |language| {
        let texts = tables(language).into_values().flatten();
        texts
            .map(|text| (text.name, text.said))
            .collect::<BTreeMap<_, _>>()
    };
    let default = said(Language::default());
    assert!(default.len() > 900, "only {} texts were found", default.len());
    let mut alike = BTreeSet::new();
    for &language in Language::ALL {
        if language != Language::default() {
            let texts = said(language).into_iter();
            alike.extend(
                texts
                    .filter(|(name, said)| default.get(name) == Some(said))
                    .map(|(name, _)| name),
            );
        }
    }
    let alike: Vec<_> = alike.iter().map(String::as_str).collect();
    assert_eq!(alike, ALIKE);
}
