-- The door that an event came through; not known of what happened before.
ALTER TABLE events ADD COLUMN way TEXT;
-- Where the event stands in the chain of hashes; both are written once, right after the event.
ALTER TABLE events ADD COLUMN position BIGINT;
ALTER TABLE events ADD COLUMN hash TEXT;
CREATE UNIQUE INDEX events_by_position ON events (position) WHERE position IS NOT NULL;
CREATE INDEX events_unsealed ON events (id) WHERE position IS NULL;
CREATE INDEX events_by_actor ON events (actor_id, id);

-- Signed marks in the chain: that the hash at that position was this one at that time.
CREATE TABLE checkpoints (
    position BIGINT NOT NULL,
    hash TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- The key that it is signed with, without a foreign key: whether there is one is for the verification to say.
    key_id TEXT NOT NULL,
    signed TEXT NOT NULL,
    PRIMARY KEY (position, hash)
);

-- The groups in which an event happened, and the people whom it happened to: who is shown it follows from them. What
-- happened in a dissolved group belongs to the group above it.
CREATE TABLE event_groups (
    event_id BIGINT NOT NULL,
    group_id BIGINT NOT NULL,
    PRIMARY KEY (event_id, group_id)
);
CREATE INDEX event_groups_by_group ON event_groups (group_id, event_id);
CREATE TABLE event_people (
    event_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (event_id, user_id)
);
CREATE INDEX event_people_by_person ON event_people (user_id, event_id);

-- Owners are texts such as group:7, user:4 and user:4@7, and the two engines have but trimming in common to take them
-- apart. Of accounts and containers it is known where they are now.
INSERT INTO event_groups (event_id, group_id)
SELECT id, group_id FROM events WHERE group_id IS NOT NULL
UNION SELECT id, CAST(substr(from_owner, 7) AS BIGINT) FROM events WHERE from_owner LIKE 'group:%'
UNION SELECT id, CAST(substr(to_owner, 7) AS BIGINT) FROM events WHERE to_owner LIKE 'group:%'
UNION SELECT id, CAST(ltrim(ltrim(from_owner, 'user:0123456789'), '@') AS BIGINT) FROM events WHERE from_owner LIKE 'user:%@%'
UNION SELECT id, CAST(ltrim(ltrim(to_owner, 'user:0123456789'), '@') AS BIGINT) FROM events WHERE to_owner LIKE 'user:%@%'
UNION SELECT e.id, m.group_id FROM events e JOIN memberships m ON m.user_id = e.user_id
    WHERE e.ticket_id IS NULL AND e.group_id IS NULL AND e.container_id IS NULL
UNION SELECT e.id, m.group_id FROM events e JOIN containers c ON c.id = e.container_id JOIN memberships m ON m.user_id = c.user_id
    WHERE e.ticket_id IS NULL
UNION SELECT e.id, c.context_group_id FROM events e JOIN containers c ON c.id = e.container_id
    WHERE e.ticket_id IS NULL AND c.context_group_id IS NOT NULL;
INSERT INTO event_people (event_id, user_id)
SELECT id, user_id FROM events WHERE user_id IS NOT NULL
UNION SELECT id, CAST(rtrim(rtrim(ltrim(from_owner, 'user:'), '0123456789'), '@') AS BIGINT) FROM events WHERE from_owner LIKE 'user:%@%'
UNION SELECT id, CAST(rtrim(rtrim(ltrim(to_owner, 'user:'), '0123456789'), '@') AS BIGINT) FROM events WHERE to_owner LIKE 'user:%@%'
UNION SELECT id, CAST(substr(from_owner, 6) AS BIGINT) FROM events WHERE from_owner LIKE 'user:%' AND from_owner NOT LIKE '%@%'
UNION SELECT id, CAST(substr(to_owner, 6) AS BIGINT) FROM events WHERE to_owner LIKE 'user:%' AND to_owner NOT LIKE '%@%'
UNION SELECT e.id, c.user_id FROM events e JOIN containers c ON c.id = e.container_id;
