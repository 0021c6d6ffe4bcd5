-- +goose Up

-- Who did what to whom, people by opaque identifier. Zero is nobody: a visitor, or the program itself.
CREATE TABLE audit_entry (
    id          ROWID_KEY,
    at          BIGINT NOT NULL,
    actor_id    BIGINT NOT NULL,
    profile     TEXT NOT NULL, -- the hat worn
    action      TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id   BIGINT NOT NULL,
    subject_id  BIGINT NOT NULL,
    school_id   BIGINT NOT NULL,
    request     TEXT NOT NULL,
    detail      TEXT NOT NULL -- JSON: words of the program and numbers
);
CREATE INDEX audit_entry_at ON audit_entry (at);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id);
CREATE INDEX audit_entry_subject ON audit_entry (subject_id);

-- One row for each day since the first entry, for ever: the entries of the day in one fingerprint, chained to the day before.
CREATE TABLE audit_segment (
    day       TEXT PRIMARY KEY, -- 2026-10-05, in Paris
    first_id  BIGINT NOT NULL,
    last_id   BIGINT NOT NULL,
    count     BIGINT NOT NULL,
    digest    BYTEA NOT NULL, -- SHA-256 of the entries
    previous  BYTEA NOT NULL, -- head of the day before
    head      BYTEA NOT NULL, -- SHA-256 of all of the above
    mac       BYTEA NOT NULL, -- of the head, under the master key
    sealed_at BIGINT NOT NULL
) CLUSTERED;
