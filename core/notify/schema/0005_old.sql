-- +goose Up

-- What is past its term is looked for each night.
CREATE INDEX notify_subscription_old ON notify_subscription (created_at);
