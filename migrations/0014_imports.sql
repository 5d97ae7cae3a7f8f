-- What names a group in files: the key of the file it came from, or its id.
ALTER TABLE groups ADD COLUMN key TEXT NOT NULL DEFAULT '';
UPDATE groups SET key = '' || id;
CREATE UNIQUE INDEX groups_by_key ON groups (key);

-- Files that somebody uploaded. What stands in a file stays with the server that took it, for as long as it is open.
CREATE TABLE imports (
    id BIGINT PRIMARY KEY,
    uploaded_at BIGINT NOT NULL,
    -- Without a foreign key, because the history outlives people.
    uploaded_by BIGINT NOT NULL,
    confirmed_by BIGINT,
    file TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- The server that has the file.
    server BIGINT NOT NULL,
    ended_at BIGINT,
    failure TEXT,
    refused BIGINT NOT NULL DEFAULT 0,
    created BIGINT NOT NULL DEFAULT 0,
    changed BIGINT NOT NULL DEFAULT 0,
    unchanged BIGINT NOT NULL DEFAULT 0,
    inactive BIGINT NOT NULL DEFAULT 0,
    -- 1 while it is open: there is one at a time, whatever number of servers.
    open BIGINT UNIQUE CHECK (open = 1),
    CONSTRAINT import_is_open_or_over CHECK ((open IS NULL) = (ended_at IS NOT NULL))
);

-- When the server that has the file was last heard, and how much it had done, in thousandths. In a row of its own: the
-- transaction that stores a file for minutes also ends its import, and would lose against every sign of life in between.
CREATE TABLE import_beats (
    import_id BIGINT PRIMARY KEY,
    beat_at BIGINT NOT NULL,
    progress BIGINT NOT NULL
);

-- What would become of each line of the file of the newest import.
CREATE TABLE import_lines (
    import_id BIGINT NOT NULL REFERENCES imports (id),
    position BIGINT NOT NULL,
    line BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    -- The whole of it, as JSON.
    told TEXT NOT NULL,
    PRIMARY KEY (import_id, position)
);
CREATE INDEX import_lines_by_outcome ON import_lines (import_id, outcome, position);
