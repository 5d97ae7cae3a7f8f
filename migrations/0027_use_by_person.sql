-- What the machines of a person leased on a day, by licence and by who had its ticket then, while an ISV admin has that kept. Off at
-- first: then nothing stands here.
CREATE TABLE use_by_person (
    begins BIGINT NOT NULL,
    license_id BIGINT NOT NULL REFERENCES licenses (id),
    level_group_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    -- Whose container it was.
    person_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    leased BIGINT NOT NULL CHECK (leased >= 0),
    refused BIGINT NOT NULL CHECK (refused >= 0),
    waited BIGINT NOT NULL CHECK (waited >= 0),
    PRIMARY KEY (begins, license_id, level_group_id, user_id, person_id)
);
CREATE INDEX use_by_person_of_license ON use_by_person (license_id, begins);
CREATE INDEX use_by_person_of_person ON use_by_person (person_id, begins);
