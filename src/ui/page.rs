//! A page as the router has it: it comes in a file of its own, when somebody goes there.

use std::pin::Pin;

use domain::access::Actor;
use leptos::{prelude::*, wasm_split::SplitLoaderError};
use leptos_router::{ChooseView, components::Outlet};

use crate::ui::{
    kit::{browser, location::here},
    shell::protected::Protected,
};

/// How the file with a page is fetched: what builds the page, once it is there.
type Fetch = fn() -> Pin<Box<dyn Future<Output = Result<fn() -> AnyView, SplitLoaderError>>>>;

/// How a page comes into the browser.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Written by the server, with nothing else behind it: for who is not logged in.
    Plain(fn() -> AnyView),
    /// Written by the server and brought to life in the browser, for people who are logged in.
    Inside {
        #[cfg_attr(
            not(feature = "ssr"),
            expect(dead_code, reason = "the server names the files")
        )]
        name: &'static str,
        fetch: Fetch,
        whom: fn(&Actor) -> bool,
        outlet: bool,
    },
    /// A place of the desk.
    Nothing,
}

/// A page and its address.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The pattern of its addresses.
    pub at: &'static str,
    way: Way,
}

impl Page {
    /// A page that needs no program in the browser.
    pub const fn plain(at: &'static str, view: fn() -> AnyView) -> Self {
        Self {
            at,
            way: Way::Plain(view),
        }
    }

    /// A page for people who are logged in, as far as it is for them: to the others it does not exist.
    pub const fn inside(
        at: &'static str,
        name: &'static str,
        fetch: Fetch,
        whom: fn(&Actor) -> bool,
    ) -> Self {
        Self {
            at,
            way: Way::Inside {
                name,
                fetch,
                whom,
                outlet: false,
            },
        }
    }

    /// A place of the desk, which shows it itself.
    pub const fn nothing(at: &'static str) -> Self {
        Self {
            at,
            way: Way::Nothing,
        }
    }

    /// The same page at another address.
    pub const fn at(mut self, at: &'static str) -> Self {
        self.at = at;
        self
    }

    /// The same page with places of its own.
    pub const fn with_outlet(mut self) -> Self {
        if let Way::Inside { outlet, .. } = &mut self.way {
            *outlet = true;
        }
        self
    }

    /// Whether it has places of its own.
    pub const fn has_outlet(&self) -> bool {
        matches!(self.way, Way::Inside { outlet: true, .. })
    }

    /// What the files are called that bring it to life; `None` where nothing does.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub const fn name(&self) -> Option<&'static str> {
        match self.way {
            Way::Inside { name, .. } => Some(name),
            Way::Plain(_) | Way::Nothing => None,
        }
    }
}

/// The browser loads the page that the address names, and this one ends with it.
async fn load_anew() -> AnyView {
    browser::go(&here().get_untracked());
    std::future::pending().await
}

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        match self.way {
            Way::Plain(view) if cfg!(feature = "ssr") => view(),
            Way::Plain(_) => load_anew().await,
            Way::Nothing => ().into_any(),
            Way::Inside {
                fetch, whom, outlet, ..
            } => match fetch().await {
                Ok(page) => {
                    // What had the focus goes now, and not when the address changed. The desk looks after its focus itself.
                    if !outlet && browser::is_alive() {
                        browser::land();
                    }
                    view! {
                        <Protected whom>{page()}</Protected>
                        {outlet.then(|| view! { <Outlet/> })}
                    }
                    .into_any()
                }
                // The server has other files meanwhile, or is away: it knows what to say.
                Err(_) if browser::is_alive() => load_anew().await,
                // What the server wrote works without.
                Err(_) => std::future::pending().await,
            },
        }
    }

    async fn preload(&self) {
        if let Way::Inside { fetch, .. } = self.way {
            // It is told when the page is gone to.
            drop(fetch().await);
        }
    }
}
