-- Who had a link sent: how many that were lately has a limit. Without a foreign key, because it outlives people.
ALTER TABLE invitations ADD COLUMN invited_by BIGINT;
CREATE INDEX invitations_by_inviter ON invitations (invited_by, created_at) WHERE invited_by IS NOT NULL;
