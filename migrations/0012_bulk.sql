-- As whom the user of a login looks at the portal, until when, and whether its end stands in the history already: then
-- nothing is shown any more, and the next page is the user's own again.
ALTER TABLE sessions ADD COLUMN view_user_id BIGINT;
ALTER TABLE sessions ADD COLUMN view_until BIGINT;
ALTER TABLE sessions ADD COLUMN view_recorded BIGINT NOT NULL DEFAULT 0 CHECK (view_recorded IN (0, 1));
CREATE INDEX sessions_viewing ON sessions (view_until) WHERE view_user_id IS NOT NULL;
