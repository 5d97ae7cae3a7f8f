-- What programs of a person show instead of a login. 256 random bits; here stands only their SHA-256.
CREATE TABLE personal_tokens (
    id BIGINT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    -- Such as 'tickets:write users:read'.
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX personal_tokens_by_person ON personal_tokens (user_id, id);
