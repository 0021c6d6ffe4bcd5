-- +goose Up

-- Who confirmed a post that two people give; 0 for every other.
ALTER TABLE directory_function ADD COLUMN confirmed_by BIGINT NOT NULL DEFAULT 0;

-- That somebody head a school without a head, as one person proposes it: a second one confirms it, within some days.
CREATE TABLE directory_interim (
    school_id   ROWID_KEY,
    person_id   BIGINT NOT NULL DEFAULT 0, -- 0: nobody whom the register knows, and the names make them
    civility    TEXT NOT NULL DEFAULT '',
    first_name  TEXT NOT NULL,
    usual_name  TEXT NOT NULL,
    mail        TEXT NOT NULL DEFAULT '',
    from_at     BIGINT NOT NULL,
    until_at    BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    proposed_by BIGINT NOT NULL,
    proposed_as TEXT NOT NULL, -- the profile with which it was
    proposed_at BIGINT NOT NULL
);
CREATE INDEX directory_interim_person ON directory_interim (person_id) WHERE person_id <> 0;
