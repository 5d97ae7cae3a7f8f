-- Tickets with licences that nobody uses, which somebody wants back: whoever has one is asked first, and it moves on a day. No foreign
-- key leads to groups and people: what was asked for outlives them until it is forgotten.
CREATE TABLE take_backs (
    id BIGINT PRIMARY KEY,
    ticket_id BIGINT NOT NULL REFERENCES tickets (id),
    -- Who had the ticket, as a text like those of events.
    from_owner TEXT NOT NULL,
    to_group_id BIGINT NOT NULL,
    asked_by BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    -- 'asked', or how it ended.
    state TEXT NOT NULL,
    ended_at BIGINT,
    CONSTRAINT take_back_ends_once CHECK ((state = 'asked') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX take_backs_open ON take_backs (ticket_id) WHERE state = 'asked';
CREATE INDEX take_backs_of_ticket ON take_backs (ticket_id);
CREATE INDEX take_backs_due ON take_backs (due_at, id) WHERE state = 'asked';
CREATE INDEX take_backs_by_asker ON take_backs (asked_by, asked_at);
CREATE INDEX take_backs_ended ON take_backs (ended_at) WHERE ended_at IS NOT NULL;

-- Who is to be mailed how it stands; each row is there until that was done.
CREATE TABLE take_back_mails (
    take_back_id BIGINT NOT NULL REFERENCES take_backs (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id),
    mail_at BIGINT NOT NULL,
    PRIMARY KEY (take_back_id, user_id)
);
CREATE INDEX take_back_mails_due ON take_back_mails (mail_at);
