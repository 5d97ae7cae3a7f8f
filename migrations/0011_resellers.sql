-- What memberships permit is data: a row for each permission there is, and one for each that a membership grants.
CREATE TABLE permissions (
    name TEXT PRIMARY KEY
);
INSERT INTO permissions (name) VALUES ('admin'), ('create_ticket'), ('view_reports');
CREATE TABLE membership_permissions (
    user_id BIGINT NOT NULL,
    group_id BIGINT NOT NULL,
    permission TEXT NOT NULL REFERENCES permissions (name),
    PRIMARY KEY (user_id, group_id, permission),
    FOREIGN KEY (user_id, group_id) REFERENCES memberships (user_id, group_id) ON DELETE CASCADE
);
INSERT INTO membership_permissions (user_id, group_id, permission)
SELECT user_id, group_id, 'admin' FROM memberships WHERE admin = 1
UNION ALL SELECT user_id, group_id, 'create_ticket' FROM memberships WHERE create_ticket = 1;
ALTER TABLE memberships DROP COLUMN admin;
ALTER TABLE memberships DROP COLUMN create_ticket;

-- Groups with a product filter of their own. Which products it lets through stands in the other table; it may be none.
CREATE TABLE product_filters (
    group_id BIGINT PRIMARY KEY REFERENCES groups (id) ON DELETE CASCADE
);
CREATE TABLE filtered_products (
    group_id BIGINT NOT NULL REFERENCES product_filters (group_id) ON DELETE CASCADE,
    product_id BIGINT NOT NULL REFERENCES products (id),
    PRIMARY KEY (group_id, product_id)
);
-- How many licences of a product can be created in the branch of a group.
CREATE TABLE quotas (
    group_id BIGINT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    product_id BIGINT NOT NULL REFERENCES products (id),
    period TEXT NOT NULL CHECK (period IN ('day', 'month', 'year', 'total')),
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    PRIMARY KEY (group_id, product_id, period)
);

-- Tickets that were created together: alike, a number of them.
CREATE TABLE creations (
    id BIGINT PRIMARY KEY,
    -- The group in whose branch they were created; none of those of ISV admins. What a dissolved group created counts for the
    -- group above it.
    group_id BIGINT REFERENCES groups (id),
    product_id BIGINT NOT NULL REFERENCES products (id),
    -- Licences in each ticket.
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    tickets BIGINT NOT NULL CHECK (tickets > 0),
    created_by BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    request_key TEXT NOT NULL,
    CONSTRAINT creations_by_request UNIQUE (created_by, request_key)
);
CREATE INDEX creations_by_group ON creations (group_id, created_at);
CREATE INDEX creations_by_time ON creations (created_at);
ALTER TABLE tickets ADD COLUMN creation_id BIGINT REFERENCES creations (id);
CREATE INDEX tickets_by_creation ON tickets (creation_id, id) WHERE creation_id IS NOT NULL;
-- Reports walk the tickets of each group of a branch by the time when they came into being.
CREATE INDEX tickets_by_level_created ON tickets (level_group_id, created_at);
CREATE INDEX tickets_by_created ON tickets (created_at);

-- The customers of partners. Each is its own outbox: until its person was sent a link, it is tried.
CREATE TABLE customers (
    user_id BIGINT PRIMARY KEY REFERENCES users (id),
    -- The group below which the customer was created, or of which they became a member.
    group_id BIGINT REFERENCES groups (id),
    -- The group that was made for the customer; without one, the customer is the person alone.
    own_group_id BIGINT REFERENCES groups (id),
    created_at BIGINT NOT NULL,
    -- The language of the letter.
    language TEXT NOT NULL,
    tried_at BIGINT NOT NULL DEFAULT 0,
    invited_at BIGINT
);
CREATE INDEX customers_by_group ON customers (group_id, user_id);
CREATE INDEX customers_uninvited ON customers (user_id) WHERE invited_at IS NULL;
