//! What surrounds every page: the bar at the top, and the one at the bottom of a phone.

use leptos::{ev::KeyboardEvent, prelude::*, server_fn::ServerFn};

use crate::{
    api::accounts::sessions::{LogOut, SetLanguage, SetTheme},
    i18n::{Language, format::initials},
    ui::{
        kit::{
            icons::{ContainerIcon, HelpIcon, OverviewIcon, PersonIcon, SearchIcon, Sign, TicketsIcon},
            language::use_language,
            location::here,
            menu::DropDown,
        },
        shell::{
            admin_nav::beginning,
            idle::IdleWatch,
            impersonation::ViewBanner,
            palette::{Opened, Palette},
            recent,
            session::{asked_start, asked_theme, use_me},
            way::{Section, WayBack},
        },
    },
    views::{addresses, themes::Theme},
};

/// A page with the bars around it.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let opened = Opened::none();
    view! {
        <ViewBanner/>
        <TopBar opened/>
        <main id="main" class="main" tabindex="-1">
            <WayBack/>
            {children()}
        </main>
        <BottomBar opened/>
        <Palette opened/>
        <IdleWatch/>
    }
}

/// `aria-current` for the link to the section of the page shown.
fn current(here: Signal<String>, section: Section) -> impl Fn() -> Option<&'static str> + Clone {
    move || {
        here.with(|here| Section::of(here) == Some(section))
            .then_some("page")
    }
}

/// A section, and where it begins.
#[component]
fn SectionLink(
    section: Section,
    to: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let (lang, here) = (use_language(), here());
    view! {
        <a href=to aria-current=current(here, section)>
            {children.map(|children| children())}
            {section.name(lang)}
        </a>
    }
}

/// The bar at the top; a phone has the one at the bottom instead.
#[component]
fn TopBar(opened: Opened) -> impl IntoView {
    let lang = use_language();
    let start = SharedValue::new(|| asked_start().address().to_owned()).into_inner();
    let me = use_me();
    let here = here();
    view! {
        <header class="bar">
            <a class="brand" href=start>
                <Sign/>
                {lang.license_portal()}
            </a>
            <nav class="nav" aria-label=lang.main_navigation()>
                <SectionLink section=Section::Overview to=addresses::OVERVIEW/>
                <SectionLink section=Section::Tickets to=addresses::TREE/>
                <SectionLink section=Section::Containers to=addresses::CONTAINERS/>
                <SectionLink section=Section::Activity to=addresses::HISTORY/>
                {beginning(&me.actor).map(|to| view! { <SectionLink section=Section::Administration to/> })}
            </nav>
            <Jump opened/>
            <div class="bar-end">
                <a
                    class="icon-btn"
                    href=addresses::HELP
                    aria-label=lang.help()
                    title=lang.help()
                    aria-current=current(here, Section::Help)
                >
                    <HelpIcon/>
                </a>
                <OwnMenu/>
            </div>
        </header>
    }
}

/// The way to the search: the palette, or without wasm a field whose answer is a page.
#[component]
fn Jump(opened: Opened) -> impl IntoView {
    let lang = use_language();
    view! {
        <form class="jump without-wasm" method="get" action=addresses::SEARCH role="search">
            <span class="field">
                <button class="icon-btn" aria-label=lang.find_word()>
                    <SearchIcon/>
                </button>
                <input
                    type="search"
                    name="q"
                    maxlength="100"
                    autocomplete="off"
                    aria-label=lang.find_anything()
                    placeholder=lang.find_or_jump()
                />
            </span>
        </form>
        <button
            type="button"
            class="jump with-wasm"
            aria-label=lang.find_or_jump()
            aria-haspopup="dialog"
            aria-keyshortcuts="Control+K Meta+K /"
            title=lang.find_or_jump()
            on:click=move |_| opened.palette.set(true)
        >
            <SearchIcon/>
            <span class="jump-words">{lang.find_or_jump()}</span>
            <kbd aria-hidden="true">{lang.key_control()} " K"</kbd>
        </button>
    }
}

/// The menu of one's own: account, language, theme, and the way out. It opens without scripts; with them it closes on Escape,
/// when the focus goes elsewhere, and on the way to another page.
#[component]
fn OwnMenu() -> impl IntoView {
    let lang = use_language();
    let me = use_me();
    let here = here();
    let drop_down = DropDown::new();
    let escaped = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            drop_down.leave();
        }
    };
    view! {
        <details
            class="drop own-menu"
            node_ref=drop_down.node
            on:focusout=move |event| drop_down.focus_out(&event)
            on:keydown=escaped
        >
            <summary class="me" aria-label=lang.own_menu(&me.name)>
                <span class="avatar" aria-hidden="true">{initials(&me.name)}</span>
                <span class="me-name">{me.name.clone()}</span>
            </summary>
            <div class="menu">
                <p class="quiet">
                    {me.name} " " <span class="mono">{me.login.to_string()}</span>
                </p>
                <a class="btn plain" href=addresses::ME aria-current=current(here, Section::Me)>{lang.my_account()}</a>
                <LanguageSwitch/>
                <ThemeSwitch/>
                <LogOutForm/>
            </div>
        </details>
    }
}

/// The bar at the bottom of a phone.
#[component]
fn BottomBar(opened: Opened) -> impl IntoView {
    let lang = use_language();
    let here = here();
    // From there everything is reached that has no place here.
    let from_me = move || {
        let section = here.with(|here| Section::of(here));
        match section? {
            Section::Me => Some("page"),
            section => (!section.is_on_phones()).then_some("true"),
        }
    };
    view! {
        <nav class="tabs" aria-label=lang.main_navigation()>
            <SectionLink section=Section::Overview to=addresses::OVERVIEW>
                <OverviewIcon/>
            </SectionLink>
            <SectionLink section=Section::Tickets to=addresses::TREE>
                <TicketsIcon/>
            </SectionLink>
            <a
                href=addresses::SEARCH
                aria-current=move || here.with(|here| here.starts_with(addresses::SEARCH)).then_some("page")
                on:click=move |event| {
                    event.prevent_default();
                    opened.palette.set(true);
                }
            >
                <SearchIcon/>
                {lang.find_title()}
            </a>
            <SectionLink section=Section::Containers to=addresses::CONTAINERS>
                <ContainerIcon/>
            </SectionLink>
            <a href=addresses::ME aria-current=from_me>
                <PersonIcon/>
                {lang.me()}
            </a>
        </nav>
    }
}

/// Switches to another language. Plain forms: the page is loaded again in that language.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let lang = use_language();
    let here = here();
    let others = Language::ALL.iter().filter(|other| **other != lang);
    let forms = others.map(|other| {
        view! {
            <form method="post" action=SetLanguage::url()>
                <input type="hidden" name="language" value=other.tag()/>
                <input type="hidden" name="next" value=move || here.get()/>
                <button class="btn plain" lang=other.tag()>{other.own_name()}</button>
            </form>
        }
    });
    forms.collect_view()
}

/// Switches between light, dark, and what the system has. A plain form: the page is loaded again in it.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let lang = use_language();
    let here = here();
    let chosen = SharedValue::new(|| asked_theme().name().to_owned()).into_inner();
    let button = move |theme: &Theme| {
        let pressed = (theme.name() == chosen).to_string();
        view! {
            <button class="btn plain" name="theme" value=theme.name() aria-pressed=pressed>
                {lang.theme(*theme)}
            </button>
        }
    };
    view! {
        <form method="post" action=SetTheme::url()>
            <input type="hidden" name="next" value=move || here.get()/>
            <div class="themes" role="group" aria-label=lang.theme_of_pages()>
                {Theme::ALL.iter().map(button).collect_view()}
            </div>
        </form>
    }
}

/// Ends the session. A plain form: nothing of the page stays behind in the browser.
#[component]
pub fn LogOutForm() -> impl IntoView {
    let lang = use_language();
    view! {
        <form method="post" action=LogOut::url() on:submit=|_| recent::forget()>
            <button class="btn plain">{lang.log_out()}</button>
        </form>
    }
}
