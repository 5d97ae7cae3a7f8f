//! How often something may be tried (ASVS 5.0, 6.3.1): token buckets in memory, per process.

use std::num::NonZeroU32;

use domain::ids::UserId;
use governor::{
    DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};

use crate::{errors::ApiError, ops};

/// Requests of machines in a minute, with one credential.
pub const BY_CREDENTIAL: u32 = 600;
/// Requests of machines in a minute, from one address: many may stand behind it.
const BY_ADDRESS: u32 = 6_000;
/// Access tokens in a minute, from one address.
const TOKENS_BY_ADDRESS: u32 = 600;

/// A bucket that tells how much is left in it.
type TellingLimiter = RateLimiter<i64, DefaultKeyedStateStore<i64>, DefaultClock, StateInformationMiddleware>;

/// The buckets.
pub struct Limits {
    login_by_address: DefaultKeyedRateLimiter<String>,
    login_by_name: DefaultKeyedRateLimiter<String>,
    codes_by_user: DefaultKeyedRateLimiter<i64>,
    passwords_by_user: DefaultKeyedRateLimiter<i64>,
    second_factors_by_user: DefaultKeyedRateLimiter<i64>,
    links_by_address: DefaultKeyedRateLimiter<String>,
    links_by_email: DefaultKeyedRateLimiter<String>,
    codes_mails_by_user: DefaultKeyedRateLimiter<i64>,
    machines_by_address: DefaultKeyedRateLimiter<String>,
    machines_by_credential: TellingLimiter,
    tokens_by_address: DefaultKeyedRateLimiter<String>,
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
            login_by_name: DefaultKeyedRateLimiter::keyed(Quota::per_minute(tries(10))),
            codes_by_user: DefaultKeyedRateLimiter::keyed(Quota::per_hour(tries(100))),
            passwords_by_user: DefaultKeyedRateLimiter::keyed(Quota::per_minute(tries(10))),
            // A code is one of a million, and three are right at a time.
            second_factors_by_user: DefaultKeyedRateLimiter::keyed(Quota::per_hour(tries(20))),
            links_by_address: DefaultKeyedRateLimiter::keyed(Quota::per_hour(tries(30))),
            links_by_email: DefaultKeyedRateLimiter::keyed(Quota::per_hour(tries(4))),
            codes_mails_by_user: DefaultKeyedRateLimiter::keyed(Quota::per_hour(tries(30))),
            machines_by_address: DefaultKeyedRateLimiter::keyed(Quota::per_minute(tries(BY_ADDRESS))),
            machines_by_credential: RateLimiter::keyed(Quota::per_minute(tries(BY_CREDENTIAL)))
                .with_middleware::<StateInformationMiddleware>(),
            tokens_by_address: DefaultKeyedRateLimiter::keyed(Quota::per_minute(tries(TOKENS_BY_ADDRESS))),
            clock: DefaultClock::default(),
        }
    }
}

impl Limits {
    /// A login from that address, as that person.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn login(&self, address: &str, name: &str) -> Result<(), ApiError> {
        self.login_by_address
            .check_key(&address.to_owned())
            .map_err(|not_until| self.wait(&not_until))?;
        let name: String = name.trim().to_lowercase().chars().take(64).collect();
        self.login_by_name
            .check_key(&name)
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

    /// A code of the second factor tried by that person.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn second_factor(&self, user: i64) -> Result<(), ApiError> {
        self.second_factors_by_user
            .check_key(&user)
            .map_err(|not_until| self.wait(&not_until))
    }

    /// A link for a forgotten password, asked for from that address. Counted alike whether there is such an account.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn link(&self, address: &str, email: &str) -> Result<(), ApiError> {
        self.links_by_address
            .check_key(&address.to_owned())
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

    /// A request of a machine from that address.
    ///
    /// # Errors
    /// After how many seconds to try again.
    pub fn machine_address(&self, address: &str) -> Result<(), u64> {
        self.machines_by_address
            .check_key(&address.to_owned())
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
    pub fn access_token(&self, address: &str) -> Result<(), u64> {
        self.tokens_by_address
            .check_key(&address.to_owned())
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
            Err(_) => Err(ApiError::TooMany { seconds: 3600 }),
        }
    }

    /// Forgets the buckets that are full again.
    pub fn tidy(&self) {
        self.login_by_address.retain_recent();
        self.login_by_name.retain_recent();
        self.codes_by_user.retain_recent();
        self.passwords_by_user.retain_recent();
        self.second_factors_by_user.retain_recent();
        self.links_by_address.retain_recent();
        self.links_by_email.retain_recent();
        self.codes_mails_by_user.retain_recent();
        self.machines_by_address.retain_recent();
        self.machines_by_credential.retain_recent();
        self.tokens_by_address.retain_recent();
    }
}
