-- +goose Up

-- Somebody changed a thing that was there already: what it was until then.
CREATE TABLE past_change (
    id         ROWID_KEY,
    thing_id   BIGINT NOT NULL,
    room       TEXT NOT NULL,   -- whose the thing is: liaison, news
    school_id  BIGINT NOT NULL, -- 0: of no school
    subject_id BIGINT NOT NULL, -- whom alone the thing is about; 0: nobody
    by_id      BIGINT NOT NULL, -- 0: somebody who was erased
    act        TEXT NOT NULL,   -- amended, cancelled, restored, removed, ended, answered, accepted, returned
    changed_at BIGINT NOT NULL,
    was        BYTEA NOT NULL   -- the rows of the thing, as they were
);
CREATE INDEX past_change_thing ON past_change (thing_id);
CREATE INDEX past_change_by ON past_change (by_id, changed_at);
CREATE INDEX past_change_subject ON past_change (subject_id);

-- The names of the files, in core/blob, that a thing had then.
CREATE TABLE past_file (
    change_id  BIGINT NOT NULL,
    file       BYTEA NOT NULL,
    thing_id   BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (change_id, file)
) CLUSTERED;
CREATE INDEX past_file_thing ON past_file (thing_id);
CREATE INDEX past_file_file ON past_file (file);
