-- When licences end: what has no end, or did not begin, has none here.
CREATE INDEX licenses_by_end ON licenses ((COALESCE(valid_until, started_at + valid_days * 86400000)), ticket_id);

-- Whether a person is mailed what expires, and the language they used last (a tag; unknown before their next login).
ALTER TABLE users ADD COLUMN expiry_mail BIGINT NOT NULL DEFAULT 1 CHECK (expiry_mail IN (0, 1));
ALTER TABLE users ADD COLUMN language TEXT;

-- Until when it was found out who is to be mailed what expires. One row.
CREATE TABLE expiry_runs (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    until BIGINT NOT NULL
);
INSERT INTO expiry_runs (id, until) VALUES (1, 0);

-- People who are to be mailed what came near its end between two moments. What that is, is read when the mail is written.
CREATE TABLE expiry_digests (
    user_id BIGINT PRIMARY KEY REFERENCES users (id),
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    -- When it was tried last to mail it.
    tried_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX expiry_digests_by_try ON expiry_digests (tried_at, user_id);
