-- +goose Up

-- What is to be done. A job that is done is deleted; a daily one stays and waits for the next day.
CREATE TABLE job_job (
    id         ROWID_KEY,
    kind       TEXT NOT NULL,
    payload    TEXT NOT NULL, -- JSON: identifiers, no personal data
    unique_key TEXT UNIQUE,
    due_at     BIGINT NOT NULL, -- from when it may be claimed; a claim moves it to the end of its lease
    claim      BIGINT,          -- whose lease it is
    tries      BIGINT NOT NULL,
    error      TEXT NOT NULL, -- of the last try
    dead_at    BIGINT           -- given up
);
CREATE INDEX job_job_due ON job_job (due_at) WHERE dead_at IS NULL;
