-- People who are to be sent the link of their new account: each is tried until it was sent. Customers of partners have the same
-- columns beside their own.
CREATE TABLE invitations (
    user_id BIGINT PRIMARY KEY REFERENCES users (id),
    created_at BIGINT NOT NULL,
    -- The language of the letter: that of who invites is the best guess.
    language TEXT NOT NULL,
    tried_at BIGINT NOT NULL DEFAULT 0,
    invited_at BIGINT
);
CREATE INDEX invitations_waiting ON invitations (user_id) WHERE invited_at IS NULL;
