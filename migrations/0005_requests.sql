-- What ISV admins ask the maker of the portal for: more seats, another usage variant.
CREATE TABLE license_requests (
    id BIGINT PRIMARY KEY,
    requested_at BIGINT NOT NULL,
    -- Without a foreign key, because the history outlives people.
    requested_by BIGINT NOT NULL,
    seats BIGINT NOT NULL CHECK (seats > 0),
    variant TEXT NOT NULL,
    note TEXT NOT NULL,
    -- When it was tried last to mail it, and when that succeeded.
    tried_at BIGINT NOT NULL DEFAULT 0,
    mailed_at BIGINT,
    ended_at BIGINT,
    -- A licence that grants it was put in force; otherwise it was withdrawn.
    granted BIGINT NOT NULL DEFAULT 0 CHECK (granted IN (0, 1))
);
CREATE INDEX license_requests_open ON license_requests (id) WHERE ended_at IS NULL;

-- Links that set a new password, once. The link carries a random token; here stands only its SHA-256.
CREATE TABLE password_links (
    token_hash TEXT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    until BIGINT NOT NULL
);
CREATE INDEX password_links_by_user ON password_links (user_id);
CREATE INDEX users_by_email ON users (lower(email));
