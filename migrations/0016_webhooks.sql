-- Where what happens is sent to.
CREATE TABLE webhooks (
    id BIGINT PRIMARY KEY,
    -- In whose branch it happens; none for the whole instance.
    group_id BIGINT REFERENCES groups (id),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    -- What it is about, separated by spaces; empty for everything.
    topics TEXT NOT NULL,
    -- Without foreign keys, because webhooks outlive people.
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    -- By whose rights it is decided whether anything is sent: who made or changed it last.
    kept_by BIGINT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    -- Why and when it switched itself off.
    stopped TEXT,
    stopped_at BIGINT,
    -- When its keeper is to be mailed that it did, until that is done.
    mail_at BIGINT,
    CONSTRAINT webhook_is_on_or_stopped CHECK (active = 0 OR stopped IS NULL)
);
CREATE INDEX webhooks_by_group ON webhooks (group_id);

-- How far each has come, and which server sends for it. In a row of its own: whoever changes a webhook does not lose against
-- the server that sends.
CREATE TABLE webhook_senders (
    webhook_id BIGINT PRIMARY KEY REFERENCES webhooks (id),
    -- The last position of the history that was dealt with.
    position BIGINT NOT NULL,
    -- What the server that sends for it knows, and nobody else; and until when others leave it alone.
    holder BIGINT NOT NULL,
    held_until BIGINT NOT NULL
);

CREATE TABLE webhook_deliveries (
    id BIGINT PRIMARY KEY,
    webhook_id BIGINT NOT NULL REFERENCES webhooks (id),
    -- None for a test.
    event_id BIGINT,
    kind TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- 1 while it is the one that later events wait for.
    in_line BIGINT NOT NULL CHECK (in_line IN (0, 1)),
    attempts BIGINT NOT NULL DEFAULT 0,
    -- The first attempt of those that count for giving up.
    first_tried_at BIGINT,
    tried_at BIGINT,
    due_at BIGINT NOT NULL,
    -- The status of the last answer, or why there was none.
    status BIGINT,
    failure TEXT,
    CONSTRAINT webhook_event_once UNIQUE (webhook_id, event_id)
);
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (webhook_id, due_at) WHERE state = 'waiting';
CREATE UNIQUE INDEX webhook_one_in_line ON webhook_deliveries (webhook_id) WHERE in_line = 1;
CREATE INDEX webhooks_to_mail ON webhooks (mail_at) WHERE mail_at IS NOT NULL;
