-- Containers that are machines: their kind, and what the portal knows of the machine.
ALTER TABLE containers DROP COLUMN kind;
ALTER TABLE containers ADD COLUMN kind TEXT NOT NULL DEFAULT 'cloud' CHECK (kind IN ('cloud', 'device', 'dongle'));
ALTER TABLE containers ADD COLUMN removed_at BIGINT;

CREATE TABLE devices (
    container_id BIGINT PRIMARY KEY REFERENCES containers (id),
    -- Fingerprint of the machine, known from its first request on; serial number of a dongle, known from the beginning.
    hardware TEXT,
    -- base64url of the 32 bytes (RFC 8037).
    public_key TEXT,
    host TEXT,
    bound_at BIGINT,
    -- Since when it is reported lost.
    lost_at BIGINT,
    -- Of the last request.
    number BIGINT NOT NULL DEFAULT 0,
    nonce TEXT,
    -- The answer to it.
    update_id BIGINT,
    update_text TEXT,
    updated_at BIGINT,
    -- When the machine confirmed that.
    confirmed_at BIGINT,
    CONSTRAINT device_is_bound_whole CHECK ((public_key IS NULL) = (bound_at IS NULL))
);
CREATE UNIQUE INDEX devices_by_key ON devices (public_key) WHERE public_key IS NOT NULL;

-- On a machine each activation goes its own way; in a cloud container, all of a licence is one.
ALTER TABLE activations ADD COLUMN part BIGINT NOT NULL DEFAULT 0;
-- Until when a machine may use it, whatever the portal does: what its signed text says.
ALTER TABLE activations ADD COLUMN signed_until BIGINT;
-- The last update that it was in.
ALTER TABLE activations ADD COLUMN update_id BIGINT;
DROP INDEX activations_running;
CREATE UNIQUE INDEX activations_running ON activations (container_id, license_id, part) WHERE ended_at IS NULL;
