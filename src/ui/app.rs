//! The document, and which page stands at which address.

use domain::access::Actor;
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Outlet, ParentRoute, Route, Router, Routes},
    hooks::use_location,
    path,
};

use crate::ui::{
    accounts::{
        login::LoginPage,
        me::MePage,
        offboarding::OffboardingPage,
        offboarding_report::OffboardingReportPage,
        password::PasswordPage,
        password_links::{ForgottenPage, NewPasswordPage},
        personal_tokens::TokensPage,
        second_factors::{CodePage, SecondFactorPage},
        sessions::{ActiveSessions, EndedSessions},
        user::{NewUser, UserPage},
        users::UsersPage,
    },
    desk::page::Desk,
    groups::group::{GroupPage, NewGroup},
    history::{
        overview::HistoryOverview,
        webhook::WebhookPage,
        webhooks::{GroupWebhooksPage, WebhooksPage},
    },
    instance::{
        imports::{ImportPage, ImportsPage},
        license::InstancePage,
    },
    kit::browser,
    licensing::{
        containers::{ContainerPage, ContainersPage},
        expiring::ExpiringPage,
        new_container::NewContainer,
        products::{NewProduct, ProductPage, ProductsPage},
    },
    resellers::{create::CreatePage, created::CreatedPage, quotas::PartnerPage, reports::ReportsPage},
    shell::{
        errors::NotFound,
        session::{Protected, asked_language, provide_session, use_language},
    },
    tickets::{move_page::MoveTickets, redeem::AddTickets, ticket::TicketPage, viewers::ViewersPage},
};

/// Addresses of the built files, with the hash of their contents in the name.
#[derive(Debug, Clone)]
pub struct Assets {
    /// The JavaScript that loads the wasm.
    pub js: String,
    /// The wasm.
    pub wasm: String,
    /// The style.
    pub css: String,
}

/// The document around the app.
///
/// It writes the link and script tags itself: those of Leptos carry the nonce in `crossorigin`.
#[must_use]
pub fn shell(options: LeptosOptions, assets: Assets) -> impl IntoView {
    // Development only: `dragged_item leptos watch` reloads by other means than an inline script here.
    drop(options);
    let Assets { js, wasm, css } = assets;
    let start = format!(
        "import init, {{ hydrate }} from {js:?};\ninit({{ module_or_path: {wasm:?} }}).then(hydrate);"
    );
    view! {
        <!DOCTYPE html>
        <html lang=asked_language().tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff"/>
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#171d1a"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=css/>
                <link rel="modulepreload" href=js/>
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
                <MetaTags/>
                <script type="module" nonce=leptos::nonce::use_nonce()>{start}</script>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Names of groups and people stand in titles, and on the server leptos_meta 0.8 writes a title as it comes.
fn title_text(title: String) -> String {
    if cfg!(feature = "ssr") {
        title.replace('&', "&amp;").replace('<', "&lt;")
    } else {
        title
    }
}

/// Tells style and tests that the page has come alive.
fn mark_ready() {
    if let Some(html) = document().document_element() {
        // Only the wish to show a button early depends on it.
        let _ = html.set_attribute("data-ready", "");
    }
}

/// After a way to another page, the focus is on its heading, unless what had it is there as before.
#[component]
fn Landing() -> impl IntoView {
    let path = use_location().pathname;
    // The desk looks after its focus itself.
    let on_desk = |path: &str| path == "/" || path.starts_with("/tickets/");
    Effect::watch(
        move || path.get(),
        move |path, _, _| {
            if !on_desk(path) {
                browser::land();
            }
        },
        false,
    );
}

/// Whom the administration of the instance is for.
const fn isv_admins(actor: &Actor) -> bool {
    actor.isv_admin
}

/// The app: every page of the portal.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_session();
    let language = use_language();
    Effect::new(move |_| {
        mark_ready();
        browser::keep_offline_page(language.tag());
    });
    let name = language.license_portal();
    let title = move |page: String| {
        if page.is_empty() {
            name.to_owned()
        } else {
            format!("{} · {name}", title_text(page))
        }
    };
    view! {
        <Title formatter=title/>
        <Router>
            <a class="skip" href="#main">{language.skip_to_content()}</a>
            <Landing/>
            <Routes fallback=|| view! { <main id="main" class="main" tabindex="-1"><NotFound/></main> }>
                <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
                <Route path=path!("/login/code") view=CodePage ssr=SsrMode::Async/>
                <Route path=path!("/forgotten") view=ForgottenPage ssr=SsrMode::Async/>
                <Route path=path!("/password/new") view=NewPasswordPage ssr=SsrMode::Async/>
                // One desk for both addresses, so that it stays while they change.
                <ParentRoute path=path!("") view=|| view! { <Protected><Desk/></Protected><Outlet/> } ssr=SsrMode::Async>
                    <Route path=path!("/") view=|| () ssr=SsrMode::Async/>
                    <Route path=path!("/tickets/:node") view=|| () ssr=SsrMode::Async/>
                </ParentRoute>
                <Route
                    path=path!("/ticket/:id")
                    view=|| view! { <Protected><TicketPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/ticket/:id/viewers")
                    view=|| view! { <Protected><ViewersPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/move")
                    view=|| view! { <Protected><MoveTickets/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route path=path!("/add") view=|| view! { <Protected><AddTickets/></Protected> } ssr=SsrMode::Async/>
                <Route
                    path=path!("/groups/new")
                    view=|| view! { <Protected><NewGroup/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/groups/:id")
                    view=|| view! { <Protected><GroupPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/groups/:id/products")
                    view=|| view! { <Protected><PartnerPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/groups/:id/webhooks")
                    view=|| view! { <Protected><GroupWebhooksPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/webhooks")
                    view=|| view! { <Protected whom=isv_admins><WebhooksPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/webhooks/:id")
                    view=|| view! { <Protected><WebhookPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/create")
                    view=|| view! { <Protected whom=Actor::creates_tickets><CreatePage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/created/:id")
                    view=|| view! { <Protected><CreatedPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/reports")
                    view=|| view! { <Protected whom=Actor::has_reports><ReportsPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/sessions")
                    view=|| view! { <Protected whom=isv_admins><ActiveSessions/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/sessions/ended")
                    view=|| view! { <Protected whom=isv_admins><EndedSessions/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/imports")
                    view=|| view! { <Protected whom=isv_admins><ImportsPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/imports/:id")
                    view=|| view! { <Protected whom=isv_admins><ImportPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/products")
                    view=|| view! { <Protected whom=isv_admins><ProductsPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/products/new")
                    view=|| view! { <Protected whom=isv_admins><NewProduct/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/products/:id")
                    view=|| view! { <Protected whom=isv_admins><ProductPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/containers")
                    view=|| view! { <Protected><ContainersPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/containers/new")
                    view=|| view! { <Protected><NewContainer/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/containers/:id")
                    view=|| view! { <Protected><ContainerPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/history")
                    view=|| view! { <Protected><HistoryOverview/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/instance")
                    view=|| view! { <Protected whom=isv_admins><InstancePage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route path=path!("/users") view=|| view! { <Protected whom=Actor::looks_after_people><UsersPage/></Protected> } ssr=SsrMode::Async/>
                <Route path=path!("/users/new") view=|| view! { <Protected whom=Actor::looks_after_people><NewUser/></Protected> } ssr=SsrMode::Async/>
                <Route path=path!("/users/:id") view=|| view! { <Protected><UserPage/></Protected> } ssr=SsrMode::Async/>
                <Route
                    path=path!("/users/:id/leaver")
                    view=|| view! { <Protected><OffboardingPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/leavers/:id")
                    view=|| view! { <Protected><OffboardingReportPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/expiring")
                    view=|| view! { <Protected><ExpiringPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/me/password")
                    view=|| view! { <Protected><PasswordPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/me/tokens")
                    view=|| view! { <Protected><TokensPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/me/second-factor")
                    view=|| view! { <Protected><SecondFactorPage/></Protected> }
                    ssr=SsrMode::Async
                />
                <Route path=path!("/me") view=|| view! { <Protected><MePage/></Protected> } ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
