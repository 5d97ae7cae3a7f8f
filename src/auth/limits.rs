//! How often something may be tried (ASVS 5.0, 6.3.1): token buckets in memory, per process.

use std::num::NonZeroU32;

use domain::{
    accounts::second_factors::Code,
    ids::{SessionId, UserId},
};
use governor::{
    DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};
use jiff::SignedDuration;

use crate::{
    auth::{
        at_once::{AtOnce, Held},
        client_address::ClientAddress,
    },
    errors::ApiError,
    metrics::{Unavailable, unavailable},
    ops,
};

/// Requests of machines in a minute, with one credential.
pub const BY_CREDENTIAL: u32 = 600;
/// Requests of machines in a minute, from one address: many may stand behind it.
const BY_ADDRESS: u32 = 6_000;
/// Access tokens in a minute, from one address.
const TOKENS_BY_ADDRESS: u32 = 600;

/// Pages of one login that are told what changes, at the same time.
const LIVE_PAGES: usize = 32;
/// Requests of one login or token that are answered at the same time: a browser sends six.
const REQUESTS: usize = 8;
/// Those that wait for their turn besides.
const REQUESTS_WAITING: usize = 120;

/// About as long as a photo is read.
const PHOTO_TAKES: SignedDuration = SignedDuration::from_secs(5);
/// About as long as a file of everything takes.
const EXPORT_TAKES: SignedDuration = SignedDuration::from_secs(10);
/// About as long as those take that wait for their turn.
const TURNS_TAKE: SignedDuration = SignedDuration::from_secs(2);
/// After how long it is worth a try to open another page: no one knows when a tab is closed.
const TAB_STAYS: SignedDuration = SignedDuration::from_secs(60);
/// How long whoever types more codes at once than a bucket ever holds is told to wait.
const BUCKET_FILLS: SignedDuration = SignedDuration::from_secs(3600);

/// A bucket that tells how much is left in it.
type TellingLimiter = RateLimiter<i64, DefaultKeyedStateStore<i64>, DefaultClock, StateInformationMiddleware>;

/// The buckets.
pub struct Limits {
    login_by_address: DefaultKeyedRateLimiter<String>,
    login_by_name_and_address: DefaultKeyedRateLimiter<String>,
    login_by_name: DefaultKeyedRateLimiter<String>,
    login_by_device: DefaultKeyedRateLimiter<String>,
    codes_by_user: DefaultKeyedRateLimiter<i64>,
    passwords_by_user: DefaultKeyedRateLimiter<i64>,
    one_time_by_user_and_address: DefaultKeyedRateLimiter<String>,
    one_time_by_user: DefaultKeyedRateLimiter<i64>,
    recovery_by_user: DefaultKeyedRateLimiter<i64>,
    sign_ins_by_address: DefaultKeyedRateLimiter<String>,
    links_by_address: DefaultKeyedRateLimiter<String>,
    links_by_email: DefaultKeyedRateLimiter<String>,
    codes_mails_by_user: DefaultKeyedRateLimiter<i64>,
    containers_by_user: DefaultKeyedRateLimiter<i64>,
    splits_by_user: DefaultKeyedRateLimiter<i64>,
    machines_by_address: DefaultKeyedRateLimiter<String>,
    machines_by_credential: TellingLimiter,
    tokens_by_address: DefaultKeyedRateLimiter<String>,
    photos_of_user: AtOnce<UserId>,
    live_pages: AtOnce<SessionId>,
    exports: AtOnce<UserId>,
    requests: AtOnce<String>,
    clock: DefaultClock,
}

const fn tries(count: u32) -> NonZeroU32 {
    match NonZeroU32::new(count) {
        Some(count) => count,
        None => NonZeroU32::MIN,
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            login_by_address: DefaultKeyedRateLimiter::keyed(Quota::per_minute(tries(60))),
            login_by_name_and_address: DefaultKeyedRateLimiter::keyed(Quota::per_minute(tries(10))),
            // Of somebody who guesses from many networks. Who has logged in before in their browser passes by.
            login_by_name: DefaultKeyedRateLimiter::keyed(Quota::per_hour(tries(200))),
            login_by_device: DefaultKeyedRateLimiter::keyed(Quota::per_minute(tries(10))),
            codes_by_user: DefaultKeyedRateLimiter::keyed(Quota::per_hour(tries(100))),
            passwords_by_user: DefaultKeyedRateLimiter::keyed(Quota::per_minute(tries(10))),
            // A code is one of a million, and three are right at a time.
            one_time_by_user_and_address: DefaultKeyedRateLimiter::keyed(Quota::per_hour(tries(20))),
            one_time_by_user: DefaultKeyedRateLimiter::keyed(Quota::per_hour(tries(100))),
            // Nobody guesses 118 bits: this only limits the work.
            recovery_by_user: DefaultKeyedRateLimiter::keyed(Quota::per_minute(tries(60))),
            // To the provider and back, of a company behind one address.
            sign_ins_by_address: DefaultKeyedRateLimiter::keyed(Quota::per_minute(tries(240))),
            links_by_address: DefaultKeyedRateLimiter::keyed(Quota::per_hour(tries(30))),
            links_by_email: DefaultKeyedRateLimiter::keyed(Quota::per_hour(tries(4))),
            codes_mails_by_user: DefaultKeyedRateLimiter::keyed(Quota::per_hour(tries(30))),
            containers_by_user: DefaultKeyedRateLimiter::keyed(Quota::per_minute(tries(120))),
            splits_by_user: DefaultKeyedRateLimiter::keyed(Quota::per_minute(tries(120))),
            machines_by_address: DefaultKeyedRateLimiter::keyed(Quota::per_minute(tries(BY_ADDRESS))),
            machines_by_credential: RateLimiter::keyed(Quota::per_minute(tries(BY_CREDENTIAL)))
                .with_middleware::<StateInformationMiddleware>(),
            tokens_by_address: DefaultKeyedRateLimiter::keyed(Quota::per_minute(tries(TOKENS_BY_ADDRESS))),
            photos_of_user: AtOnce::new(1, 0),
            live_pages: AtOnce::new(LIVE_PAGES, 0),
            exports: AtOnce::new(1, 0),
            requests: AtOnce::new(REQUESTS, REQUESTS_WAITING),
            clock: DefaultClock::default(),
        }
    }
}

impl Limits {
    /// A login from that address, as that person, in a browser known as `device`. Whoever tries passwords of somebody else
    /// shuts out their own network, and after many from many networks everybody whose browser is not known.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn login(&self, address: ClientAddress, name: &str, device: Option<&str>) -> Result<(), ApiError> {
        let network = address.network();
        let check = |limiter: &DefaultKeyedRateLimiter<String>, key: String| {
            limiter.check_key(&key).map_err(|not_until| self.wait(&not_until))
        };
        if let Some(device) = device {
            return check(&self.login_by_device, device.to_owned());
        }
        let name: String = name.trim().to_lowercase().chars().take(64).collect();
        check(&self.login_by_address, network.clone())?;
        check(&self.login_by_name_and_address, format!("{network} {name}"))?;
        check(&self.login_by_name, name)
    }

    /// The way to an identity provider, or back, from that address.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn sign_in(&self, address: ClientAddress) -> Result<(), ApiError> {
        self.sign_ins_by_address
            .check_key(&address.network())
            .map_err(|not_until| self.wait(&not_until))
    }

    /// A password given once more by that person.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn password(&self, user: i64) -> Result<(), ApiError> {
        self.passwords_by_user
            .check_key(&user)
            .map_err(|not_until| self.wait(&not_until))
    }

    /// A code of the second factor, tried by somebody at that address who knows the password of that person. Recovery codes
    /// are counted apart: they are for when something went wrong with the others.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn second_factor(&self, user: UserId, address: ClientAddress, code: &Code) -> Result<(), ApiError> {
        if let Code::Recovery(_) = code {
            return self
                .recovery_by_user
                .check_key(&user.0)
                .map_err(|not_until| self.wait(&not_until));
        }
        self.one_time_by_user_and_address
            .check_key(&format!("{} {}", address.network(), user.0))
            .map_err(|not_until| self.wait(&not_until))?;
        self.one_time_by_user
            .check_key(&user.0)
            .map_err(|not_until| self.wait(&not_until))
    }

    /// A link for a forgotten password, asked for from that address. Counted alike whether there is such an account.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn link(&self, address: ClientAddress, email: &str) -> Result<(), ApiError> {
        self.links_by_address
            .check_key(&address.network())
            .map_err(|not_until| self.wait(&not_until))?;
        self.links_by_email
            .check_key(&email.to_lowercase())
            .map_err(|not_until| self.wait(&not_until))
    }

    /// A mail with the codes of tickets, asked for by that person.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn codes_mail(&self, user: i64) -> Result<(), ApiError> {
        self.codes_mails_by_user
            .check_key(&user)
            .map_err(|not_until| self.wait(&not_until))
    }

    /// A container, made by that person.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn container(&self, user: UserId) -> Result<(), ApiError> {
        self.containers_by_user
            .check_key(&user.0)
            .map_err(|not_until| self.wait(&not_until))
    }

    /// A ticket, split off or joined by that person.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn split(&self, user: UserId) -> Result<(), ApiError> {
        self.splits_by_user
            .check_key(&user.0)
            .map_err(|not_until| self.wait(&not_until))
    }

    /// A photo that is read for that person, who has no other one under way.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn photo(&self, user: UserId) -> Result<Held<UserId>, ApiError> {
        self.photos_of_user
            .take(user)
            .ok_or(ApiError::too_many(PHOTO_TAKES))
    }

    /// A file of everything for that person, who has no other one under way.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn export(&self, user: UserId) -> Result<Held<UserId>, ApiError> {
        self.exports.take(user).ok_or(ApiError::too_many(EXPORT_TAKES))
    }

    /// A request that shows that credential, whether it is a good one or not: one login does not take the time of all others.
    ///
    /// # Errors
    /// [`ApiError::Overloaded`].
    pub async fn request(&self, credential: String) -> Result<Held<String>, ApiError> {
        let held = self.requests.wait(credential).await;
        held.ok_or_else(|| {
            unavailable(Unavailable::Turns);
            ApiError::overloaded(TURNS_TAKE)
        })
    }

    /// A page of that login that is told what changes.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn live_page(&self, login: SessionId) -> Result<Held<SessionId>, ApiError> {
        self.live_pages.take(login).ok_or(ApiError::too_many(TAB_STAYS))
    }

    /// A request of a machine from that address.
    ///
    /// # Errors
    /// After how many seconds to try again.
    pub fn machine_address(&self, address: ClientAddress) -> Result<(), u64> {
        self.machines_by_address
            .check_key(&address.network())
            .map_err(|not_until| self.seconds(&not_until))
    }

    /// A request of a machine with that credential. How many more there may be at once.
    ///
    /// # Errors
    /// After how many seconds to try again.
    pub fn machine(&self, credential: i64) -> Result<u32, u64> {
        self.machines_by_credential
            .check_key(&credential)
            .map(|state| state.remaining_burst_capacity())
            .map_err(|not_until| self.seconds(&not_until))
    }

    /// An access token asked for from that address.
    ///
    /// # Errors
    /// After how many seconds to try again.
    pub fn access_token(&self, address: ClientAddress) -> Result<(), u64> {
        self.tokens_by_address
            .check_key(&address.network())
            .map_err(|not_until| self.seconds(&not_until))
    }

    fn seconds(&self, not_until: &NotUntil<<DefaultClock as Clock>::Instant>) -> u64 {
        not_until.wait_time_from(self.clock.now()).as_secs() + 1
    }

    fn wait(&self, not_until: &NotUntil<<DefaultClock as Clock>::Instant>) -> ApiError {
        ApiError::TooMany {
            seconds: self.seconds(not_until),
        }
    }

    /// Codes of tickets, typed by that person.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn redeemed(&self, user: UserId, codes: &str) -> Result<(), ApiError> {
        // Mistyped codes are told apart before anything is looked up: they cost nothing.
        let count = ops::tickets::codes(codes).map_or(0, |codes| codes.len());
        if count == 0 {
            return Ok(());
        }
        self.codes(user.0, u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// So many codes tried by that person.
    fn codes(&self, user: i64, count: u32) -> Result<(), ApiError> {
        match self.codes_by_user.check_key_n(&user, tries(count.max(1))) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(not_until)) => Err(self.wait(&not_until)),
            Err(_) => Err(ApiError::too_many(BUCKET_FILLS)),
        }
    }

    /// Forgets the buckets that are full again.
    pub fn tidy(&self) {
        self.login_by_address.retain_recent();
        self.login_by_name_and_address.retain_recent();
        self.login_by_name.retain_recent();
        self.login_by_device.retain_recent();
        self.codes_by_user.retain_recent();
        self.passwords_by_user.retain_recent();
        self.one_time_by_user_and_address.retain_recent();
        self.one_time_by_user.retain_recent();
        self.recovery_by_user.retain_recent();
        self.sign_ins_by_address.retain_recent();
        self.links_by_address.retain_recent();
        self.links_by_email.retain_recent();
        self.codes_mails_by_user.retain_recent();
        self.containers_by_user.retain_recent();
        self.splits_by_user.retain_recent();
        self.machines_by_address.retain_recent();
        self.machines_by_credential.retain_recent();
        self.tokens_by_address.retain_recent();
    }
}
