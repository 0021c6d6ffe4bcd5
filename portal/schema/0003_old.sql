-- +goose Up

-- What is past its term is looked for each night.
CREATE INDEX portal_mark_old ON portal_mark (taken_at);
