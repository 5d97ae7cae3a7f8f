-- The catalogue. What tickets held so far becomes a product each, with its name for an article number.
CREATE TABLE products (
    id BIGINT PRIMARY KEY,
    article TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_de TEXT NOT NULL,
    -- Both names in the form that tickets are searched and sorted by.
    folded TEXT NOT NULL,
    -- One a line.
    features TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO products (id, article, name, name_de, folded, features, created_at)
SELECT row_number() OVER (ORDER BY product), product, product, product, lower(product), '', 0
FROM (SELECT DISTINCT product FROM licenses) AS sold;

ALTER TABLE licenses RENAME TO old_licenses;
CREATE TABLE licenses (
    id BIGINT PRIMARY KEY,
    ticket_id BIGINT NOT NULL REFERENCES tickets (id),
    position BIGINT NOT NULL,
    product_id BIGINT NOT NULL REFERENCES products (id),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    -- How many of them are activated: never more than there are.
    activated BIGINT NOT NULL DEFAULT 0,
    binding TEXT NOT NULL DEFAULT 'floating' CHECK (binding IN ('floating', 'node_locked')),
    valid_from BIGINT,
    valid_until BIGINT,
    -- Instead of a last day: so many days from the first activation.
    valid_days BIGINT CHECK (valid_days > 0),
    -- When it was activated first.
    started_at BIGINT,
    -- How often it may still be given back; NULL for as often as one likes.
    returns_left BIGINT CHECK (returns_left >= 0),
    CONSTRAINT licenses_place UNIQUE (ticket_id, position),
    CONSTRAINT never_more_than_granted CHECK (activated BETWEEN 0 AND quantity),
    CONSTRAINT one_validity CHECK (valid_days IS NULL OR (valid_from IS NULL AND valid_until IS NULL))
);
INSERT INTO licenses (id, ticket_id, position, product_id, quantity)
SELECT row_number() OVER (ORDER BY l.ticket_id, l.position), l.ticket_id, l.position, p.id, l.quantity
FROM old_licenses l JOIN products p ON p.article = l.product;
DROP TABLE old_licenses;
CREATE INDEX licenses_by_product ON licenses (product_id, ticket_id);

-- Where licences are activated.
CREATE TABLE containers (
    id BIGINT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    context_group_id BIGINT REFERENCES groups (id),
    kind TEXT NOT NULL CHECK (kind IN ('cloud')),
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX containers_by_user ON containers (user_id, folded, id);
CREATE INDEX containers_by_context ON containers (context_group_id) WHERE context_group_id IS NOT NULL;

-- So many of a licence in a container. There is one running activation of a licence in a container at most.
CREATE TABLE activations (
    id BIGINT PRIMARY KEY,
    license_id BIGINT NOT NULL REFERENCES licenses (id),
    container_id BIGINT NOT NULL REFERENCES containers (id),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    state TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX activations_running ON activations (container_id, license_id) WHERE ended_at IS NULL;
CREATE INDEX activations_of_license ON activations (license_id) WHERE ended_at IS NULL;

ALTER TABLE events ADD COLUMN container_id BIGINT;
ALTER TABLE events ADD COLUMN license_id BIGINT;
ALTER TABLE events ADD COLUMN quantity BIGINT;
