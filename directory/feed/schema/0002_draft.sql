-- +goose Up

-- Extractions that a head has seen a preview of, until they are applied. They wait a day.
CREATE TABLE feed_draft (
    id        ROWID_KEY,
    school_id BIGINT NOT NULL,
    by_id     BIGINT NOT NULL,
    made_at   BIGINT NOT NULL,
    accept    BOOLEAN NOT NULL, -- departures, whatever their number
    counts    TEXT NOT NULL, -- JSON: what the preview showed
    sealed    BYTEA NOT NULL -- the files, under the master key
);
CREATE INDEX feed_draft_made ON feed_draft (made_at);
