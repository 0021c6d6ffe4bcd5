-- +goose Up

-- What a human gives a member of a school's staff, and no delivery knows: a class to help in, or a pupil to
-- follow. It always has a granter, a reason and an end.
CREATE TABLE directory_grant (
    id           ROWID_KEY,
    person_id    BIGINT NOT NULL,
    structure_id BIGINT NOT NULL, -- the school
    class_id     BIGINT NOT NULL DEFAULT 0,
    pupil_id     BIGINT NOT NULL DEFAULT 0,
    from_at      BIGINT NOT NULL,
    until_at     BIGINT NOT NULL,
    granted_by   BIGINT NOT NULL,
    reason       TEXT NOT NULL
);
CREATE INDEX directory_grant_person ON directory_grant (person_id);
CREATE INDEX directory_grant_pupil ON directory_grant (pupil_id);
