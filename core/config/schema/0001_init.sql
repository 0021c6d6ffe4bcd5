-- +goose Up
-- What one installation is, that no restart may forget.
CREATE TABLE config_setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
