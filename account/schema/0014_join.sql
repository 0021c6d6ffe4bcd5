-- +goose Up

-- Another account that somebody has claimed to be theirs, until they type the code that was sent to its address, or
-- the school says face to face that it is them.
CREATE TABLE account_join (
    person_id  ROWID_KEY,
    other_id   BIGINT NOT NULL,
    code       BYTEA NOT NULL, -- by its HMAC; empty: the school confirms
    made_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX account_join_other ON account_join (other_id);
CREATE INDEX account_join_expires ON account_join (expires_at);

-- By what it was opened the last time: a "slip", a link by "mail", a "federation"; empty for those opened before this was noted.
ALTER TABLE account_account ADD COLUMN activated_by TEXT NOT NULL DEFAULT '';

-- When its person was last in, to a day.
ALTER TABLE account_account ADD COLUMN seen_at BIGINT;
UPDATE account_account SET seen_at = (SELECT max(x.seen_at) FROM (SELECT person_id, seen_at FROM account_session
    UNION ALL SELECT person_id, seen_at FROM account_device) x WHERE x.person_id = account_account.person_id);
