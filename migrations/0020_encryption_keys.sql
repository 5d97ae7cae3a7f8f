-- The keys that secrets in other tables are encrypted with. The keys themselves stand outside the database; here stands what tells
-- whether somebody has the right one.
CREATE TABLE encryption_keys (
    -- A hash over the key.
    id TEXT PRIMARY KEY,
    -- A known text, encrypted with it: whoever decrypts it has the key.
    check_text TEXT NOT NULL,
    -- 1 for the one that is encrypted with. There are others while they are replaced by it.
    in_force BIGINT UNIQUE CHECK (in_force = 1),
    -- 1 until what an older portal wrote in plain text is encrypted, too.
    plain_left BIGINT NOT NULL CHECK (plain_left IN (0, 1)),
    made_at BIGINT NOT NULL,
    -- For who has this database and nothing else.
    note TEXT NOT NULL DEFAULT 'Signing keys, second factors and addresses of webhooks are encrypted with the key of this id. It is not in this database but in the key file of the portal, and a restore needs both. Without it nobody can read them.'
);
