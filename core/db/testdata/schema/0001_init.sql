-- +goose Up
CREATE TABLE thing (
    id      ROWID_KEY,
    name    TEXT NOT NULL UNIQUE,
    good    BOOLEAN NOT NULL,
    seal    BYTEA,
    ends_at BIGINT,
    part_of BIGINT REFERENCES thing (id)
);
CREATE TABLE pair (a BIGINT NOT NULL, b BIGINT NOT NULL, good BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (a, b)) CLUSTERED;
CREATE UNIQUE INDEX pair_b ON pair (b);
