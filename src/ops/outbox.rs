//! What is to be mailed: a queue between who asks for a mail and the job that writes it.

use tokio::sync::mpsc;

use crate::{i18n::Language, ops::OpError, views::resellers::creations::CreationDetail};

/// Most mails that wait at once; they take milliseconds each.
const WAITING: usize = 1_000;

/// Somebody forgot their password.
#[derive(Debug)]
pub struct Forgotten {
    /// The address they gave.
    pub email: String,
    /// In which language they asked.
    pub language: Language,
}

/// Codes of tickets are handed out.
#[derive(Debug)]
pub struct Codes {
    /// The address.
    pub to: String,
    /// In which language.
    pub language: Language,
    /// The tickets.
    pub creation: CreationDetail,
}

/// A mail that is asked for.
#[derive(Debug)]
pub enum Order {
    /// A link that sets a new password.
    Forgotten(Forgotten),
    /// The codes of tickets.
    Codes(Box<Codes>),
}

/// Takes mails to be written.
#[derive(Clone)]
pub struct Outbox {
    orders: mpsc::Sender<Order>,
    /// Where requests to the vendor go, if that is known.
    pub vendor_mail: Option<String>,
}

impl Outbox {
    /// The queue, and its end, at which a job takes the orders.
    #[must_use]
    pub fn new(vendor_mail: Option<String>) -> (Self, mpsc::Receiver<Order>) {
        let (orders, taken) = mpsc::channel(WAITING);
        (Self { orders, vendor_mail }, taken)
    }

    /// Somebody asks for a link that sets a new password. Returns at once, whether there is such an account or not: the
    /// time of the answer tells nothing (ASVS 5.0, 6.3.8).
    pub fn ask_for_link(&self, email: String, language: Language) {
        let order = Order::Forgotten(Forgotten { email, language });
        if self.orders.try_send(order).is_err() {
            tracing::warn!("too many people forgot their password at once; one of them gets no mail");
        }
    }

    /// Hands out codes.
    ///
    /// # Errors
    /// [`OpError::TooManyMails`].
    pub fn send_codes(&self, codes: Codes) -> Result<(), OpError> {
        let order = Order::Codes(Box::new(codes));
        let sent = self.orders.try_send(order);
        sent.map_err(|_| OpError::TooManyMails)
    }
}
