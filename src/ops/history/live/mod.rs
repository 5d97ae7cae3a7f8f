//! What happens, as it happens: events are read once each, and open pages are told which of the places they see may have changed.
//!
//! Which pages an event concerns is found in an index of those who have some open, by what they were granted. What an event
//! changes there is read again in the transaction that read the event, before anybody is told, and the policy judges each
//! reader of its audience. So a change costs those whom it could concern, however many pages are open.

mod audience;
mod pages;
mod places;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    accounts::sessions::Session,
    ids::{EventId, SessionId},
};

use crate::{
    metrics,
    ops::{
        OpError,
        accounts::{
            impersonation::{self, Perspective},
            sessions::Sessions,
        },
        history::live::{
            audience::Facts,
            pages::{Look, Pages, lock},
            places::Place,
        },
    },
    store::{self, Store, Tx, history::events::Event},
};

pub use self::pages::{Full, OpenPage, Reader, Told};

/// Events that are looked at one by one; where more come at once, every page asks for everything again.
const AT_ONCE: usize = 1024;
/// Events before they are sealed that are remembered as told.
const UNSEALED: usize = 10_000;
/// Events that were sealed since the last reading and can be told apart from what was told before.
const SEALED: usize = 10_000;

/// How far the history was read. It rests on no clock: an event is sealed once, behind all that were sealed before, and
/// until then it stands among the few that wait for it, whenever it was committed and whatever its id.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    /// All up to there were read.
    position: i64,
    /// Those that were read before they were sealed.
    unsealed: HashSet<EventId>,
}

/// What is new since a mark.
struct News {
    events: Vec<Event>,
    /// More happened than can be told one by one.
    missed: bool,
    mark: Mark,
}

/// The open pages of this process, and what they were told.
#[derive(Clone, Default)]
pub struct Live {
    pages: Arc<Mutex<Pages>>,
    /// `None` until the first reading: what was recorded before is the past, and not told.
    mark: Arc<Mutex<Option<Mark>>>,
}

impl Live {
    /// A page is told what changes from here on.
    ///
    /// # Errors
    /// [`Full`].
    pub fn open(&self, session: SessionId, reader: Reader) -> Result<OpenPage, Full> {
        Pages::open(&self.pages, session, reader)
    }

    /// Ends all streams, because the process ends: browsers come again, and find the next one.
    pub fn close(&self) {
        lock(&self.pages).close_all();
    }

    /// How many pages are open.
    #[must_use]
    pub fn open_pages(&self) -> usize {
        lock(&self.pages).count()
    }

    /// Reads what is new, and tells whom it concerns. After an error nothing counts as read.
    ///
    /// # Errors
    /// [`OpError::Store`].
    pub async fn read(&self, store: &Store, sessions: &Sessions) -> Result<(), OpError> {
        let before = self.mark.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut tx = store.begin_read().await?;
        let news = news(&mut tx, before.as_ref()).await?;
        if (news.missed || !news.events.is_empty()) && !lock(&self.pages).is_empty() {
            self.tell(store, sessions, tx, &news).await?;
        }
        *self.mark.lock().unwrap_or_else(PoisonError::into_inner) = Some(news.mark);
        Ok(())
    }

    async fn tell(&self, store: &Store, sessions: &Sessions, mut tx: Tx, news: &News) -> Result<(), OpError> {
        let events = &news.events;
        lock(&self.pages).forget_all(audience::people(events), audience::dissolved(events));
        if news.missed {
            // Rights may have changed, too.
            let mut pages = lock(&self.pages);
            let readers: Vec<_> = pages.readers().iter().map(|reader| reader.user).collect();
            pages.forget_all(readers.into_iter(), std::iter::empty());
        }
        let facts = Facts::of(&mut tx, events).await?;
        let unknown: Vec<_> = lock(&self.pages).unknown().into_iter().collect();
        let actors = store::accounts::people::actors(&mut tx, &unknown).await?;
        let everything = BTreeSet::from([Place::All, Place::Tree]);
        let (told, looks) = {
            let mut pages = lock(&self.pages);
            for actor in actors.values() {
                pages.learn(actor);
            }
            let mut told = facts.told(events, &pages);
            // Who opened a page only now is told to ask: nobody knows yet what they may see. So is everybody who missed something.
            let asking = if news.missed {
                pages.readers()
            } else {
                pages.unread()
            };
            told.extend(asking.into_iter().map(|reader| (reader, everything.clone())));
            let named = audience::people(events).flat_map(|person| pages.of(person));
            let readers: HashSet<Reader> = named.chain(told.keys().copied()).collect();
            let looks = pages.looks(readers.iter());
            (told, looks)
        };
        let standing = standing(&mut tx, sessions, &looks).await?;
        drop(tx);
        let standing = perspectives(store, &looks, standing).await?;
        let everything = message(&everything);
        let mut messages: BTreeMap<&BTreeSet<Place>, Arc<str>> = BTreeMap::new();
        let mut pages = lock(&self.pages);
        let mut put = 0;
        for (look, standing) in looks.iter().zip(standing) {
            match (standing, told.get(&look.reader)) {
                (Standing::Over, _) => pages.end(look.page),
                (Standing::Reads, Some(places)) => {
                    let message = messages.entry(places).or_insert_with(|| message(places));
                    pages.put(look.page, message, &everything);
                    put += 1;
                }
                _ => {}
            }
        }
        drop(pages);
        metrics::live_events(put);
        Ok(())
    }

    /// Looks at the logins of a part of all pages; after a quarter of a minute of looks each second, all had their turn.
    ///
    /// # Errors
    /// [`OpError`].
    pub async fn look(&self, store: &Store, sessions: &Sessions) -> Result<(), OpError> {
        let looks = lock(&self.pages).next_part();
        if looks.is_empty() {
            return Ok(());
        }
        let mut tx = store.begin_read().await?;
        let standing = standing(&mut tx, sessions, &looks).await?;
        drop(tx);
        let standing = perspectives(store, &looks, standing).await?;
        let mut pages = lock(&self.pages);
        for (look, standing) in looks.iter().zip(standing) {
            if standing == Standing::Over {
                pages.end(look.page);
            }
        }
        Ok(())
    }
}

/// As whom the login sees the portal; `None` where a view as another person is over.
///
/// # Errors
/// [`OpError`].
pub async fn reader(store: &Store, session: &Session) -> Result<Option<Reader>, OpError> {
    Ok(match impersonation::perspective(store, session).await? {
        Perspective::Own => Some(Reader {
            user: session.user,
            impersonated: false,
        }),
        Perspective::Of {
            user, impersonated, ..
        } => Some(Reader { user, impersonated }),
        Perspective::Closed => None,
    })
}

/// In the order of the texts, whatever that of the places is.
fn message(places: &BTreeSet<Place>) -> Arc<str> {
    let places: BTreeSet<String> = places.iter().map(Place::to_string).collect();
    // Texts are always JSON.
    serde_json::to_string(&places)
        .unwrap_or_else(|_| "[\"all\",\"tree\"]".to_owned())
        .into()
}

async fn news(tx: &mut Tx, before: Option<&Mark>) -> Result<News, OpError> {
    let Some(before) = before else {
        return Ok(News {
            events: Vec::new(),
            missed: false,
            mark: mark(tx).await?,
        });
    };
    let standing = store::history::events::standing_after(tx, before.position, UNSEALED.max(SEALED)).await?;
    let (mut sealed, mut unsealed) = (Vec::new(), HashSet::new());
    for (id, position) in standing {
        match position {
            Some(position) => sealed.push((id, position)),
            None => {
                unsealed.insert(id);
            }
        }
    }
    // Where the end that was read is not there, it is another history: a backup, or one that was altered.
    let is_other = before.position > 0 && sealed.first().is_none_or(|(_, at)| *at != before.position);
    if is_other || sealed.len() >= SEALED {
        return Ok(News {
            events: Vec::new(),
            missed: true,
            mark: mark(tx).await?,
        });
    }
    let position = sealed.last().map_or(before.position, |(_, at)| *at);
    let behind = sealed
        .iter()
        .filter(|(_, at)| *at > before.position)
        .map(|(id, _)| id);
    let fresh = behind.chain(&unsealed).filter(|id| !before.unsealed.contains(id));
    let fresh: Vec<EventId> = fresh.copied().collect();
    let missed = fresh.len() > AT_ONCE;
    let events = if missed {
        Vec::new()
    } else {
        store::history::events::by_ids(tx, &fresh).await?
    };
    Ok(News {
        events,
        missed,
        mark: Mark { position, unsealed },
    })
}

/// The end of the history.
async fn mark(tx: &mut Tx) -> Result<Mark, OpError> {
    let position = store::history::events::last_position(tx).await?;
    let standing = store::history::events::standing_after(tx, position, UNSEALED).await?;
    let unsealed = standing.into_iter().filter(|(_, position)| position.is_none());
    Ok(Mark {
        position,
        unsealed: unsealed.map(|(id, _)| id).collect(),
    })
}

/// What has become of the login of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Reads,
    /// Something else has to be done first: nothing is told, and the page stays.
    Busy,
    /// The login has ended, or sees as somebody else.
    Over,
}

async fn standing(
    tx: &mut Tx,
    sessions: &Sessions,
    looks: &[Look],
) -> Result<HashMap<SessionId, Session>, OpError> {
    let ids: BTreeSet<SessionId> = looks.iter().map(|look| look.session).collect();
    let ids: Vec<SessionId> = ids.into_iter().collect();
    sessions.running_among(tx, &ids).await
}

/// The standing of each page, in their order.
async fn perspectives(
    store: &Store,
    looks: &[Look],
    running: HashMap<SessionId, Session>,
) -> Result<Vec<Standing>, OpError> {
    let mut readers: HashMap<SessionId, Option<Reader>> = HashMap::new();
    for session in running.values() {
        // Asks the database for those alone who look as another person.
        readers.insert(session.id, reader(store, session).await?);
    }
    let standing = |look: &Look| {
        let session = running.get(&look.session)?;
        let seen = readers.get(&look.session).copied().flatten();
        (seen == Some(look.reader)).then_some(if session.required_action.is_some() {
            Standing::Busy
        } else {
            Standing::Reads
        })
    };
    Ok(looks
        .iter()
        .map(|look| standing(look).unwrap_or(Standing::Over))
        .collect())
}
