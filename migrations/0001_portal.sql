-- One schema for both engines. At application, SQLite gets INTEGER for BIGINT PRIMARY KEY (its row id), PostgreSQL gets
-- COLLATE "C" on text, so that both sort alike. Ids come from the portal; times are milliseconds since 1970 (UTC); flags
-- are 0 or 1.

CREATE TABLE users (
    id BIGINT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- Name and login in the form that is searched and sorted by.
    folded TEXT NOT NULL,
    email TEXT,
    -- argon2id in the PHC string format; nobody can log in without one.
    password_hash TEXT,
    isv_admin BIGINT NOT NULL CHECK (isv_admin IN (0, 1)),
    created_at BIGINT NOT NULL
);
CREATE INDEX users_by_name ON users (folded, id);

CREATE TABLE groups (
    id BIGINT PRIMARY KEY,
    parent_id BIGINT REFERENCES groups (id),
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    -- The ids from the top down to the group itself, 13 characters each: the branch below a group is one range of it,
    -- and a group cannot be above itself.
    path TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    CHECK (parent_id IS NULL OR parent_id <> id)
);
CREATE INDEX groups_by_parent ON groups (parent_id, folded, id);

CREATE TABLE memberships (
    user_id BIGINT NOT NULL REFERENCES users (id),
    group_id BIGINT NOT NULL REFERENCES groups (id),
    admin BIGINT NOT NULL CHECK (admin IN (0, 1)),
    create_ticket BIGINT NOT NULL CHECK (create_ticket IN (0, 1)),
    PRIMARY KEY (user_id, group_id)
);
CREATE INDEX memberships_by_group ON memberships (group_id, user_id);

CREATE TABLE tickets (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    owner_group_id BIGINT REFERENCES groups (id),
    owner_user_id BIGINT REFERENCES users (id),
    context_group_id BIGINT REFERENCES groups (id),
    -- The level a ticket belongs to: its group, or its group context.
    level_group_id BIGINT REFERENCES groups (id),
    protected BIGINT NOT NULL CHECK (protected IN (0, 1)),
    -- The products in it, in the form that is searched and sorted by.
    products TEXT NOT NULL,
    owner_since BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT one_owner CHECK (owner_group_id IS NULL OR owner_user_id IS NULL),
    CONSTRAINT context_is_personal CHECK (context_group_id IS NULL OR owner_user_id IS NOT NULL),
    CONSTRAINT protected_is_group CHECK (protected = 0 OR owner_group_id IS NOT NULL),
    CONSTRAINT level_follows CHECK (
        CASE WHEN owner_group_id IS NOT NULL THEN level_group_id IS NOT NULL AND level_group_id = owner_group_id
             WHEN context_group_id IS NOT NULL THEN level_group_id IS NOT NULL AND level_group_id = context_group_id
             ELSE level_group_id IS NULL END
    )
);
CREATE INDEX tickets_by_level ON tickets (level_group_id, owner_since, id);
CREATE INDEX tickets_by_user ON tickets (owner_user_id, owner_since, id);
CREATE INDEX tickets_by_since ON tickets (owner_since, id);
CREATE INDEX tickets_by_products ON tickets (products, id);

CREATE TABLE licenses (
    ticket_id BIGINT NOT NULL REFERENCES tickets (id),
    position BIGINT NOT NULL,
    product TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (ticket_id, position)
);

-- The history: written in the transaction of the change itself, never changed. It names groups and people without
-- foreign keys, because it outlives them.
CREATE TABLE events (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor_id BIGINT NOT NULL,
    -- Set on changes of owner: the idempotency key of the request.
    request_key TEXT,
    ticket_id BIGINT,
    from_owner TEXT,
    to_owner TEXT,
    was_protected BIGINT,
    group_id BIGINT,
    user_id BIGINT
);
CREATE INDEX events_by_ticket ON events (ticket_id, id);
CREATE INDEX events_by_request ON events (actor_id, request_key);

-- What was done under an idempotency key, so that a repetition is answered like the first.
CREATE TABLE requests (
    actor_id BIGINT NOT NULL REFERENCES users (id),
    request_key TEXT NOT NULL,
    what TEXT NOT NULL,
    tickets BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (actor_id, request_key)
);

-- Who is logged in. The cookie carries a random token; here stands only its SHA-256.
CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- Facts about this instance, such as that it holds the demo data.
CREATE TABLE instance (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
