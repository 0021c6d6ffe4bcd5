-- +goose Up

-- The figures of each school, as they were last counted: a pilot reads those of thousands at once.
CREATE TABLE account_deployment (
    school_id  ROWID_KEY,
    counted_at BIGINT NOT NULL,
    figures    TEXT NOT NULL -- JSON
);
