-- Who signs people in besides the portal itself (OpenID Connect).
CREATE TABLE identity_providers (
    id BIGINT PRIMARY KEY,
    -- Whose people it signs in: those of a branch and nobody else; none for the whole instance.
    branch_id BIGINT REFERENCES groups (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    -- Encrypted; none once its key was lost.
    client_secret TEXT,
    -- What is asked for besides 'openid', separated by spaces.
    scopes TEXT NOT NULL,
    -- Which claim is the login of who joins.
    login_claim TEXT NOT NULL,
    -- Where people become members who have no account yet; none where they are sent away.
    join_group_id BIGINT REFERENCES groups (id) ON DELETE SET NULL,
    -- It asks for a second factor itself.
    gives_factor BIGINT NOT NULL CHECK (gives_factor IN (0, 1)),
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    -- Counts its changes.
    version BIGINT NOT NULL DEFAULT 1,
    CONSTRAINT provider_with_secret CHECK (active = 0 OR client_secret IS NOT NULL)
);
CREATE INDEX identity_providers_by_branch ON identity_providers (branch_id);
CREATE INDEX identity_providers_by_join_group ON identity_providers (join_group_id);

-- Who is who there: an issuer and what it calls a person for good, never a mail address.
CREATE TABLE linked_identities (
    user_id BIGINT NOT NULL REFERENCES users (id),
    provider_id BIGINT NOT NULL REFERENCES identity_providers (id) ON DELETE CASCADE,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- 'person' by who had the account already, 'provider' with the account.
    linked_by TEXT NOT NULL,
    linked_at BIGINT NOT NULL,
    last_used_at BIGINT,
    PRIMARY KEY (user_id, provider_id),
    CONSTRAINT identity_of_one_account UNIQUE (issuer, subject)
);
CREATE INDEX linked_identities_by_provider ON linked_identities (provider_id);

-- Who was sent to a provider and is not back yet. The cookie carries a random token, of which everything else is derived that has
-- to come back (state, nonce, PKCE); here stands only its SHA-256.
CREATE TABLE pending_sign_ins (
    token_hash TEXT PRIMARY KEY,
    provider_id BIGINT NOT NULL REFERENCES identity_providers (id) ON DELETE CASCADE,
    -- Whose account is to be linked, in which login; none of who signs in.
    user_id BIGINT REFERENCES users (id),
    session_id BIGINT,
    -- A login whose tab is gone is to end.
    end_other BIGINT NOT NULL CHECK (end_other IN (0, 1)),
    -- The page to show afterwards.
    next TEXT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX pending_sign_ins_until ON pending_sign_ins (until);
CREATE INDEX pending_sign_ins_by_provider ON pending_sign_ins (provider_id);

-- By which provider a login began, without a foreign key: the list of ended logins outlives it. Whether that asked for a second factor.
ALTER TABLE sessions ADD COLUMN provider_id BIGINT;
ALTER TABLE sessions ADD COLUMN factor_given BIGINT NOT NULL DEFAULT 0 CHECK (factor_given IN (0, 1));
