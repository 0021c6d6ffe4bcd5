-- +goose Up

-- What is past its term is looked for each night.
CREATE INDEX message_draft_old ON message_draft (saved_at);
