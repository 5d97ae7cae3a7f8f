-- What the filter of the list asks for, where few of many tickets have it.
CREATE INDEX licenses_activated ON licenses (ticket_id) WHERE activated > 0;
CREATE INDEX licenses_suspended ON licenses (ticket_id) WHERE suspended_at IS NOT NULL;
CREATE INDEX licenses_revoked ON licenses (ticket_id) WHERE revoked_at IS NOT NULL;
CREATE INDEX tickets_protected ON tickets (level_group_id) WHERE protected = 1;

-- Saved views of the list: of a person, or of a group for all who see it.
CREATE TABLE ticket_views (
    id BIGINT PRIMARY KEY,
    user_id BIGINT REFERENCES users (id),
    group_id BIGINT REFERENCES groups (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- What is asked for and how it is laid out, as JSON.
    query TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    CONSTRAINT view_of_one CHECK ((user_id IS NULL) <> (group_id IS NULL)),
    CONSTRAINT views_of_user UNIQUE (user_id, name),
    CONSTRAINT views_of_group UNIQUE (group_id, name)
);
