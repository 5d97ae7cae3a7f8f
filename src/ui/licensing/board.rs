//! Licences on their way into containers (S8): by a drag, or by a choice in a dialog.

use std::{collections::BTreeMap, sync::Arc};

use domain::{access::Denied, ids::ContainerId, licensing::targets::LicenseSource};
use leptos::{prelude::*, task::spawn_local, web_sys::Element};

use crate::{
    api::licensing::licenses::{activate, containers_for, transfer},
    errors::{
        ApiError,
        words::{explain, why_not},
    },
    i18n::Language,
    ui::{
        drag::{
            board::{Board, Drag},
            keyboard,
        },
        kit::{browser, keys::fresh_key, language::use_language, toast::Toasts},
    },
    views::licensing::{
        containers::ContainerRow,
        targets::{LicenseTarget, LicenseTargets},
    },
};

/// Licences that can be brought into a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraggedLicense {
    /// Where they are now.
    pub source: LicenseSource,
    /// Name of the product.
    pub product: String,
    /// How many there are. Free ones can be brought one by one, those of a container go together.
    pub quantity: u32,
}

impl DraggedLicense {
    /// Whether it has to be asked how many.
    #[must_use]
    pub const fn divisible(&self) -> bool {
        matches!(self.source, LicenseSource::Free(_)) && self.quantity > 1
    }
}

/// A question before licences go: where to, if that is open, and how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    pub dragged_license: DraggedLicense,
    /// The container on which they were dropped.
    pub to: Option<ContainerRow>,
    /// They were dropped by keys: the focus goes back to where it was before.
    pub by_keys: bool,
}

/// What a page with licences knows of those on their way.
#[derive(Clone, Copy)]
pub struct LicenseBoard {
    lang: Language,
    toasts: Toasts,
    drag: Drag<DraggedLicense, ContainerId>,
    /// The search among the containers on the page; the drag has the same targets.
    search: RwSignal<String>,
    /// The containers, with the verdict on each for what is dragged; unknown until the server has answered.
    pub targets: RwSignal<Option<LicenseTargets>>,
    /// The question in the dialog.
    pub asking: RwSignal<Option<Asking>>,
    /// How often licences were brought somewhere, or not: the page asks again then.
    pub answered: RwSignal<usize>,
    /// What can be lifted on the page.
    offered: StoredValue<BTreeMap<LicenseSource, DraggedLicense>>,
    /// How often targets were asked for: only the last answer counts.
    asked: StoredValue<u32>,
}

/// The heading of the licences of a page.
pub const HEADING: &str = "licenses";

/// The container and whose it is.
#[must_use]
pub fn container_name(lang: Language, container: &ContainerRow) -> String {
    lang.container_of(&container.name, &container.person)
}

impl LicenseBoard {
    /// For a page on which `search` narrows the containers.
    #[must_use]
    pub fn new(search: RwSignal<String>) -> Self {
        Self {
            lang: use_language(),
            toasts: Toasts::provided(),
            drag: Drag::default(),
            search,
            targets: RwSignal::new(None),
            asking: RwSignal::new(None),
            answered: RwSignal::new(0),
            offered: StoredValue::default(),
            asked: StoredValue::new(0),
        }
    }

    /// These can be lifted where the page shows their source.
    pub fn offer(self, dragged_license: DraggedLicense) {
        self.offered.update_value(|offered| {
            offered.insert(dragged_license.source, dragged_license);
        });
    }

    /// The dialog was answered or left.
    pub fn close(self) {
        let asked = self.asking.try_update(Option::take).flatten();
        if let Some(Asking {
            dragged_license,
            by_keys: true,
            ..
        }) = asked
        {
            self.give_focus_back(dragged_license.source);
        }
    }

    fn give_focus_back(self, source: LicenseSource) {
        let handle = format!("[data-license=\"{source}\"] [data-control=\"handle\"]");
        browser::focus_soon(vec![handle]);
    }

    fn target(self, id: ContainerId) -> Option<LicenseTarget> {
        self.targets.with(|targets| {
            let rows = targets.iter().flat_map(|targets| &targets.rows);
            rows.into_iter().find(|target| target.container.id == id).cloned()
        })
    }

    /// Brings so many of the licences into the container.
    pub fn bring(self, dragged_license: DraggedLicense, to: ContainerRow, quantity: u32) {
        self.send(dragged_license, to, quantity, fresh_key());
    }

    fn send(self, dragged_license: DraggedLicense, to: ContainerRow, quantity: u32, key: String) {
        spawn_local(async move {
            let answer = match dragged_license.source {
                LicenseSource::Free(license) => activate(license, to.id, quantity, key.clone()).await,
                LicenseSource::Activated(activation) => transfer(vec![activation], to.id).await,
            };
            // The page may have been left meanwhile.
            if self.answered.try_update(|times| *times += 1).is_none() {
                return;
            }
            match answer {
                Ok(()) => {
                    let name = container_name(self.lang, &to);
                    let done = match dragged_license.source {
                        LicenseSource::Free(_) => {
                            self.lang.activated_in(quantity, &dragged_license.product, &name)
                        }
                        LicenseSource::Activated(_) => {
                            self.lang
                                .transferred_to(quantity, &dragged_license.product, &name)
                        }
                    };
                    self.toasts.show(done, None);
                }
                Err(error) => self.failed(dragged_license, to, quantity, key, &error),
            }
        });
    }

    fn failed(
        self,
        dragged_license: DraggedLicense,
        to: ContainerRow,
        quantity: u32,
        key: String,
        error: &ApiError,
    ) {
        let why = explain(self.lang, error);
        let text = match dragged_license.source {
            LicenseSource::Free(_) => self.lang.not_activated_because(&dragged_license.product, &why),
            LicenseSource::Activated(_) => self.lang.not_transferred_because(&dragged_license.product, &why),
        };
        // Under the same key: without an answer it may have happened.
        let again =
            Callback::new(move |()| self.send(dragged_license.clone(), to.clone(), quantity, key.clone()));
        self.toasts.error(text, Some(again));
    }
}

impl Board for LicenseBoard {
    type DraggedItem = DraggedLicense;
    type Target = ContainerId;
    type Outcome = LicenseTarget;
    type Why = Denied;

    const OBJECTS: &'static str = "[data-license]";
    const HEADING: &'static str = HEADING;
    const TARGET: &'static str = "data-container";
    const SCROLLS: &'static str = ".shelf-lines";

    fn drag(self) -> Drag<DraggedLicense, ContainerId> {
        self.drag
    }

    fn language(self) -> Language {
        self.lang
    }

    fn messages(self) -> Toasts {
        self.toasts
    }

    fn item_of(self, pressed: &Element) -> Option<DraggedLicense> {
        let source = pressed.get_attribute("data-license")?.parse().ok()?;
        self.offered.with_value(|offered| offered.get(&source).cloned())
    }

    fn item_name(self, dragged_license: &DraggedLicense) -> String {
        dragged_license.product.clone()
    }

    fn item_contents(self, dragged_license: &DraggedLicense) -> String {
        match dragged_license.source {
            LicenseSource::Free(_) => self.lang.count_free(dragged_license.quantity),
            LicenseSource::Activated(_) => format!("{} ×", dragged_license.quantity),
        }
    }

    fn target_name(self, container: ContainerId) -> String {
        self.target(container)
            .map(|target| container_name(self.lang, &target.container))
            .unwrap_or_default()
    }

    fn verdict(self, container: ContainerId) -> Option<Result<LicenseTarget, Denied>> {
        if !self.drag.dragged_item.with(Option::is_some) {
            return None;
        }
        self.target(container).map(|target| match target.denied {
            None => Ok(target),
            Some(denied) => Err(denied),
        })
    }

    fn why_not(self, denied: Denied) -> &'static str {
        why_not(self.lang, &denied)
    }

    fn is_there(self, denied: Denied) -> bool {
        denied == Denied::AlreadyThere
    }

    fn no_targets(self) -> &'static str {
        self.lang.no_container_permits()
    }

    fn permitted(self) -> Vec<ContainerId> {
        self.targets.with_untracked(|targets| {
            let rows = targets.iter().flat_map(|targets| &targets.rows);
            rows.filter(|target| target.denied.is_none())
                .map(|target| target.container.id)
                .collect()
        })
    }

    fn focus_target(self, container: ContainerId) {
        let selector = format!("[data-container=\"{container}\"]");
        if !browser::focus(&selector) {
            // It is about to be drawn.
            browser::focus_soon(vec![selector]);
        }
    }

    fn set_out(self) {
        if self.targets.with_untracked(Option::is_none) {
            return;
        }
        match self.permitted().first() {
            Some(first) => self.arrive(*first),
            None => self.give_up(),
        }
    }

    fn travel(self, key: &str) -> bool {
        let over = self.drag.over.get_untracked();
        match keyboard::along(&self.permitted(), over, key) {
            None => return false,
            Some(Some(container)) if Some(container) != over => self.arrive(container),
            Some(_) => self.say_again(),
        }
        true
    }

    fn dropped(
        self,
        dragged_license: Arc<DraggedLicense>,
        _on: ContainerId,
        target: LicenseTarget,
        by_keys: bool,
    ) {
        let dragged_license = Arc::unwrap_or_clone(dragged_license);
        if dragged_license.divisible() {
            self.asking.set(Some(Asking {
                dragged_license,
                to: Some(target.container),
                by_keys,
            }));
        } else {
            if by_keys {
                self.give_focus_back(dragged_license.source);
            }
            let quantity = dragged_license.quantity;
            self.bring(dragged_license, target.container, quantity);
        }
    }

    /// Which containers there are, and which of them may be dropped on, the server says for what was lifted.
    fn begun(self) {
        let Some(dragged_license) = self.drag.dragged_item.get_untracked() else {
            return;
        };
        self.targets.set(None);
        let this = self.asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        });
        let search = self.search.get_untracked();
        spawn_local(async move {
            let answer = containers_for(dragged_license.source, search).await;
            // Another drag may have begun meanwhile, or the page been left.
            if self.asked.try_get_value() != this || !self.drags() {
                return;
            }
            match answer {
                Ok(targets) => {
                    self.targets.set(Some(targets));
                    if self.drags_by_keys() {
                        keyboard::set_out(self);
                    }
                }
                Err(error) => self.refuse(explain(self.lang, &error)),
            }
        });
    }

    fn ended(self, _on: Option<ContainerId>) {
        self.targets.set(None);
    }
}
