-- +goose Up

-- What is past its term is looked for each night.
CREATE INDEX federation_entry_old ON federation_entry (entered_at);
