//! The direction between the rooms of the house, and that no files of a room go round in a circle: held against the paths
//! that every file names.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The rooms of the portal. Each imports only from those above it, and from the crates `domain` and `jose`.
const ROOMS: [&str; 11] = [
    "views", "i18n", "errors", "metrics", "store", "ops", "auth", "api", "ui", "jobs", "server",
];

/// The crates beside the portal: name, folder, and which other crates of the house each may name.
const CRATES: [(&str, &str, &[&str]); 4] = [
    ("domain", "crates/domain/src", &[]),
    ("faults", "crates/faults/src", &[]),
    ("jose", "crates/jose/src", &[]),
    ("license_client", "crates/license-client/src", &["jose"]),
];

/// The names of all crates of the house.
const HOUSE: [&str; 5] = ["domain", "faults", "jose", "license_client", "license_portal"];

/// The Rust files below a folder.
pub fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Where something stands in a crate: `["ops", "tickets", "bulk"]`.
type Module = Vec<String>;

/// The files of a crate, each as the module that it is, with what stands in it.
type Sources = BTreeMap<Module, TokenStream>;

/// What a file names: of its own crate, as whole paths, and of other crates, by their names.
#[derive(Default, Debug, PartialEq, Eq)]
struct Named {
    here: BTreeSet<Module>,
    crates: BTreeSet<String>,
}

fn module(text: &str) -> Module {
    text.split("::").map(str::to_owned).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &str) -> Sources {
    let folder = root().join(folder);
    let mut found = Vec::new();
    files(&folder, &mut found);
    let read = |file: PathBuf| {
        let inner = file.strip_prefix(&folder).unwrap().with_extension("");
        let mut module: Module = inner
            .iter()
            .map(|part| part.to_str().unwrap().to_owned())
            .collect();
        if matches!(module.last().unwrap().as_str(), "mod" | "lib" | "main") {
            module.pop();
        }
        let text = std::fs::read_to_string(&file).unwrap();
        // Comments and texts are gone with this: a doc comment becomes one text, which names nothing.
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{file:?}: {error}"));
        (module, tokens)
    };
    found
        .into_iter()
        .map(read)
        .filter(|(module, _)| module.first().is_none_or(|room| room != "tests"))
        .collect()
}

/// The tokens, without modules that stand behind `#[cfg(test)]`.
fn without_tests(tokens: TokenStream) -> Vec<TokenTree> {
    let mut kept = Vec::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        if token.to_string() == "[cfg (test)]" {
            // Up to the end of what it is about.
            tokens.find(|token| match token {
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                TokenTree::Punct(punct) => punct.as_char() == ';',
                _ => false,
            });
        } else {
            kept.push(token);
        }
    }
    kept
}

fn ident(token: Option<&TokenTree>) -> Option<String> {
    match token {
        Some(TokenTree::Ident(ident)) => Some(ident.to_string()),
        _ => None,
    }
}

fn is(token: Option<&TokenTree>, punct: char) -> bool {
    matches!(token, Some(TokenTree::Punct(found)) if found.as_char() == punct)
}

/// The path that begins at the front of the tokens, as `a::b::c`, and how many tokens it takes, with a `::` at its end.
fn path(tokens: &[TokenTree]) -> (Module, usize) {
    let (mut path, mut at) = (Module::new(), 0);
    while let Some(part) = ident(tokens.get(at)) {
        path.push(part);
        at += 1;
        if !(is(tokens.get(at), ':') && is(tokens.get(at + 1), ':')) {
            break;
        }
        at += 2;
    }
    (path, at)
}

/// The single imports in `a::{b, c::{d as e}};`, each with the name that it gets, and how many tokens they take.
fn imports(tokens: &[TokenTree], above: &[String], found: &mut Vec<(String, Module)>) -> usize {
    let (mut inner, mut at) = path(tokens);
    // A comma of the list.
    let is_separator = inner.is_empty();
    let mut whole = above.to_vec();
    whole.append(&mut inner);
    match tokens.get(at) {
        Some(TokenTree::Group(group)) => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let mut inner_at = 0;
            while inner_at < inner.len() {
                inner_at += imports(&inner[inner_at..], &whole, found).max(1);
            }
            at += 1;
        }
        Some(TokenTree::Punct(star)) if star.as_char() == '*' => {
            found.push(("*".to_owned(), whole));
            at += 1;
        }
        _ if is_separator => {}
        _ => {
            // `as` and the other name were taken for no part of the path.
            let alias = (ident(tokens.get(at)).as_deref() == Some("as")).then(|| ident(tokens.get(at + 1)));
            if alias.is_some() {
                at += 2;
            }
            whole.pop_if(|last| last == "self");
            let name = alias.flatten().or_else(|| whole.last().cloned());
            found.extend(name.map(|name| (name, whole)));
        }
    }
    at
}

/// What the names in a part of a file mean.
#[derive(Clone)]
struct Scope<'a> {
    /// The module that it is, of a file or within one.
    module: Module,
    modules: &'a BTreeSet<Module>,
    names: BTreeMap<String, Module>,
}

impl Scope<'_> {
    /// A path from the root of the crate; `None` for what is of another crate, or no path to a module.
    fn resolved(&self, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        let mut whole = match first.as_str() {
            "crate" => Module::new(),
            "self" => self.module.clone(),
            "super" => self.module[..self.module.len().saturating_sub(1)].to_vec(),
            name => match self.names.get(name) {
                Some(imported) => imported.clone(),
                None => {
                    let child = [self.module.as_slice(), &[name.to_owned()]].concat();
                    self.modules.contains(&child).then_some(child)?
                }
            },
        };
        for part in rest {
            match part.as_str() {
                "super" => drop(whole.pop()),
                part => whole.push(part.to_owned()),
            }
        }
        Some(whole)
    }

    /// The imports among the tokens, also those within functions.
    fn import(&mut self, tokens: &[TokenTree], named: &mut Named) {
        for (at, token) in tokens.iter().enumerate() {
            if ident(Some(token)).as_deref() == Some("use") {
                let mut found = Vec::new();
                imports(&tokens[at + 1..], &[], &mut found);
                // `pub use` and `pub(crate) use` hand on what is below.
                let before = &tokens[at.saturating_sub(2)..at];
                let public = before
                    .iter()
                    .any(|token| ident(Some(token)).as_deref() == Some("pub"));
                for (name, path) in found {
                    named.crates.extend(path.first().cloned());
                    let Some(whole) = self.resolved(&path) else {
                        continue;
                    };
                    let handed_on = public && whole.starts_with(&self.module);
                    // A module that is imported is named where something of it is.
                    if !handed_on && (name == "*" || !self.modules.contains(&whole)) {
                        named.here.insert(whole.clone());
                    }
                    self.names.insert(name, whole);
                }
            } else if let TokenTree::Group(group) = token
                && inline(tokens, at).is_none()
            {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                self.import(&inner, named);
            }
        }
    }

    /// The paths among the tokens, also those in macros and in modules within the file.
    fn read(&self, tokens: &[TokenTree], named: &mut Named) {
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Ident(first) if first == "use" => {
                    at += imports(&tokens[at + 1..], &[], &mut Vec::new());
                }
                TokenTree::Ident(_) => {
                    let (path, length) = path(&tokens[at..]);
                    if path.len() > 1 {
                        named.crates.extend(path.first().cloned());
                        named.here.extend(self.resolved(&path));
                    }
                    at += length.max(1) - 1;
                }
                TokenTree::Group(group) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    match inline(tokens, at) {
                        Some(name) => {
                            let mut scope = self.clone();
                            scope.module.push(name);
                            scope.import(&inner, named);
                            scope.read(&inner, named);
                        }
                        None => self.read(&inner, named),
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            at += 1;
        }
    }
}

/// The name of the module whose block stands there.
fn inline(tokens: &[TokenTree], at: usize) -> Option<String> {
    let before = at.checked_sub(2)?;
    (ident(tokens.get(before)).as_deref() == Some("mod")).then(|| ident(tokens.get(before + 1)))?
}

fn named(module: &[String], tokens: TokenStream, modules: &BTreeSet<Module>) -> Named {
    let tokens = without_tests(tokens);
    let mut named = Named::default();
    let mut scope = Scope {
        module: module.to_vec(),
        modules,
        names: BTreeMap::new(),
    };
    scope.import(&tokens, &mut named);
    scope.read(&tokens, &mut named);
    named
}

/// What each file names.
fn all_named(sources: Sources) -> BTreeMap<Module, Named> {
    let modules: BTreeSet<Module> = sources.keys().cloned().collect();
    sources
        .into_iter()
        .map(|(module, tokens)| {
            let named = named(&module, tokens, &modules);
            (module, named)
        })
        .collect()
}

/// The files that each file needs.
fn needed(named: &BTreeMap<Module, Named>) -> BTreeMap<Module, BTreeSet<Module>> {
    // What is named stands in the file of its innermost module.
    let file = |path: &Module| {
        let mut path = path.clone();
        while !named.contains_key(&path) {
            path.pop()?;
        }
        Some(path)
    };
    let needs = |(module, named): (&Module, &Named)| {
        let needed = named.here.iter().filter_map(file);
        (module.clone(), needed.filter(|file| file != module).collect())
    };
    named.iter().map(needs).collect()
}

/// The files that are left when all are taken away, again and again, that need none of the others, or are needed by none:
/// they go round in circles.
fn circles(mut needs: BTreeMap<Module, BTreeSet<Module>>) -> BTreeMap<Module, BTreeSet<Module>> {
    loop {
        let left: BTreeSet<Module> = needs.keys().cloned().collect();
        for needed in needs.values_mut() {
            needed.retain(|file| left.contains(file));
        }
        let wanted: BTreeSet<Module> = needs.values().flatten().cloned().collect();
        needs.retain(|file, needed| !needed.is_empty() && wanted.contains(file));
        if needs.len() == left.len() {
            return needs;
        }
    }
}

fn shown(needs: BTreeMap<Module, BTreeSet<Module>>) -> String {
    let line = |(file, needed): (Module, BTreeSet<Module>)| {
        let needed: Vec<String> = needed.iter().map(|file| file.join("::")).collect();
        format!("{} needs {}\n", file.join("::"), needed.join(", "))
    };
    needs.into_iter().map(line).collect()
}

#[test]
fn rooms_import_only_from_those_above() {
    let named = all_named(sources("src"));
    let place = |room: Option<&String>| {
        ROOMS
            .iter()
            .position(|known| Some(*known) == room.map(String::as_str))
    };
    let mut wrong = Vec::new();
    for (module, named) in &named {
        let Some(own) = place(module.first()) else {
            continue;
        };
        for path in &named.here {
            if place(path.first()).is_some_and(|room| room > own) {
                wrong.push(format!("{} names {}", module.join("::"), path.join("::")));
            }
        }
    }
    for room in ROOMS {
        assert!(named.contains_key(&module(room)), "the room {room} is gone");
    }
    let rooms = named.keys().filter_map(|module| module.first());
    for room in rooms.filter(|room| *room != "tests") {
        assert!(ROOMS.contains(&room.as_str()), "{room} is not in the order");
    }
    assert!(wrong.is_empty(), "against the direction:\n{}", wrong.join("\n"));
}

#[test]
fn crates_name_only_those_they_may() {
    let mut wrong = Vec::new();
    for (name, folder, allowed) in CRATES {
        for (module, named) in all_named(sources(folder)) {
            let others = named.crates.iter().filter(|other| {
                HOUSE.contains(&other.as_str()) && *other != name && !allowed.contains(&other.as_str())
            });
            wrong.extend(others.map(|other| format!("{name}::{} names {other}", module.join("::"))));
        }
    }
    assert!(wrong.is_empty(), "against the direction:\n{}", wrong.join("\n"));
}

#[test]
fn no_files_of_a_room_go_round_in_a_circle() {
    let mut wrong = String::new();
    let needs = needed(&all_named(sources("src")));
    for room in ROOMS {
        let within = |module: &Module| module.first().is_some_and(|found| found == room);
        let inner = needs
            .iter()
            .filter(|(file, _)| within(file))
            .map(|(file, needed)| {
                (
                    file.clone(),
                    needed.iter().filter(|file| within(file)).cloned().collect(),
                )
            });
        wrong.push_str(&shown(circles(inner.collect())));
    }
    for (_, folder, _) in CRATES {
        wrong.push_str(&shown(circles(needed(&all_named(sources(folder))))));
    }
    assert!(wrong.is_empty(), "circles:\n{wrong}");
}

#[test]
fn paths_are_read_wherever_they_stand() {
    let source = r#"
        //! See [`crate::comment`].
        mod child;
        pub use crate::here::child::Handed;
        use crate::{a::{self, b::{C, D as E}}, f::*};
        use domain::ids::UserId;
        fn work() {
            use super::g::H;
            let text = "crate::text";
            a::i(crate::j::k, child::l(), UserId(1));
            macro_of!(E::of(m::n));
        }
        mod within { use super::super::o::P; }
        #[cfg(test)]
        mod tests { use crate::q::R; }
        fn after() -> crate::s::T {}
    "#;
    let modules = ["a", "here", "here::child"].map(module).into();
    let named = named(&module("here"), source.parse().unwrap(), &modules);
    let here: Vec<String> = named.here.iter().map(|path| path.join("::")).collect();
    assert_eq!(
        here,
        [
            "a::b::C",
            "a::b::D",
            "a::b::D::of",
            "a::i",
            "f",
            "g::H",
            "here::child::l",
            "j::k",
            "o::P",
            "s::T"
        ]
    );
    assert!(named.crates.contains("domain"));
}

#[test]
fn circles_are_found() {
    let needs = |pairs: &[(&str, &str)]| {
        let mut needs: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
        for (file, needed) in pairs {
            needs.entry(module(needed)).or_default();
            needs.entry(module(file)).or_default().insert(module(needed));
        }
        needs
    };
    assert!(circles(needs(&[("a", "b"), ("b", "c"), ("a", "c")])).is_empty());
    let circle = circles(needs(&[("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")]));
    assert_eq!(shown(circle), "b needs c\nc needs b\n");
}
