//! Creating tickets (S13), with their customer where it is a new one (S15).

use domain::{
    ids::GroupId,
    licensing::licenses::{Binding, MAX_DAYS},
    resellers::creations::MAX_SERIES,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::resellers::creations::{CreateTickets, creation_form, creations},
    i18n::{Language, format},
    ui::{
        accounts::person::{EmailField, LoginField, NameField},
        kit::{
            forms::{FilterForm, Problem, failure},
            keys::form_key,
            language::use_language,
            pager::Pager,
            time::Time,
        },
        shell::{admin_nav::AdminNav, errors::Trouble, page_head::PageHead, session::use_me},
    },
    views::{
        addresses,
        groups::Choice,
        resellers::{
            creations::{
                CREATIONS_PAGE, Creatable, CreationChoices, CreationPage, CreationRow, Recipient,
                ValidityChoice,
            },
            customers::CustomerRow,
        },
    },
};

/// The form for new tickets, and what the reader created before.
#[component]
pub fn CreatePage() -> impl IntoView {
    let lang = use_language();
    let params = use_query_map();
    let group = Memo::new(move |_| {
        params.with(|params| params.get_str("group").and_then(|id| id.parse::<GroupId>().ok()))
    });
    let page = Memo::new(move |_| {
        params.with(|params| {
            params
                .get_str("page")
                .and_then(|page| page.parse().ok())
                .unwrap_or(0)
        })
    });
    let create = ServerAction::<CreateTickets>::new();
    let choices = Resource::new(move || group.get(), |group| creation_form(group, String::new()));
    let list = Resource::new(move || page.get(), creations);
    view! {
        <div class="page">
            <AdminNav/>
            <PageHead title=lang.create_tickets_title()/>
            <Problem error=failure(create.value())/>
            <Transition>
                {move || Suspend::new(async move {
                    match choices.await {
                        Ok(choices) => view! { <Creating choices create/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
            <section class="panel">
                <h2>{lang.created_lately()}</h2>
                <Transition>
                    {move || Suspend::new(async move {
                        match list.await {
                            Ok(list) => view! { <Created list page/> }.into_any(),
                            Err(error) => view! { <Trouble error/> }.into_any(),
                        }
                    })}
                </Transition>
            </section>
        </div>
    }
}

#[component]
fn Creating(choices: CreationChoices, create: ServerAction<CreateTickets>) -> impl IntoView {
    let lang = use_language();
    let CreationChoices {
        groups,
        group,
        products,
        customers,
    } = choices;
    let form = if products.is_empty() {
        view! { <p class="empty">{lang.nothing_to_create()}</p> }.into_any()
    } else {
        view! { <NewForm group=group.clone() products customers=customers.clone() create/> }.into_any()
    };
    view! {
        <GroupChoice groups group/>
        {form}
        <Customers customers/>
    }
}

/// Another group. A plain form: its answer is the page with another address.
#[component]
fn GroupChoice(groups: Vec<Choice>, group: Option<Choice>) -> impl IntoView {
    let lang = use_language();
    let isv_admin = use_me().actor.isv_admin;
    let chosen = group.as_ref().map(|group| group.id);
    if groups.len() < 2 && !isv_admin {
        return group
            .map(|group| view! { <p class="quiet">{lang.create_in_group()} ": " {group.label}</p> })
            .into_any();
    }
    // One that the list has no room for.
    let missing = group.filter(|group| groups.iter().all(|other| other.id != group.id));
    let option = move |choice: Choice| {
        let selected = chosen == Some(choice.id);
        view! { <option value=choice.id.to_string() selected=selected>{choice.label}</option> }
    };
    view! {
        <FilterForm action=addresses::CREATE>
            <div class="beside">
                <label class="labelled grow">
                    {lang.create_in_group()}
                    <select class="input" name="group">
                        {isv_admin.then(|| view! { <option value="">{lang.create_in_no_group()}</option> })}
                        {missing.into_iter().chain(groups).map(option).collect::<Vec<_>>()}
                    </select>
                </label>
                <button class="btn">{lang.choose()}</button>
            </div>
        </FilterForm>
    }
    .into_any()
}

fn product_label(lang: Language, creatable: &Creatable) -> String {
    let data = &creatable.product.data;
    let mut label = format!("{} ({})", format::product(lang, &data.name), data.article);
    for (period, left) in &creatable.left {
        label.push_str(" · ");
        label.push_str(&lang.quota_left(*left, *period));
    }
    label
}

#[component]
fn NewForm(
    group: Option<Choice>,
    products: Vec<Creatable>,
    customers: Vec<CustomerRow>,
    create: ServerAction<CreateTickets>,
) -> impl IntoView {
    let lang = use_language();
    let product = move |creatable: &Creatable| {
        view! {
            <option value=creatable.product.id.to_string()>{product_label(lang, creatable)}</option>
        }
    };
    let number = move |name: &'static str, label: &'static str, value: &'static str, most: u32| {
        view! {
            <label class="labelled grow">
                {label}
                <input
                    class="input"
                    type="number"
                    name=name
                    value=value
                    min="1"
                    max=most.to_string()
                    required
                    autocomplete="off"
                />
            </label>
        }
    };
    let group_id = group
        .as_ref()
        .map(|group| group.id.to_string())
        .unwrap_or_default();
    view! {
        <ActionForm action=create attr:class="panel stack creating">
            <input type="hidden" name="key" value=form_key()/>
            <input type="hidden" name="new[group]" value=group_id/>
            <label class="labelled">
                {lang.product()}
                <select class="input" name="new[product]" required>
                    {products.iter().map(product).collect::<Vec<_>>()}
                </select>
            </label>
            <div class="beside">
                {number("new[quantity]", lang.licenses_per_ticket(), "1", 1_000_000_000)}
                {number("new[series]", lang.number_of_tickets(), "1", MAX_SERIES)}
            </div>
            <p class="quiet">{lang.series_help()}</p>
            <Rules/>
            <Recipients group customers/>
            <p class="actions">
                <button class="btn primary">{lang.create_now()}</button>
            </p>
        </ActionForm>
    }
}

/// One of several radio buttons.
#[component]
fn Radio(name: &'static str, value: &'static str, label: &'static str, checked: bool) -> impl IntoView {
    view! {
        <label class="check">
            <input type="radio" name=name value=value checked=checked/>
            {label}
        </label>
    }
}

/// What the choice is called in the form.
const fn validity_value(choice: ValidityChoice) -> &'static str {
    match choice {
        ValidityChoice::Perpetual => "Perpetual",
        ValidityChoice::Between => "Between",
        ValidityChoice::Days => "Days",
    }
}

const fn recipient_value(recipient: Recipient) -> &'static str {
    match recipient {
        Recipient::Codes => "Codes",
        Recipient::Stock => "Stock",
        Recipient::Customer => "Customer",
        Recipient::NewCustomer => "NewCustomer",
    }
}

const fn binding_value(binding: Binding) -> &'static str {
    match binding {
        Binding::Floating => "Floating",
        Binding::NodeLocked => "NodeLocked",
    }
}

/// Validity, binding, returns. What belongs to a choice is shown by style while that is made.
#[component]
fn Rules() -> impl IntoView {
    let lang = use_language();
    let name = "new[validity]";
    let day = move |name: &'static str, label: &'static str| {
        view! {
            <label class="labelled grow">
                {label} <input class="input" type="date" name=name autocomplete="off"/>
            </label>
        }
    };
    let binding = move |binding: &Binding| {
        view! { <option value=binding_value(*binding)>{lang.binding_name(*binding)}</option> }
    };
    view! {
        <fieldset class="stack">
            <legend>{lang.validity()}</legend>
            <Radio name value=validity_value(ValidityChoice::Perpetual) label=lang.validity_perpetual() checked=true/>
            <Radio name value=validity_value(ValidityChoice::Between) label=lang.validity_between() checked=false/>
            <div class="beside of-between">
                {day("new[from]", lang.first_day())} {day("new[to]", lang.last_day())}
            </div>
            <Radio name value=validity_value(ValidityChoice::Days) label=lang.validity_days() checked=false/>
            <label class="labelled of-days">
                {lang.days()}
                <input
                    class="input"
                    type="number"
                    name="new[days]"
                    min="1"
                    max=MAX_DAYS.to_string()
                    autocomplete="off"
                />
            </label>
        </fieldset>
        <fieldset class="stack">
            <legend>{lang.rules()}</legend>
            <div class="beside">
                <label class="labelled grow">
                    {lang.binding()}
                    <select class="input" name="new[binding]">
                        {Binding::ALL.iter().map(binding).collect::<Vec<_>>()}
                    </select>
                </label>
                <label class="labelled grow">
                    {lang.returns_allowed()}
                    <input
                        class="input"
                        type="number"
                        name="new[returns]"
                        min="0"
                        autocomplete="off"
                        placeholder=lang.returns_help()
                    />
                </label>
            </div>
        </fieldset>
    }
}

/// Who gets the tickets.
#[component]
fn Recipients(group: Option<Choice>, customers: Vec<CustomerRow>) -> impl IntoView {
    let lang = use_language();
    let name = "new[recipient]";
    let stock = group.map(|_| {
        view! { <Radio name value=recipient_value(Recipient::Stock) label=lang.recipient_stock() checked=false/> }
    });
    let customer = |row: &CustomerRow| {
        let label = format!("{} ({})", row.name, row.login);
        view! { <option value=row.user.to_string()>{label}</option> }
    };
    let known = (!customers.is_empty()).then(|| {
        view! {
            <Radio name value=recipient_value(Recipient::Customer) label=lang.recipient_customer() checked=false/>
            <label class="labelled of-customer">
                {lang.customer()}
                <select class="input" name="new[customer]">
                    {customers.iter().map(customer).collect::<Vec<_>>()}
                </select>
            </label>
        }
    });
    view! {
        <fieldset class="stack">
            <legend>{lang.recipient()}</legend>
            <Radio name value=recipient_value(Recipient::Codes) label=lang.recipient_codes() checked=true/>
            {stock}
            {known}
            <Radio
                name
                value=recipient_value(Recipient::NewCustomer)
                label=lang.recipient_new_customer()
                checked=false
            />
            <div class="stack of-new-customer">
                <NameField label=lang.customer_person() name="new[new_customer][name]"/>
                <EmailField name="new[new_customer][email]"/>
                <LoginField
                    label=lang.customer_login()
                    name="new[new_customer][login]"
                    note=lang.customer_login_help()
                />
                <NameField
                    label=lang.customer_group()
                    name="new[new_customer][group_name]"
                    note=lang.customer_group_help()
                />
                <p class="quiet">{lang.customer_gets_link()}</p>
            </div>
        </fieldset>
    }
}

/// A customer, and whether they were sent their link.
pub fn customer(lang: Language, row: CustomerRow) -> impl IntoView {
    let state = if row.invited {
        lang.customer_invited()
    } else {
        lang.customer_not_invited()
    };
    view! {
        {row.name}
        " "
        <small class="mono quiet wrap">{row.login}</small>
        " "
        <span class="tag" class:mine=row.invited>{state}</span>
    }
}

/// The customers, and who of them was sent their link.
#[component]
fn Customers(customers: Vec<CustomerRow>) -> impl IntoView {
    let lang = use_language();
    (!customers.is_empty()).then(|| {
        view! {
            <section class="panel">
                <h2>{lang.customers()}</h2>
                <ul class="plain-list" aria-label=lang.customers()>
                    {customers.into_iter().map(|row| view! { <li>{customer(lang, row)}</li> }).collect::<Vec<_>>()}
                </ul>
            </section>
        }
    })
}

/// What the reader created, newest first.
#[component]
fn Created(list: CreationPage, page: Memo<u32>) -> impl IntoView {
    let lang = use_language();
    let CreationPage { rows, total } = list;
    if rows.is_empty() {
        return view! { <p class="empty">{lang.nothing_created()}</p> }.into_any();
    }
    let row = move |row: CreationRow| {
        let product = format::product(lang, &row.product);
        view! {
            <tr>
                <th scope="row">
                    <a href=addresses::created(row.id)>{lang.created_what(row.tickets, row.quantity, product)}</a>
                </th>
                <td data-label=lang.still_free()>{row.free}</td>
                <td data-label=lang.created_at()>
                    <Time at=row.at/>
                </td>
            </tr>
        }
    };
    let to = Callback::new(|page: u32| format!("{}?page={page}", addresses::CREATE));
    view! {
        <table class="rows">
            <caption class="hidden">{lang.created_lately()}</caption>
            <thead>
                <tr>
                    <th scope="col">{lang.tickets()}</th>
                    <th scope="col">{lang.still_free()}</th>
                    <th scope="col">{lang.created_at()}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
        </table>
        <Pager page size=CREATIONS_PAGE total=Signal::stored(total) to/>
    }
    .into_any()
}
