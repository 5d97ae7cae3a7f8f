//! The palette: finds everything, and leads there, by keys. A combobox in a dialog, as the ARIA Authoring Practices have it:
//! the focus stays in the field, and `aria-activedescendant` names the option that Enter opens.

use domain::{
    access::Actor,
    names::{pieces, words},
};
use leptos::{
    ev::{self, KeyboardEvent, MouseEvent},
    prelude::*,
    task::spawn_local,
};

use crate::{
    api::find::find,
    errors::{ApiError, words::explain},
    i18n::Language,
    ui::{
        kit::{
            browser,
            dialog::{SheetHead, closed_beside, dialog_while},
            forms::TYPING_PAUSE,
            icons::{CrossIcon, SearchIcon},
            language::use_language,
            location::here,
            pieces::in_pieces,
        },
        shell::{
            found::{Item, ItemGroup, by_kind, matching, moving, pages},
            help::KeyList,
            recent,
            session::use_me,
        },
    },
    views::{addresses, find::Found},
};

/// Pages that fit, at most, beside what the server found.
const PAGES: usize = 6;

/// Which of the two dialogs of the shell is open.
#[derive(Clone, Copy)]
pub struct Opened {
    /// The palette.
    pub palette: RwSignal<bool>,
    /// The list of all keys.
    pub keys: RwSignal<bool>,
}

impl Opened {
    /// Neither.
    #[must_use]
    pub fn none() -> Self {
        Self {
            palette: RwSignal::new(false),
            keys: RwSignal::new(false),
        }
    }
}

/// The search that is under way: one at a time, the last words win.
#[derive(Clone, Copy)]
struct Search {
    lang: Language,
    /// What stands in the field.
    text: RwSignal<String>,
    /// What was found, and for which words.
    found: RwSignal<Option<(String, Result<Found, ApiError>)>>,
    asking: RwSignal<bool>,
    /// Where the option leads that Enter opens; without one it is the first.
    chosen: RwSignal<Option<String>>,
    recent: RwSignal<Vec<Item>>,
    actor: StoredValue<Actor>,
    here: Signal<String>,
}

impl Search {
    /// What is offered, under its headings.
    fn groups(self) -> Vec<ItemGroup> {
        let lang = self.lang;
        let text = self.text.get();
        let empty = text.trim().is_empty();
        let group = |heading, items| ItemGroup {
            heading,
            items,
            all: None,
        };
        let recent = matching(self.recent.get(), &text);
        let (mut found, act) = self.found.with(|found| match found {
            Some((asked, Ok(found))) if !empty => self.actor.with_value(|actor| {
                let here = self.here.get_untracked();
                (by_kind(lang, actor, found, asked), moving(lang, found, &here))
            }),
            _ => (Vec::new(), None),
        });
        for group in &mut found {
            group
                .items
                .retain(|item| recent.iter().all(|other| other.to != item.to));
        }
        let mut pages = matching(self.actor.with_value(|actor| pages(lang, actor)), &text);
        if !empty {
            pages.truncate(PAGES);
            pages.extend(act);
        }
        let mut groups = vec![group(lang.recently_opened(), recent)];
        groups.append(&mut found);
        groups.push(group(lang.pages_and_actions(), pages));
        groups.retain(|group| !group.items.is_empty());
        groups
    }

    /// What is told of the search; what is found speaks for itself.
    fn state(self, nothing: bool) -> Option<String> {
        let lang = self.lang;
        let text = self.text.get();
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        self.found.with(|found| match found {
            Some((_, Err(error))) => Some(explain(lang, error)),
            Some((asked, Ok(_))) if asked == text => nothing.then(|| lang.nothing_found(text)),
            _ => Some(lang.finding().to_owned()),
        })
    }
}

/// What the search offers, and which of it is marked.
#[derive(Clone, Copy)]
struct Offer {
    search: Search,
    groups: Memo<Vec<ItemGroup>>,
    /// The place of the option that Enter opens, among all.
    at: Memo<usize>,
}

impl Offer {
    fn of(search: Search) -> Self {
        let groups = Memo::new(move |_| search.groups());
        let at = Memo::new(move |_| {
            let chosen = search.chosen.get();
            let place = |to: &String| {
                groups.with(|groups| {
                    groups
                        .iter()
                        .flat_map(|group| &group.items)
                        .position(|item| item.to == *to)
                })
            };
            chosen.as_ref().and_then(place).unwrap_or(0)
        });
        Self { search, groups, at }
    }

    fn count(self) -> usize {
        self.groups
            .with(|groups| groups.iter().map(|group| group.items.len()).sum())
    }

    /// Where the option at that place leads.
    fn leads(self, at: usize) -> Option<String> {
        self.groups.with(|groups| {
            let mut items = groups.iter().flat_map(|group| &group.items);
            items.nth(at).map(|item| item.to.clone())
        })
    }

    /// Where the marked option leads.
    fn marked(self) -> Option<String> {
        self.leads(self.at.get())
    }

    /// Marks the option behind or before, round and round.
    fn step(self, back: bool) {
        let (at, count) = (self.at.get(), self.count());
        let next = match (count, back) {
            (0, _) => return,
            (_, true) => (at + count - 1) % count,
            (_, false) => (at + 1) % count,
        };
        self.search.chosen.set(self.leads(next));
        browser::next_frame(|| browser::scroll_to("#palette-list [aria-selected=true]"));
    }

    fn ask(self) {
        let search = self.search;
        let asked = search.text.get_untracked().trim().to_owned();
        if asked.is_empty() || search.asking.get_untracked() {
            return;
        }
        search.asking.set(true);
        spawn_local(async move {
            let answer = find(asked.clone()).await;
            // The page may have been left meanwhile.
            if search.asking.try_set(false).is_some() {
                return;
            }
            // What is marked stays marked.
            search.chosen.set(untrack(|| self.marked()));
            search.found.set(Some((asked.clone(), answer)));
            if search.text.get_untracked().trim() != asked {
                self.ask();
            }
        });
    }
}

/// The palette, the list of keys, and the keys that open them.
#[component]
pub fn Palette(opened: Opened) -> impl IntoView {
    let lang = use_language();
    let me = use_me();
    let user = me.actor.user;
    // What one sees as somebody else is not one's own.
    let remembers = me.impersonated_until.is_none();
    let search = Search {
        lang,
        text: RwSignal::new(String::new()),
        found: RwSignal::new(None),
        asking: RwSignal::new(false),
        chosen: RwSignal::new(None),
        recent: RwSignal::new(Vec::new()),
        actor: StoredValue::new(me.actor),
        here: here(),
    };
    let Opened { palette: open, keys } = opened;
    Effect::new(move |_| listen(opened));
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if *open {
                search.text.set(String::new());
                search.found.set(None);
                search.chosen.set(None);
                search
                    .recent
                    .set(if remembers { recent::of(user) } else { Vec::new() });
            }
        },
        false,
    );
    let go = move |item: &Item| {
        if remembers {
            recent::remember(user, item);
        }
        open.set(false);
        // The heading of the page that comes gets the focus; that of the desk is there already.
        browser::release_focus(item.to.starts_with(addresses::TREE).then_some("#where"));
    };
    view! {
        <PaletteDialog offer=Offer::of(search) open go=Callback::new(move |item: Item| go(&item))/>
        <KeysDialog open=keys/>
    }
}

/// What stands in it is there while it is open only: of a closed one, nothing is found on the page.
#[component]
fn PaletteDialog(offer: Offer, open: RwSignal<bool>, go: Callback<Item>) -> impl IntoView {
    let lang = offer.search.lang;
    let dialog = dialog_while(move || open.get());
    view! {
        <dialog
            class="palette"
            node_ref=dialog
            aria-label=lang.find_anything()
            on:close=move |_| open.set(false)
            on:click=closed_beside(move || open.set(false))
        >
            {move || open.get().then(|| view! { <PaletteBody offer open go/> })}
        </dialog>
    }
}

#[component]
fn PaletteBody(offer: Offer, open: RwSignal<bool>, go: Callback<Item>) -> impl IntoView {
    let search = offer.search;
    let lang = search.lang;
    let typed = StoredValue::new(0_u32);
    let on_input = move |text: String| {
        search.chosen.set(None);
        search.text.set(text);
        typed.update_value(|typed| *typed += 1);
        let this = typed.get_value();
        let ask = move || {
            if typed.try_get_value() == Some(this) {
                offer.ask();
            }
        };
        set_timeout(ask, TYPING_PAUSE);
    };
    let on_key = move |event: KeyboardEvent| {
        // An input method is at work.
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => untrack(|| offer.step(false)),
            "ArrowUp" => untrack(|| offer.step(true)),
            "Enter" if event.ctrl_key() || event.meta_key() => {
                if let Some(to) = untrack(|| offer.marked()) {
                    browser::open_beside(&to);
                }
            }
            "Enter" => browser::click("#palette-list [aria-selected=true]"),
            _ => return,
        }
        event.prevent_default();
    };
    let option = move |at: usize, item: Item| {
        let chosen = move || offer.at.get() == at;
        let mark = item.to.clone();
        let gone_to = item.clone();
        let name = item.name.clone();
        let name = move || in_pieces(&pieces(&name, &search.text.with(|text| words(text))));
        let choose = move |event: MouseEvent| {
            // Another tab leaves this one as it is.
            if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                go.run(gone_to.clone());
            }
        };
        view! {
            <a
                id=format!("palette-{at}")
                class="palette-item"
                role="option"
                tabindex="-1"
                href=item.to
                aria-selected=move || chosen().to_string()
                on:mousemove=move |_| search.chosen.set(Some(mark.clone()))
                on:click=choose
            >
                {item.kind.icon()}
                <bdi class="palette-name">{name}</bdi>
                <bdi class="palette-detail">{item.detail}</bdi>
            </a>
        }
        .into_any()
    };
    let list = move || {
        let mut at = 0;
        let group = |group: ItemGroup| {
            let options = group.items.into_iter().map(|item| {
                at += 1;
                option(at - 1, item)
            });
            let options: Vec<AnyView> = options.collect();
            view! {
                <div role="group" aria-label=group.heading>
                    <div class="palette-head" aria-hidden="true">{group.heading}</div>
                    {options}
                </div>
            }
            .into_any()
        };
        offer.groups.get().into_iter().map(group).collect::<Vec<_>>()
    };
    let any = move || offer.count() > 0;
    view! {
        <div class="palette-body">
            <div class="palette-in">
                <SearchIcon/>
                <input
                    type="text"
                    role="combobox"
                    aria-label=lang.find_anything()
                    aria-expanded=move || any().to_string()
                    aria-controls="palette-list"
                    aria-autocomplete="list"
                    aria-activedescendant=move || any().then(|| format!("palette-{}", offer.at.get()))
                    placeholder=lang.find_or_jump()
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="go"
                    maxlength="100"
                    prop:value=move || search.text.get()
                    on:input:target=move |event| on_input(event.target().value())
                    on:keydown=on_key
                />
                <button type="button" class="icon-btn" aria-label=lang.close() on:click=move |_| open.set(false)>
                    <CrossIcon/>
                </button>
            </div>
            <div id="palette-list" class="palette-list" role="listbox" aria-label=lang.find_results()>
                {list}
            </div>
            <p class="palette-state" role="status">
                {move || match search.state(!any()) {
                    Some(words) => view! { <span>{words}</span> }.into_any(),
                    None => view! { <span class="hidden">{lang.so_many_found(offer.count())}</span> }.into_any(),
                }}
            </p>
            <p class="palette-foot" aria-hidden="true">
                <span><kbd>"↑"</kbd> " " <kbd>"↓"</kbd> " " {lang.key_choose()}</span>
                <span><kbd>{lang.key_enter()}</kbd> " " {lang.key_go()}</span>
                <span><kbd>{lang.key_control()} " " {lang.key_enter()}</kbd> " " {lang.key_new_tab()}</span>
                <span><kbd>"?"</kbd> " " {lang.keys()}</span>
            </p>
        </div>
    }
}

/// The list of all keys.
#[component]
fn KeysDialog(open: RwSignal<bool>) -> impl IntoView {
    let lang = use_language();
    let dialog = dialog_while(move || open.get());
    view! {
        <dialog
            class="sheet"
            node_ref=dialog
            aria-labelledby="keys-heading"
            on:close=move |_| open.set(false)
            on:click=closed_beside(move || open.set(false))
        >
            {move || {
                open.get()
                    .then(|| {
                        view! {
                            <div class="sheet-body">
                                <SheetHead heading=lang.keys().to_owned() id="keys-heading" close=move || open.set(false)/>
                                <div class="scrolling" tabindex="0" role="group" aria-label=lang.keys()>
                                    <KeyList/>
                                </div>
                            </div>
                        }
                    })
            }}
        </dialog>
    }
}

/// What one types into.
const TYPED_IN: &str = "input:not([type=checkbox], [type=radio]), textarea, select";

/// Listens to the keys that open the dialogs, until the page is left.
fn listen(opened: Opened) {
    let act = move |event: KeyboardEvent| {
        let command = event.ctrl_key() || event.meta_key();
        let plain = !command && !event.alt_key() && !browser::focus_is_within(TYPED_IN);
        let dialog = match event.key().as_str() {
            "k" if command && !event.shift_key() && !event.alt_key() => opened.palette,
            "/" if plain => opened.palette,
            "?" if plain => opened.keys,
            _ => return,
        };
        // Nothing is put over a dialog or a drag.
        if !browser::is_there("dialog[open], .dragging") {
            event.prevent_default();
            dialog.set(true);
        }
    };
    let keys = window_event_listener(ev::keydown, act);
    on_cleanup(move || keys.remove());
}
