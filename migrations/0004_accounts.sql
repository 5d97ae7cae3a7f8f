-- Accounts are switched on within the pool of seats.
ALTER TABLE users ADD COLUMN active BIGINT NOT NULL DEFAULT 1 CHECK (active IN (0, 1));
-- Set while the password is a generated one: until when it can be used. It is replaced at the first login.
ALTER TABLE users ADD COLUMN password_until BIGINT;
CREATE INDEX users_active ON users (id) WHERE active = 1;
CREATE INDEX users_by_login ON users (login, id);
