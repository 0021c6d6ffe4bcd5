-- +goose Up

-- The hats that a session may wear, parted by spaces: those that the identity provider which opened it speaks for. Empty:
-- all those of the person, who gave a password.
ALTER TABLE account_session ADD COLUMN hats TEXT NOT NULL DEFAULT '';
