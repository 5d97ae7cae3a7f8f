//! How a licence stands on the page of its ticket: term, quantity, what stopped it and what is planned; and how that is
//! changed.

use domain::{ids::TicketId, licensing::licenses::Standing};
use leptos::{ev::MouseEvent, prelude::*};

use crate::{
    api::licensing::amendments::UndoAmendments,
    i18n::{Language, format},
    ui::{
        kit::{language::use_language, menu::MenuLink, tabs::part_of},
        licensing::amendments::{
            asked::{Subject, address, kind_dots},
            dialog::{Amending, opens},
            history::Amendments,
            machines::WhoKnows,
            offered::for_license,
            standing::StandingBadge,
        },
    },
    views::{
        addresses,
        licensing::amendments::{AmendmentKind, AmendmentState, LicenseAmendments},
    },
};

/// The part of a ticket's page with that, by its name in the address.
pub const TERM: &str = "term";

/// Term and quantity of a licence.
#[component]
pub fn TermAndQuantity(
    ticket: TicketId,
    #[prop(into)] of: Signal<LicenseAmendments>,
    /// Opens the dialog.
    amending: RwSignal<Option<Amending>>,
    undo: ServerAction<UndoAmendments>,
) -> impl IntoView {
    let lang = use_language();
    let (id, product) = of.with_untracked(|of| {
        let product = format::product(lang, &of.license.product);
        (format!("term-{}", of.license.id), product.to_owned())
    });
    let heading = id.clone();
    let product = StoredValue::new(product);
    let made = move || of.with(|of| of.amendments.len());
    view! {
        <section class="panel term" aria-labelledby=id>
            <p class="term-of">{move || of.with(|of| format::license(lang, &of.license))}</p>
            <h2 id=heading>{lang.term_and_quantity()}</h2>
            {move || of.with(|of| facts(lang, of))}
            {move || of.with(|of| offers(lang, ticket, of, &product.get_value(), amending))}
            {move || {
                view! {
                    <h3>{lang.amendments()}</h3>
                    <Amendments rows=of.with(|of| of.amendments.clone()) product=product.get_value() undo/>
                }
            }}
            {move || {
                (made() > 0)
                    .then(|| {
                        view! {
                            <h3>{lang.who_knows_yet()}</h3>
                            <WhoKnows machines=of.with(|of| of.machines.clone()) product=product.get_value()/>
                        }
                    })
            }}
        </section>
    }
}

fn facts(lang: Language, of: &LicenseAmendments) -> AnyView {
    let (quantity, activated) = (of.grant.quantity, of.license.activated);
    let over = activated.saturating_sub(quantity);
    let over = (over > 0).then(|| {
        view! { " " <span class="tag warn wrap">{lang.more_activated(activated, over)}</span> }
    });
    let standing = match of.standing {
        Standing::Usable(_) => lang.can_be_used().into_any(),
        Standing::NotYet(_) => lang.not_usable_yet().into_any(),
        Standing::Expired(_) => lang.expired().into_any(),
        Standing::Suspended(_) | Standing::Revoked(_) => {
            view! { <StandingBadge standing=of.standing/> }.into_any()
        }
    };
    let planned = of
        .amendments
        .iter()
        .filter(|row| row.state == AmendmentState::Planned);
    let mut planned: Vec<_> = planned.collect();
    planned.sort_by_key(|row| row.in_force_at);
    let plan = |row: &&crate::views::licensing::amendments::AmendmentRow| {
        let day = format::date_time(lang, row.in_force_at);
        view! { <li>{lang.amendment(row.what)} " · " {lang.planned_for(&day)}</li> }
    };
    let planned = (!planned.is_empty()).then(|| {
        view! {
            <dt>{lang.plans()}</dt>
            <dd>
                <ul class="plain-list">{planned.iter().map(plan).collect::<Vec<_>>()}</ul>
            </dd>
        }
    });
    view! {
        <dl class="facts">
            <dt>{lang.quantity()}</dt>
            <dd>{lang.granted_licenses(quantity)} {over}</dd>
            <dt>{lang.validity()}</dt>
            <dd>{format::validity(lang, of.grant.validity)}</dd>
            <dt>{lang.state()}</dt>
            <dd>{standing}</dd>
            {planned}
        </dl>
    }
    .into_any()
}

/// What the dialog is asked for about a licence, and the page that asks the same.
fn asking(
    lang: Language,
    ticket: TicketId,
    of: &LicenseAmendments,
    kind: AmendmentKind,
) -> (String, impl Fn() -> Amending + Clone + Send + Sync + 'static) {
    let subject = Subject {
        ticket,
        license: of.license.id,
        // Of a ticket on its own page nothing else has to be said.
        code: String::new(),
        owner: String::new(),
        what: format::license(lang, &of.license),
    };
    let quantity = of.grant.quantity;
    // What was changed is told on that part of the page.
    let back = part_of(&addresses::ticket(ticket), TERM);
    let href = address(std::slice::from_ref(&subject), kind, &back);
    let open = move || Amending {
        kinds: vec![kind],
        subjects: vec![subject.clone()],
        quantity: Some(quantity),
        and_more: false,
    };
    (href, open)
}

/// What the reader may do, each as a link to the page that asks about it; with wasm, the dialog does.
fn offers(
    lang: Language,
    ticket: TicketId,
    of: &LicenseAmendments,
    product: &str,
    amending: RwSignal<Option<Amending>>,
) -> AnyView {
    let offer = |kind: AmendmentKind| {
        let (href, open) = asking(lang, ticket, of, kind);
        let class = if kind == AmendmentKind::Revoke {
            "btn dangerous"
        } else {
            "btn"
        };
        view! {
            <a
                class=class
                href=href
                aria-label=lang.permission_of(kind_dots(lang, kind), product)
                on:click=move |event| opens(&event, amending, &open)
            >
                {kind_dots(lang, kind)}
            </a>
        }
    };
    let offered = for_license(of);
    if offered.is_empty() {
        return ().into_any();
    }
    view! { <p class="actions offers">{offered.into_iter().map(offer).collect::<Vec<_>>()}</p> }.into_any()
}

/// The same as items of a menu.
pub fn amending_items(
    lang: Language,
    ticket: TicketId,
    of: &LicenseAmendments,
    amending: RwSignal<Option<Amending>>,
) -> AnyView {
    let item = |kind: AmendmentKind| {
        let (to, open) = asking(lang, ticket, of, kind);
        let danger = kind == AmendmentKind::Revoke;
        let on_press = Callback::new(move |event: MouseEvent| opens(&event, amending, &open));
        view! { <MenuLink to label=kind_dots(lang, kind) danger on_press/> }
    };
    for_license(of)
        .into_iter()
        .map(item)
        .collect::<Vec<_>>()
        .into_any()
}
