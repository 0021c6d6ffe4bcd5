-- +goose Up

-- What the account did to things that were there already, and that would be undone: the identifiers of past_change, parted
-- by spaces; and how many things are what they were again.
ALTER TABLE removal_case ADD COLUMN changes TEXT NOT NULL DEFAULT '';
ALTER TABLE removal_case ADD COLUMN mended BIGINT NOT NULL DEFAULT 0;
