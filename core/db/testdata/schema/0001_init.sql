-- +goose Up
CREATE TABLE thing (
    id      BIGINT PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    good    BOOLEAN NOT NULL,
    seal    BYTEA,
    ends_at BIGINT,
    part_of BIGINT REFERENCES thing (id)
);
