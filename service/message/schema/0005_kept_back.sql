-- +goose Up

-- When what was written for later was kept back, as the account of its author was shut; empty: it was not.
ALTER TABLE message_thread ADD COLUMN kept_at BIGINT;
