-- +goose Up

-- What is past its term is looked for each night.
CREATE INDEX account_session_old ON account_session (expires_at);
CREATE INDEX account_code_old ON account_code (expires_at);
CREATE INDEX account_attempt_old ON account_attempt (free_at);
