//! What the licences of a ticket can ask the server to do, and the list that follows.

use domain::ids::{AmendmentId, TicketId};
use leptos::prelude::*;

use crate::{
    api::licensing::{
        amendments::{UndoAmendments, amendments},
        licenses::{Activate, Deactivate, WithdrawLicense, licenses},
    },
    errors::ApiError,
    ui::{
        kit::{forms::only_the_last, language::use_language, toast::Toasts},
        licensing::{
            amendments::dialog::{Amending, tell_made},
            board::{HEADING, LicenseBoard},
            choices::ContainerChoices,
        },
        shell::{following::Following, live},
    },
    views::licensing::{amendments::LicenseAmendments, licenses::LicenseDetail},
};

/// The licences of a ticket: where they are, and how they stand over time.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct OfTicket {
    /// Where they are.
    pub licenses: Vec<LicenseDetail>,
    /// How they stand over time.
    pub amendments: Vec<LicenseAmendments>,
}

async fn of_ticket(ticket: TicketId) -> Result<OfTicket, ApiError> {
    Ok(OfTicket {
        licenses: licenses(ticket).await?,
        amendments: amendments(ticket).await?,
    })
}

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
    /// Takes an amendment back.
    pub undo: ServerAction<UndoAmendments>,
    /// What is being amended, in the dialog.
    pub amending: RwSignal<Option<Amending>>,
    pub(super) containers: ContainerChoices,
    pub(super) list: Following<OfTicket>,
    /// How often others changed something.
    pub(super) renewed: RwSignal<usize>,
    /// Licences on their way into containers.
    pub board: LicenseBoard,
}

impl LicenseActions {
    /// For the ticket of a page.
    pub fn new(ticket: Memo<Option<TicketId>>) -> Self {
        let (activate, deactivate, withdraw, undo) = (
            ServerAction::<Activate>::new(),
            ServerAction::<Deactivate>::new(),
            ServerAction::<WithdrawLicense>::new(),
            ServerAction::<UndoAmendments>::new(),
        );
        only_the_last([activate.into(), deactivate.into(), withdraw.into(), undo.into()]);
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
                    undo.version().get(),
                    board.answered.get(),
                ];
                (ticket.get(), done, renewed.get())
            },
            move |(ticket, ..)| async move {
                match ticket {
                    Some(ticket) => known.or_before(ticket, of_ticket(ticket).await),
                    None => Err(ApiError::HIDDEN),
                }
            },
        );
        known.learn_from(ticket, list);
        Self {
            activate,
            deactivate,
            withdraw,
            undo,
            amending: RwSignal::new(None),
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
            + self.undo.version().get()
            + self.board.answered.get()
    }

    /// Shows the licences, and follows them. On a page once: it is one view that follows.
    pub fn shows(
        self,
        view: impl Fn(Signal<OfTicket>) -> AnyView + Copy + Send + Sync + 'static,
    ) -> impl IntoView {
        self.list.shows(view)
    }

    /// The licences, for what tells of them elsewhere on the page.
    #[must_use]
    pub const fn answers(self) -> Resource<Result<OfTicket, ApiError>> {
        self.list.answers()
    }

    /// What is done when the dialog has made amendments: it is told, and the page asks again.
    #[must_use]
    pub fn when_amended(self) -> Callback<Vec<AmendmentId>> {
        let (lang, toasts, renewed) = (use_language(), Toasts::provided(), self.renewed);
        let again = Callback::new(move |()| {
            let _ = renewed.try_update(|times| *times += 1);
        });
        Callback::new(move |made| {
            again.run(());
            tell_made(toasts, lang, made, again);
        })
    }
}
