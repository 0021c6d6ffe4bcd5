-- +goose Up

-- What is to be sent, encrypted under the master key: it may hold a link that opens an account. A row is deleted
-- when its message is sent, or never will be.
CREATE TABLE mail_message (
    id        ROWID_KEY,
    person_id BIGINT NOT NULL, -- to whom
    sealed    BYTEA NOT NULL,
    queued_at BIGINT NOT NULL
);
CREATE INDEX mail_message_person ON mail_message (person_id);
CREATE INDEX mail_message_queued ON mail_message (queued_at);
