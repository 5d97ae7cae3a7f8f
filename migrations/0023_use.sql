-- What machines make of licences. Leases are kept one by one for a while, and folded into hours, hours into days; each by who had the
-- ticket then, so that nobody learns what was used above them. No foreign key leads to groups and people: use outlives them, and 0
-- stands for none.

-- Hours are folded from the leases that held something in them.
CREATE INDEX leases_by_end ON leases (holds_until);

-- What machines were refused: one row for a machine, a licence and a reason in a minute, however often it asks.
CREATE TABLE use_refusals (
    minute BIGINT NOT NULL,
    license_id BIGINT NOT NULL REFERENCES licenses (id),
    credential_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    refused BIGINT NOT NULL CHECK (refused > 0),
    PRIMARY KEY (minute, license_id, credential_id, reason)
);

CREATE TABLE use_hours (
    begins BIGINT NOT NULL,
    license_id BIGINT NOT NULL REFERENCES licenses (id),
    -- The level of the ticket, and its person.
    level_group_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    -- Milliseconds of all leases together, and most of them at once.
    leased BIGINT NOT NULL CHECK (leased >= 0),
    peak BIGINT NOT NULL CHECK (peak >= 0),
    granted BIGINT NOT NULL,
    -- How often what was refused, and the minutes in which machines waited.
    none_free BIGINT NOT NULL,
    not_valid BIGINT NOT NULL,
    suspended BIGINT NOT NULL,
    revoked BIGINT NOT NULL,
    reduced BIGINT NOT NULL,
    waited BIGINT NOT NULL,
    PRIMARY KEY (begins, license_id, level_group_id, user_id)
);
CREATE INDEX use_hours_of_license ON use_hours (license_id, begins);
CREATE INDEX use_hours_of_level ON use_hours (level_group_id, begins);

CREATE TABLE use_days (
    begins BIGINT NOT NULL,
    license_id BIGINT NOT NULL REFERENCES licenses (id),
    level_group_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    leased BIGINT NOT NULL CHECK (leased >= 0),
    peak BIGINT NOT NULL CHECK (peak >= 0),
    granted BIGINT NOT NULL,
    none_free BIGINT NOT NULL,
    not_valid BIGINT NOT NULL,
    suspended BIGINT NOT NULL,
    revoked BIGINT NOT NULL,
    reduced BIGINT NOT NULL,
    waited BIGINT NOT NULL,
    PRIMARY KEY (begins, license_id, level_group_id, user_id)
);
CREATE INDEX use_days_of_license ON use_days (license_id, begins);
CREATE INDEX use_days_of_level ON use_days (level_group_id, begins);
