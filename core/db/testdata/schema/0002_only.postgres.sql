-- +goose Up
CREATE TABLE engine (name TEXT NOT NULL);
INSERT INTO engine VALUES ('postgres');
