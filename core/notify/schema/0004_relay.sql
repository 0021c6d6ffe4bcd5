-- +goose Up

-- Whether a person wants to read in their mail, in full, what their schools made public.
ALTER TABLE notify_quiet ADD COLUMN relayed BOOLEAN NOT NULL DEFAULT FALSE;
