-- Logins end with this upgrade: the old rows do not say what is needed.
DROP TABLE sessions;

-- Logins, running and ended. The cookie carries a random token; here stands only its SHA-256.
CREATE TABLE sessions (
    id BIGINT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    user_id BIGINT NOT NULL REFERENCES users (id),
    begun_at BIGINT NOT NULL,
    -- When its user last did something, and when an open tab was last heard; 0 once the last tab said goodbye.
    -- Servers write both some seconds late, many at a time.
    active_at BIGINT NOT NULL,
    beat_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    browser TEXT NOT NULL,
    ended_at BIGINT,
    end_reason TEXT,
    -- The administrator who ended it, and the reason given. Without a foreign key, because the history outlives people.
    ended_by BIGINT,
    end_note TEXT,
    CONSTRAINT end_has_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
-- One login at a time per account.
CREATE UNIQUE INDEX sessions_one_login ON sessions (user_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_running ON sessions (begun_at, id) WHERE ended_at IS NULL;
CREATE INDEX sessions_ended ON sessions (ended_at, id) WHERE ended_at IS NOT NULL;
