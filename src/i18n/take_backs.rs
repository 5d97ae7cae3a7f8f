//! Taking back what nobody uses.

use domain::licensing::take_backs::{InvalidTakeBack, MAX_WAIT_DAYS, TakeBackState};

use crate::{
    i18n::{Language, format},
    views::licensing::take_backs::TakeBackNews,
};

index! { take_backs:
    take_backs, take_backs_explained, no_take_backs, take_back_explained, take_back_to,
    take_back_to_own_group, take_back_days, ask_back, keep_ticket, give_ticket_back, cancel_take_back, undo_take_back, asked_back_by,
    moves_on, asked_back_from;

    /// On the list of unused licences, of a ticket that is asked for.
    fn is_asked_back(day: &str);

    /// On the page of a ticket.
    fn ticket_is_asked_back(day: &str);

    /// By whom.
    fn asks_back(name: &str);

    /// Where it goes.
    fn goes_back_to(place: &str);

    /// What waits on the overview.
    fn ticket_is_taken_back(code: &str, day: &str);
}

impl Language {
    /// How far a request has come; `day` is that of the move.
    #[must_use]
    pub fn take_back_state(self, state: TakeBackState, day: &str) -> String {
        match state {
            TakeBackState::Asked => say!(self, take_backs::state_asked(day)),
            TakeBackState::Kept => say!(self, take_backs::state_kept()).to_owned(),
            TakeBackState::Cancelled => say!(self, take_backs::state_cancelled()).to_owned(),
            TakeBackState::Used => say!(self, take_backs::state_used()).to_owned(),
            TakeBackState::Done => say!(self, take_backs::state_done()).to_owned(),
            TakeBackState::Moved => say!(self, take_backs::state_moved()).to_owned(),
            TakeBackState::NotPermitted => say!(self, take_backs::state_not_permitted()).to_owned(),
            TakeBackState::StillHeld => say!(self, take_backs::state_still_held()).to_owned(),
        }
    }

    /// Why a ticket cannot be asked for like that, or the request not be answered.
    #[must_use]
    pub fn invalid_take_back(self, why: InvalidTakeBack) -> String {
        match why {
            InvalidTakeBack::Days => say!(self, take_backs::invalid_days(MAX_WAIT_DAYS)),
            InvalidTakeBack::NoGroup => say!(self, take_backs::invalid_no_group()).to_owned(),
            InvalidTakeBack::Unowned => say!(self, take_backs::invalid_unowned()).to_owned(),
            InvalidTakeBack::AskedAlready => say!(self, take_backs::invalid_asked_already()).to_owned(),
            InvalidTakeBack::Over => say!(self, take_backs::invalid_over()).to_owned(),
        }
    }

    /// Subject of the mail about a request.
    #[must_use]
    pub const fn take_back_mail_subject(self, state: TakeBackState) -> &'static str {
        match state {
            TakeBackState::Asked => say!(self, take_backs::mail_subject_asked()),
            TakeBackState::Kept => say!(self, take_backs::mail_subject_kept()),
            TakeBackState::Done => say!(self, take_backs::mail_subject_done()),
            TakeBackState::Cancelled
            | TakeBackState::Used
            | TakeBackState::Moved
            | TakeBackState::NotPermitted
            | TakeBackState::StillHeld => say!(self, take_backs::mail_subject_ended()),
        }
    }

    /// The mail about a request. Codes do not stand in it.
    #[must_use]
    pub fn take_back_mail(self, url: &str, news: &TakeBackNews) -> String {
        let day = format::date(self, news.due_at);
        let mut text = if news.state.is_open() {
            say!(self, take_backs::mail_asked(&day))
        } else {
            self.take_back_state(news.state, &day)
        };
        if !news.licenses.is_empty() {
            text.push_str(&format!("\n\n{}", format::licenses(self, &news.licenses)));
        }
        if news.state.is_open()
            && let Some(by) = &news.by
        {
            text.push_str(&format!("\n{}", self.asks_back(by)));
        }
        let link = if news.licenses.is_empty() {
            format!("{url}{}", crate::views::addresses::TAKE_BACKS)
        } else {
            format!("{url}{}", crate::views::addresses::ticket(news.ticket))
        };
        text.push_str(&format!("\n\n{link}\n"));
        text
    }
}
