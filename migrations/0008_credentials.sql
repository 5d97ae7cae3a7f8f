-- What headless machines reach a cloud container with. The portal keeps the public half of the key alone.
CREATE TABLE credentials (
    id BIGINT PRIMARY KEY,
    container_id BIGINT NOT NULL REFERENCES containers (id),
    label TEXT NOT NULL,
    -- base64url of the 32 bytes (RFC 8037).
    public_key TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    -- Without a foreign key, because the history outlives people.
    issued_by BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    disabled_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX credentials_by_container ON credentials (container_id, id);

-- Assertions that were taken for a token (RFC 7523): none works twice.
CREATE TABLE assertions (
    credential_id BIGINT NOT NULL REFERENCES credentials (id),
    jti_hash TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (credential_id, jti_hash)
);
CREATE INDEX assertions_until ON assertions (until);

-- What the portal signs licences with. Several servers share them, therefore they stand here; a backup holds them.
CREATE TABLE signing_keys (
    id TEXT PRIMARY KEY,
    -- base64url of the 32 bytes; forgotten when the key is retired.
    private_key TEXT,
    public_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT,
    CONSTRAINT signing_key_in_use_is_whole CHECK (retired_at IS NOT NULL OR private_key IS NOT NULL)
);

-- Licences in use by machines: floating ones for a time, node-locked ones until they are given back.
CREATE TABLE leases (
    id BIGINT PRIMARY KEY,
    activation_id BIGINT NOT NULL REFERENCES activations (id),
    -- That of the activation, so that the places of all containers are counted by one index.
    license_id BIGINT NOT NULL REFERENCES licenses (id),
    -- The one that it was acquired or renewed with last.
    credential_id BIGINT NOT NULL REFERENCES credentials (id),
    holder TEXT NOT NULL,
    -- The machine a node-locked licence is bound to.
    fingerprint TEXT,
    request_key TEXT,
    begun_at BIGINT NOT NULL,
    -- What the machine holds says the same.
    expires_at BIGINT NOT NULL,
    -- Until when nobody else gets the place: domain/leases.rs says when that is.
    holds_until BIGINT NOT NULL,
    ended_at BIGINT,
    end_reason TEXT,
    CONSTRAINT lease_end_has_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX leases_of_activation ON leases (activation_id, holds_until);
CREATE INDEX leases_of_license ON leases (license_id, holds_until);
CREATE INDEX leases_of_credential ON leases (credential_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX leases_one_node ON leases (activation_id, fingerprint)
    WHERE ended_at IS NULL AND fingerprint IS NOT NULL;
CREATE UNIQUE INDEX leases_by_request ON leases (credential_id, request_key);

ALTER TABLE events ADD COLUMN credential_id BIGINT;
