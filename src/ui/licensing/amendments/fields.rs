//! What has to be entered for an amendment. What belongs to a choice is shown by style while that is made.

use domain::licensing::{
    amendments::{MAX_MONTHS, MAX_REASON, RenewFrom},
    licenses::{MAX_DAYS, MAX_QUANTITY},
};
use leptos::prelude::*;

use crate::{
    ui::{
        kit::language::use_language,
        licensing::amendments::asked::{Asked, QUICK, TermChoice, Unit, kind_value, kind_word},
    },
    views::licensing::amendments::AmendmentKind,
};

/// The fields of a form that asks for an amendment.
#[component]
pub fn Fields(
    /// What they hold at first.
    asked: Asked,
    /// What can be chosen from; one alone is settled.
    kinds: Vec<AmendmentKind>,
) -> impl IntoView {
    let lang = use_language();
    let settled = kinds.len() < 2;
    let kind = if settled {
        view! { <input type="hidden" name="kind" value=kind_value(asked.kind)/> }.into_any()
    } else {
        let chosen = asked.kind;
        let option = move |kind: &AmendmentKind| {
            view! {
                <option value=kind_value(*kind) selected=*kind == chosen>{kind_word(lang, *kind)}</option>
            }
        };
        view! {
            <label class="labelled">
                {lang.what_to_do()}
                <select class="input" name="kind">{kinds.iter().map(option).collect::<Vec<_>>()}</select>
            </label>
        }
        .into_any()
    };
    let has = |kind: AmendmentKind| {
        if settled {
            asked.kind == kind
        } else {
            kinds.contains(&kind)
        }
    };
    let term = has(AmendmentKind::Renew).then(|| term(asked.clone()));
    let until = has(AmendmentKind::Extend).then(|| {
        let label = lang.last_day();
        day("of-extend", label, "until", asked.until.clone(), settled)
    });
    let quantity = has(AmendmentKind::Quantity).then(|| {
        let (label, value) = (lang.new_quantity(), asked.quantity.clone());
        number("of-quantity", label, "quantity", value, MAX_QUANTITY, settled)
    });
    view! {
        {kind}
        {term}
        {until}
        {quantity}
        <fieldset class="stack">
            <legend>{lang.takes_effect()}</legend>
            {radio("when", "now", lang.at_once().to_owned(), !asked.planned)}
            {radio("when", "day", lang.on_a_day().to_owned(), asked.planned)}
            {day("of-day", lang.day_of_effect(), "on", asked.on, false)}
        </fieldset>
        <label class="labelled">
            {lang.reason()}
            <input
                class="input"
                name="reason"
                value=asked.reason
                maxlength=MAX_REASON.to_string()
                autocomplete="off"
                aria-describedby="reason-help"
            />
        </label>
        <p id="reason-help" class="quiet">{lang.reason_help()}</p>
    }
}

/// A new term: how long, and from when on.
fn term(asked: Asked) -> AnyView {
    let lang = use_language();
    let quick = |months: u32| {
        let checked = asked.term == TermChoice::Months(months);
        radio("term", &months.to_string(), lang.months_long(months), checked)
    };
    let begin = |from: &RenewFrom| {
        let words = match from {
            RenewFrom::End => lang.begins_at_end(),
            RenewFrom::Now => lang.begins_now(),
            RenewFrom::NowIfEnded => lang.begins_now_if_ended(),
        };
        radio("begin", &from.to_string(), words.to_owned(), asked.begin == *from)
    };
    view! {
        <fieldset class="stack of-renew">
            <legend>{lang.new_term()}</legend>
            <div class="boxes">{QUICK.map(quick).into_iter().collect::<Vec<_>>()}</div>
            {radio("term", "other", lang.another_length().to_owned(), asked.term == TermChoice::Other)}
            <div class="beside of-other">
                {number("", lang.length(), "length", asked.length.clone(), MAX_DAYS.max(MAX_MONTHS), false)}
                <label class="labelled">
                    {lang.unit()}
                    <select class="input" name="unit">
                        <option value="months" selected=asked.unit == Unit::Months>{lang.months()}</option>
                        <option value="days" selected=asked.unit == Unit::Days>{lang.days()}</option>
                    </select>
                </label>
            </div>
        </fieldset>
        <fieldset class="stack of-renew">
            <legend>{lang.term_begins()}</legend>
            {RenewFrom::ALL.iter().map(begin).collect::<Vec<_>>()}
        </fieldset>
    }
    .into_any()
}

/// One of several radio buttons.
fn radio(name: &'static str, value: &str, label: String, checked: bool) -> AnyView {
    view! {
        <label class="check">
            <input type="radio" name=name value=value.to_owned() checked=checked/>
            <span>{label}</span>
        </label>
    }
    .into_any()
}

/// A field for a day.
fn day(
    class: &'static str,
    label: &'static str,
    name: &'static str,
    value: String,
    required: bool,
) -> AnyView {
    view! {
        <label class=format!("labelled {class}")>
            {label}
            <input class="input" type="date" name=name value=value required=required autocomplete="off"/>
        </label>
    }
    .into_any()
}

/// A field for a number from one on.
fn number(
    class: &'static str,
    label: &'static str,
    name: &'static str,
    value: String,
    max: u32,
    required: bool,
) -> AnyView {
    view! {
        <label class=format!("labelled {class}")>
            {label}
            <input
                class="input number"
                type="number"
                name=name
                value=value
                min="1"
                max=max.to_string()
                required=required
                autocomplete="off"
            />
        </label>
    }
    .into_any()
}
