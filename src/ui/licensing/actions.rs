//! What the licences of a ticket can ask the server to do, and the list that follows.

use domain::ids::TicketId;
use leptos::prelude::*;

use crate::{
    api::licensing::licenses::{Activate, Deactivate, WithdrawLicense, licenses},
    ui::{
        kit::forms::after,
        licensing::{
            board::{HEADING, LicenseBoard},
            choices::ContainerChoices,
        },
        shell::{following::Following, live},
    },
    views::licensing::licenses::LicenseDetail,
};

/// What can be done with the licences of a ticket.
///
/// Made with the page: see `session::SignedIn`.
#[derive(Clone, Copy)]
pub struct LicenseActions {
    pub(super) activate: ServerAction<Activate>,
    /// Gives some back.
    pub deactivate: ServerAction<Deactivate>,
    /// Takes some back.
    pub withdraw: ServerAction<WithdrawLicense>,
    pub(super) containers: ContainerChoices,
    pub(super) list: Following<Vec<LicenseDetail>>,
    /// How often others changed something.
    pub(super) renewed: RwSignal<usize>,
    /// Licences on their way into containers.
    pub board: LicenseBoard,
}

impl LicenseActions {
    /// For the ticket of a page.
    pub fn new(ticket: Memo<Option<TicketId>>) -> Self {
        let (activate, deactivate, withdraw) = (
            ServerAction::<Activate>::new(),
            ServerAction::<Deactivate>::new(),
            ServerAction::<WithdrawLicense>::new(),
        );
        // Only the last answer is told.
        after(activate, move || {
            deactivate.clear();
            withdraw.clear();
        });
        after(deactivate, move || {
            activate.clear();
            withdraw.clear();
        });
        after(withdraw, move || {
            activate.clear();
            deactivate.clear();
        });
        let containers = ContainerChoices::new("container");
        let board = LicenseBoard::new(containers.search());
        provide_context(board);
        let renewed = RwSignal::new(0_usize);
        live::follow(
            move || ticket.get().map(|ticket| format!("ticket:{ticket}")),
            move || {
                renewed.try_update(|times| *times += 1);
            },
        );
        let known = live::Known::nothing();
        let list = Resource::new(
            move || {
                let done = [
                    activate.version().get(),
                    deactivate.version().get(),
                    withdraw.version().get(),
                    board.answered.get(),
                ];
                (ticket.get(), done, renewed.get())
            },
            move |(ticket, ..)| async move {
                match ticket {
                    Some(ticket) => known.or_before(ticket, licenses(ticket).await),
                    None => Ok(Vec::new()),
                }
            },
        );
        known.learn_from(ticket, list);
        Self {
            activate,
            deactivate,
            withdraw,
            containers,
            list: Following::new(list, HEADING, |_| ()),
            renewed,
            board,
        }
    }
}

impl LicenseActions {
    /// How often something was done, here or by others: what else the page says is old then.
    #[must_use]
    pub fn done(self) -> usize {
        self.renewed.get()
            + self.activate.version().get()
            + self.deactivate.version().get()
            + self.withdraw.version().get()
            + self.board.answered.get()
    }
}
