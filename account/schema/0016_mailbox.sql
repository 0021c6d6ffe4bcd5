-- +goose Up

-- The address at which somebody in was last known, sealed, and since when it is that one; null for the first.
CREATE TABLE account_mailbox (
    person_id ROWID_KEY,
    address   BYTEA NOT NULL,
    since     BIGINT
);
