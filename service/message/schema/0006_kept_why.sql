-- +goose Up

-- Why what was written for later was kept back: see core/audience; empty: it was not.
ALTER TABLE message_thread ADD COLUMN kept_why TEXT NOT NULL DEFAULT '';
UPDATE message_thread SET kept_why = 'account' WHERE kept_at IS NOT NULL;
