//! Mails that requests ask for. `jobs::mails` writes them; an order that nobody has taken up waits here.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Mutex as TurnMutex, mpsc},
    time::Instant,
};

use crate::{i18n::Language, views::resellers::creations::CreationDetail};

/// Most orders that wait at once. A mail takes milliseconds.
const WAITING: usize = 1_000;

/// A link that sets a new password, for whoever has that address.
#[derive(Debug)]
pub struct Forgotten {
    /// The address, which need not be that of an account.
    pub email: String,
    /// The language of the request: whose account it is is not known yet.
    pub language: Language,
}

/// Codes of tickets, handed out to somebody who need not have an account.
#[derive(Debug)]
pub struct Codes {
    /// The address of who gets them.
    pub to: String,
    /// The language of who hands them out.
    pub language: Language,
    /// The tickets whose codes are in the mail.
    pub creation: CreationDetail,
}

/// A mail that is asked for.
#[derive(Debug)]
pub enum Order {
    /// Somebody forgot their password.
    Forgotten(Forgotten),
    /// Codes are handed out.
    Codes(Box<Codes>),
}

/// Too many orders wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many mails wait to be written")]
pub struct Full;

/// Takes orders.
#[derive(Clone)]
pub struct Outbox {
    orders: mpsc::Sender<Order>,
    since: Since,
    /// Where requests to the vendor go, if that is known.
    pub vendor_mail: Option<String>,
}

/// Since when each order waits that does, the oldest first.
type Since = Arc<Mutex<VecDeque<Instant>>>;

/// The orders that wait. Shared: who writes the mails may fail, and its successor goes on with what is left.
#[derive(Clone)]
pub struct Orders {
    orders: Arc<TurnMutex<mpsc::Receiver<Order>>>,
    since: Since,
}

impl Outbox {
    /// An empty outbox, and the end from which orders are taken.
    #[must_use]
    pub fn new(vendor_mail: Option<String>) -> (Self, Orders) {
        let (sender, receiver) = mpsc::channel(WAITING);
        let since = Since::default();
        let outbox = Self {
            orders: sender,
            since: Arc::clone(&since),
            vendor_mail,
        };
        let orders = Arc::new(TurnMutex::new(receiver));
        (outbox, Orders { orders, since })
    }

    /// Its place in the queue; held while it is sent, so that nobody takes it before it has one.
    fn put(&self, order: Order) -> Result<(), Full> {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        self.orders.try_send(order).map_err(|_| Full)?;
        since.push_back(Instant::now());
        Ok(())
    }

    /// How many orders wait, and how long the oldest has.
    #[must_use]
    pub fn waiting(&self) -> (usize, Option<Duration>) {
        let since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        (since.len(), since.front().map(Instant::elapsed))
    }

    /// Somebody asks for a link that sets a new password. Returns at once, whether there is such an account or not: the
    /// time of the answer tells nothing (ASVS 5.0, 6.3.8).
    pub fn ask_for_link(&self, email: String, language: Language) {
        let order = Order::Forgotten(Forgotten { email, language });
        if self.put(order).is_err() {
            tracing::warn!("too many people forgot their password at once; one of them gets no mail");
        }
    }

    /// Hands out codes.
    ///
    /// # Errors
    /// [`Full`], and nothing will be mailed.
    pub fn send_codes(&self, codes: Codes) -> Result<(), Full> {
        self.put(Order::Codes(Box::new(codes)))
    }
}

impl Orders {
    /// Waits for the next order. `None` when nobody is left who could give one. Loses nothing when it is dropped.
    pub async fn next(&self) -> Option<Order> {
        let order = self.orders.lock().await.recv().await?;
        Some(self.taken(order))
    }

    /// The next order, if one waits.
    pub async fn waiting(&self) -> Option<Order> {
        let order = self.orders.lock().await.try_recv().ok()?;
        Some(self.taken(order))
    }

    fn taken(&self, order: Order) -> Order {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        since.pop_front();
        order
    }
}
