-- +goose Up

-- The second factors that a merge took from the record that goes, by their identifiers: its undoing gives them back.
ALTER TABLE account_merge ADD COLUMN factors TEXT NOT NULL DEFAULT '';
