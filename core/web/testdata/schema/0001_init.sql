-- +goose Up
CREATE TABLE yard_note (
    text   TEXT NOT NULL PRIMARY KEY,
    parent TEXT REFERENCES yard_note (text) DEFERRABLE INITIALLY DEFERRED
);
