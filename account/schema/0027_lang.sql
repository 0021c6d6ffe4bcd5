-- +goose Up

-- The language of the pages by which a person, who is no pupil, came in last; empty: not known.
ALTER TABLE account_account ADD COLUMN lang TEXT NOT NULL DEFAULT '';
