//! The catalogue (S8): what licences are for.

use serde::{Deserialize, Serialize};

use crate::names::{InvalidName, MAX_NAME, clean_name, fold};

/// Longest article number, in characters.
pub const MAX_ARTICLE: usize = MAX_NAME;
/// Most features of a product.
pub const MAX_FEATURES: usize = 50;

/// What people read of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductName {
    /// The English name; also the German one where that is missing.
    pub en: String,
    /// The German name.
    pub de: String,
}

impl ProductName {
    /// Both names in the form that tickets are searched and sorted by.
    #[must_use]
    pub fn folded(&self) -> String {
        let (en, de) = (fold(&self.en), fold(&self.de));
        if en == de { en } else { format!("{en} / {de}") }
    }
}

/// What a product is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductData {
    /// Number in the catalogue of the software vendor: unique, and what machines ask for.
    pub article: String,
    /// The names that people read.
    pub name: ProductName,
    /// What it can do, in words that the software itself asks for.
    pub features: Vec<String>,
}

/// Why a product cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum InvalidProduct {
    /// No article number, a long one, or one with other than visible characters and single spaces.
    #[error("not an article number")]
    Article,
    /// One of the names.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// Too many features, or one that is no name.
    #[error("not a list of features")]
    Features,
}

/// An article number, trimmed.
///
/// # Errors
/// [`InvalidProduct::Article`].
pub fn clean_article(text: &str) -> Result<String, InvalidProduct> {
    let text = text.trim();
    match clean_name(text) {
        Ok(article) if !article.contains("  ") => Ok(article),
        _ => Err(InvalidProduct::Article),
    }
}

impl ProductData {
    /// From a form: features one a line; without a German name, the English one.
    ///
    /// # Errors
    /// [`InvalidProduct`], with the first thing that is wrong.
    pub fn from_form(article: &str, en: &str, de: &str, features: &str) -> Result<Self, InvalidProduct> {
        let article = clean_article(article)?;
        let en = clean_name(en)?;
        let de = if de.trim().is_empty() {
            en.clone()
        } else {
            clean_name(de)?
        };
        let lines = features.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut features = Vec::new();
        for line in lines {
            let feature = clean_name(line).map_err(|_| InvalidProduct::Features)?;
            if !features.contains(&feature) {
                features.push(feature);
            }
        }
        if features.len() > MAX_FEATURES {
            return Err(InvalidProduct::Features);
        }
        Ok(Self {
            article,
            name: ProductName { en, de },
            features,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_cleaned() {
        let product = ProductData::from_form(" ST-1 ", "Studio", " ", "export\n\n import \nexport").unwrap();
        assert_eq!(
            product,
            ProductData {
                article: "ST-1".to_owned(),
                name: ProductName {
                    en: "Studio".to_owned(),
                    de: "Studio".to_owned()
                },
                features: vec!["export".to_owned(), "import".to_owned()],
            }
        );
        assert_eq!(product.name.folded(), "studio");
        for article in ["", " ", "A\u{7}", "A  B", &"x".repeat(MAX_ARTICLE + 1)] {
            assert_eq!(
                ProductData::from_form(article, "Studio", "", ""),
                Err(InvalidProduct::Article),
                "{article:?}"
            );
        }
        assert_eq!(
            ProductData::from_form("A", " ", "", ""),
            Err(InvalidProduct::Name(InvalidName::Empty))
        );
        let features = |count: usize| {
            let lines: String = (0..count).map(|n| format!("{n}\n")).collect();
            ProductData::from_form("A", "B", "", &lines).map(|product| product.features.len())
        };
        assert_eq!(features(MAX_FEATURES), Ok(MAX_FEATURES));
        assert_eq!(features(MAX_FEATURES + 1), Err(InvalidProduct::Features));
    }
}
