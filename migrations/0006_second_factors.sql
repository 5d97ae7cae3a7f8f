-- Time-based one-time passwords (RFC 6238). The secret has to be known to compare codes; a backup holds it.
CREATE TABLE second_factors (
    user_id BIGINT PRIMARY KEY REFERENCES users (id),
    secret TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    -- Set once a code was given: from then on one is asked for at every login.
    confirmed_at BIGINT,
    -- The time step of the last code that was taken: none works twice.
    last_step BIGINT NOT NULL DEFAULT 0
);

-- Each works once in place of a code. 118 random bits; here stands only their SHA-256.
CREATE TABLE recovery_codes (
    user_id BIGINT NOT NULL REFERENCES users (id),
    code_hash TEXT NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

-- Logins with the right password that wait for the second factor. The cookie carries a random token; here stands only
-- its SHA-256.
CREATE TABLE pending_logins (
    token_hash TEXT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    until BIGINT NOT NULL
);
CREATE INDEX pending_logins_until ON pending_logins (until);
