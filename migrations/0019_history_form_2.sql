-- From what to what something was changed, as JSON, where the other columns do not say it.
ALTER TABLE events ADD COLUMN change TEXT;
-- What the hash of the event is taken over: nothing for the first form, without readers; 2 for the one with them.
ALTER TABLE events ADD COLUMN form BIGINT;
-- Whether the event came to the group from one that was dissolved later, and so not with its own hash.
ALTER TABLE event_groups ADD COLUMN inherited BIGINT NOT NULL DEFAULT 0 CHECK (inherited IN (0, 1));
