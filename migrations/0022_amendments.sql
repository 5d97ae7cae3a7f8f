INSERT INTO permissions (name) VALUES ('renew_ticket'), ('change_ticket'), ('revoke_ticket');

-- How many a licence grants, where that is fewer than are activated: `quantity` follows as those are given back, so that there
-- are never more activated than that.
ALTER TABLE licenses ADD COLUMN reduced_to BIGINT CHECK (reduced_to > 0);
ALTER TABLE licenses ADD COLUMN suspended_at BIGINT;
ALTER TABLE licenses ADD COLUMN revoked_at BIGINT;
-- What comes into force later, as JSON: whatever is decided about a licence is read in one row.
ALTER TABLE licenses ADD COLUMN planned TEXT;

-- When what a machine holds was signed last: whether it knows of an amendment.
ALTER TABLE leases ADD COLUMN signed_at BIGINT;

-- What was, and will be, done to licences. The columns of a licence say how it stands after all that is settled.
CREATE TABLE amendments (
    id BIGINT PRIMARY KEY,
    license_id BIGINT NOT NULL REFERENCES licenses (id),
    -- Which of the amendments of its licence, from 1.
    number BIGINT NOT NULL CHECK (number > 0),
    -- What is done, and how the licence stood before and after; while it is planned, as far as it is foreseen. As JSON.
    what TEXT NOT NULL,
    before_it TEXT NOT NULL,
    after_it TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- Without a foreign key, because the history outlives people.
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    -- The first moment at which it is in force.
    in_force_at BIGINT NOT NULL,
    -- 1 once the columns of the licence say so.
    settled BIGINT NOT NULL CHECK (settled IN (0, 1)),
    undone_by BIGINT,
    undone_at BIGINT,
    -- For which quotas it counts: the group in whose branch, none of those of ISV admins; licences that came in addition, and
    -- those that were renewed.
    group_id BIGINT REFERENCES groups (id),
    product_id BIGINT NOT NULL REFERENCES products (id),
    added BIGINT NOT NULL CHECK (added >= 0),
    renewed BIGINT NOT NULL CHECK (renewed >= 0),
    request_key TEXT NOT NULL,
    CONSTRAINT amendments_in_order UNIQUE (license_id, number),
    CONSTRAINT amendments_by_request UNIQUE (made_by, request_key, license_id),
    CONSTRAINT amendment_undone_by_somebody CHECK ((undone_by IS NULL) = (undone_at IS NULL))
);
CREATE INDEX amendments_unsettled ON amendments (in_force_at, id) WHERE settled = 0 AND undone_at IS NULL;
CREATE INDEX amendments_by_group ON amendments (group_id, made_at) WHERE group_id IS NOT NULL;
