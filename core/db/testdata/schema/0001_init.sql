-- +goose Up
CREATE TABLE thing (
    id      ROWID_KEY,
    name    TEXT NOT NULL UNIQUE,
    good    BOOLEAN NOT NULL,
    seal    BYTEA,
    ends_at BIGINT,
    part_of BIGINT REFERENCES thing (id)
);
CREATE TABLE pair (a BIGINT NOT NULL, b BIGINT NOT NULL, PRIMARY KEY (a, b)) CLUSTERED;
