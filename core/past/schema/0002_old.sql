-- +goose Up

-- What is past its term is looked for each night.
CREATE INDEX past_change_old ON past_change (changed_at);
