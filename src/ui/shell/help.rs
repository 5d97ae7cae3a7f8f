//! Help: what the words mean, and which keys there are.

use leptos::prelude::*;

use crate::{
    ui::{kit::language::use_language, shell::page_head::PageHead},
    views::addresses,
};

/// The page with the help.
#[component]
pub fn HelpPage() -> impl IntoView {
    let lang = use_language();
    let words = [
        (lang.ticket(), lang.ticket_explained()),
        (lang.licenses(), lang.license_explained()),
        (lang.container(), lang.container_explained()),
        (lang.group_context(), lang.group_context_explained()),
        (lang.protected_mode(), lang.protected_explained()),
    ];
    let word = |(word, meaning): (&'static str, &'static str)| {
        view! {
            <dt>{word}</dt>
            <dd>{meaning}</dd>
        }
    };
    view! {
        <div class="page">
            <PageHead title=lang.help()/>
            <section class="panel">
                <h2>{lang.words()}</h2>
                <dl class="facts">{words.into_iter().map(word).collect::<Vec<_>>()}</dl>
            </section>
            <section class="panel">
                <h2>{lang.keys()}</h2>
                <KeyList/>
            </section>
            <p>
                <a href=addresses::INTERFACE rel="external">{lang.interface_described()}</a>
            </p>
        </div>
    }
}

/// All keys of the portal, and what each does.
#[component]
pub fn KeyList() -> impl IntoView {
    let lang = use_language();
    let keys: [(&[&str], &str); 11] = [
        (&[lang.key_control(), "K"], lang.key_find()),
        (&["/"], lang.key_find()),
        (&["?"], lang.key_list()),
        (&["Tab"], lang.key_tab()),
        (&["↑", "↓"], lang.key_arrows()),
        (&["→", "←"], lang.key_branch()),
        (&[lang.key_enter()], lang.key_open()),
        (&[lang.key_space()], lang.key_lift()),
        (&[lang.key_control(), "Z"], lang.key_undo()),
        (&["F6"], lang.key_messages()),
        (&["Esc"], lang.key_escape()),
    ];
    let row = |(keys, does): (&[&'static str], &'static str)| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> " " });
        view! {
            <dt>{keys.collect::<Vec<_>>()}</dt>
            <dd>{does}</dd>
        }
    };
    view! { <dl class="facts keys">{keys.into_iter().map(row).collect::<Vec<_>>()}</dl> }
}
