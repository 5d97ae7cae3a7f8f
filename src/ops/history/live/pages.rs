//! The open pages of this process, found by whom something could concern.

use std::{
    collections::{BTreeSet, HashMap, HashSet, VecDeque},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use domain::{
    access::{Actor, Audience},
    ids::{GroupId, SessionId, UserId},
};
use tokio_stream::Stream;

/// Most pages that are open at a time in one process.
const PAGES: usize = 100_000;
/// Messages that a page may be behind before it has to ask for everything again.
const BEHIND: usize = 16;
/// In how many parts, one after the other, the logins of all pages are looked at.
const PARTS: u64 = 15;

/// More pages are open than one process has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many pages are open")]
pub struct Full;

/// Who reads a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reader {
    /// The person as whom the portal is seen.
    pub user: UserId,
    /// [`Actor::impersonated`].
    pub impersonated: bool,
}

impl Reader {
    /// The person, as seen by themselves, and by who looks as them.
    const fn both(user: UserId) -> [Self; 2] {
        [
            Self {
                user,
                impersonated: false,
            },
            Self {
                user,
                impersonated: true,
            },
        ]
    }
}

/// What a page is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Something may have changed there: places as JSON.
    Changed(Arc<str>),
    /// The login is over, or sees as somebody else; nothing follows.
    Over,
}

/// What a page has yet to be told.
#[derive(Default)]
struct Waiting {
    messages: VecDeque<Arc<str>>,
    over: bool,
    closed: bool,
    waker: Option<Waker>,
}

#[derive(Default)]
struct Mailbox(Mutex<Waiting>);

impl Mailbox {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, message: &Arc<str>, everything: &Arc<str>) {
        let mut waiting = self.waiting();
        if waiting.messages.len() < BEHIND {
            waiting.messages.push_back(Arc::clone(message));
        } else {
            waiting.messages = VecDeque::from([Arc::clone(everything)]);
        }
        wake(waiting);
    }

    /// Nothing more is told, not even what waits.
    fn end(&self) {
        let mut waiting = self.waiting();
        waiting.messages = VecDeque::new();
        waiting.over = true;
        wake(waiting);
    }

    /// Nothing more is told but what waits, and nothing is over.
    fn close(&self) {
        let mut waiting = self.waiting();
        waiting.closed = true;
        wake(waiting);
    }
}

fn wake(mut waiting: MutexGuard<'_, Waiting>) {
    let waker = waiting.waker.take();
    drop(waiting);
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// A page that is told what changes until it is dropped, its login is over, or the process ends.
pub struct OpenPage {
    id: u64,
    mailbox: Arc<Mailbox>,
    pages: Arc<Mutex<Pages>>,
    ended: bool,
}

impl Stream for OpenPage {
    type Item = Told;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Told>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let mut waiting = self.mailbox.waiting();
        if let Some(message) = waiting.messages.pop_front() {
            if waiting.messages.is_empty() {
                // Most pages hear nothing for long.
                waiting.messages = VecDeque::new();
            }
            return Poll::Ready(Some(Told::Changed(message)));
        }
        if !waiting.over && waiting.closed {
            drop(waiting);
            self.ended = true;
            return Poll::Ready(None);
        }
        if !waiting.over {
            waiting.waker = Some(context.waker().clone());
            return Poll::Pending;
        }
        drop(waiting);
        self.ended = true;
        Poll::Ready(Some(Told::Over))
    }
}

impl Drop for OpenPage {
    fn drop(&mut self) {
        lock(&self.pages).close(self.id);
    }
}

pub(super) fn lock(pages: &Mutex<Pages>) -> MutexGuard<'_, Pages> {
    // No change of the index can stop half way.
    pages.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Page {
    session: SessionId,
    reader: Reader,
    mailbox: Arc<Mailbox>,
}

/// A page, as far as its login has to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub page: u64,
    pub session: SessionId,
    pub reader: Reader,
}

/// Somebody who has pages open.
#[derive(Default)]
struct Present {
    /// What they were granted; `None` until it is read.
    actor: Option<Actor>,
    pages: Vec<u64>,
}

/// All open pages, with what their readers were granted.
#[derive(Default)]
pub(super) struct Pages {
    opened: u64,
    looked: u64,
    /// The process ends.
    closed: bool,
    pages: HashMap<u64, Page>,
    present: HashMap<Reader, Present>,
    /// Those who stand above every group.
    above: HashSet<Reader>,
    admins: HashMap<GroupId, HashSet<Reader>>,
    members: HashMap<GroupId, HashSet<Reader>>,
}

impl Pages {
    pub(super) fn open(
        pages: &Arc<Mutex<Self>>,
        session: SessionId,
        reader: Reader,
    ) -> Result<OpenPage, Full> {
        let mut open = lock(pages);
        if open.pages.len() >= PAGES {
            return Err(Full);
        }
        open.opened += 1;
        let id = open.opened;
        let mailbox = Arc::new(Mailbox::default());
        if open.closed {
            mailbox.close();
        }
        let page = Page {
            session,
            reader,
            mailbox: Arc::clone(&mailbox),
        };
        open.pages.insert(id, page);
        open.present.entry(reader).or_default().pages.push(id);
        Ok(OpenPage {
            id,
            mailbox,
            pages: Arc::clone(pages),
            ended: false,
        })
    }

    fn close(&mut self, id: u64) {
        let Some(Page { reader, .. }) = self.pages.remove(&id) else {
            return;
        };
        if let Some(present) = self.present.get_mut(&reader) {
            present.pages.retain(|page| *page != id);
            if present.pages.is_empty() {
                self.forget(reader);
                self.present.remove(&reader);
            }
        }
    }

    /// Ends what is told to all pages, and to those that are opened from here on.
    pub(super) fn close_all(&mut self) {
        self.closed = true;
        for page in self.pages.values() {
            page.mailbox.close();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    pub(super) fn count(&self) -> usize {
        self.pages.len()
    }

    /// What these people were granted is to be read again, and what the members of these groups were.
    pub(super) fn forget_all(
        &mut self,
        people: impl Iterator<Item = UserId>,
        groups: impl Iterator<Item = GroupId>,
    ) {
        let mut readers: BTreeSet<Reader> = people.flat_map(Reader::both).collect();
        for group in groups {
            readers.extend(self.members.get(&group).into_iter().flatten());
        }
        for reader in readers {
            self.forget(reader);
        }
    }

    /// Takes it out of the index.
    fn forget(&mut self, reader: Reader) {
        let Some(actor) = self
            .present
            .get_mut(&reader)
            .and_then(|present| present.actor.take())
        else {
            return;
        };
        self.above.remove(&reader);
        for group in actor.memberships.keys() {
            for index in [&mut self.admins, &mut self.members] {
                if let Some(readers) = index.get_mut(group) {
                    readers.remove(&reader);
                    if readers.is_empty() {
                        index.remove(group);
                    }
                }
            }
        }
    }

    /// Those of whom it is not known what they were granted.
    pub(super) fn unknown(&self) -> BTreeSet<UserId> {
        let unknown = self.present.iter().filter(|(_, present)| present.actor.is_none());
        unknown.map(|(reader, _)| reader.user).collect()
    }

    /// What that person was granted.
    pub(super) fn learn(&mut self, actor: &Actor) {
        for reader in Reader::both(actor.user) {
            self.forget(reader);
            let Some(present) = self.present.get_mut(&reader) else {
                continue;
            };
            present.actor = Some(Actor {
                impersonated: reader.impersonated,
                ..actor.clone()
            });
            if actor.isv_admin {
                self.above.insert(reader);
            }
            for (group, permissions) in &actor.memberships {
                self.members.entry(*group).or_default().insert(reader);
                if permissions.admin() {
                    self.admins.entry(*group).or_default().insert(reader);
                }
            }
        }
    }

    /// Those in the audience of whom the policy says that they may be told.
    pub(super) fn among(&self, audience: &Audience, may: impl Fn(&Actor) -> bool) -> Vec<Reader> {
        let mut candidates: HashSet<Reader> = self.above.clone();
        candidates.extend(audience.person.into_iter().flat_map(Reader::both));
        for group in &audience.admins_of {
            candidates.extend(self.admins.get(group).into_iter().flatten());
        }
        if let Some(group) = audience.members_of {
            candidates.extend(self.members.get(&group).into_iter().flatten());
        }
        candidates.retain(|reader| {
            let actor = self
                .present
                .get(reader)
                .and_then(|present| present.actor.as_ref());
            actor.is_some_and(&may)
        });
        candidates.into_iter().collect()
    }

    /// The pages of a person.
    pub(super) fn of(&self, user: UserId) -> Vec<Reader> {
        let mut readers = Reader::both(user).to_vec();
        readers.retain(|reader| self.present.contains_key(reader));
        readers
    }

    /// All readers.
    pub(super) fn readers(&self) -> Vec<Reader> {
        self.present.keys().copied().collect()
    }

    /// Those who came since others were read.
    pub(super) fn unread(&self) -> Vec<Reader> {
        let unread = self.present.iter().filter(|(_, present)| present.actor.is_none());
        unread.map(|(reader, _)| *reader).collect()
    }

    /// The pages of these readers.
    pub(super) fn looks<'a>(&self, readers: impl Iterator<Item = &'a Reader>) -> Vec<Look> {
        let present = readers.filter_map(|reader| self.present.get(reader));
        let pages = present.flat_map(|present| &present.pages);
        pages.filter_map(|id| self.look(*id)).collect()
    }

    /// The next part of all pages. What their readers were granted is read again before it is used, whatever the history says.
    pub(super) fn next_part(&mut self) -> Vec<Look> {
        self.looked += 1;
        let part = self.looked % PARTS;
        let ids: Vec<u64> = self
            .pages
            .keys()
            .copied()
            .filter(|id| id % PARTS == part)
            .collect();
        let looks: Vec<Look> = ids.into_iter().filter_map(|id| self.look(id)).collect();
        for look in &looks {
            self.forget(look.reader);
        }
        looks
    }

    fn look(&self, page: u64) -> Option<Look> {
        let Page { session, reader, .. } = self.pages.get(&page)?;
        Some(Look {
            page,
            session: *session,
            reader: *reader,
        })
    }

    pub(super) fn put(&self, page: u64, message: &Arc<str>, everything: &Arc<str>) {
        if let Some(page) = self.pages.get(&page) {
            page.mailbox.put(message, everything);
        }
    }

    pub(super) fn end(&mut self, page: u64) {
        if let Some(open) = self.pages.get(&page) {
            open.mailbox.end();
        }
        self.close(page);
    }
}
