-- +goose Up

-- The code that a school handed out ("slip") and the one that left by mail because somebody, perhaps a stranger,
-- asked for it ("mail") stand side by side: asking for one does not end the other.
CREATE TABLE account_code_of_kind (
    person_id  BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    code       BYTEA NOT NULL,
    hats       TEXT NOT NULL, -- what the person was then: it opens nothing else
    made_by    BIGINT NOT NULL,
    made_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, kind)
) CLUSTERED;
INSERT INTO account_code_of_kind (person_id, kind, code, hats, made_by, made_at, expires_at)
    SELECT person_id, 'slip', code, hats, made_by, made_at, expires_at FROM account_code;
DROP TABLE account_code;
ALTER TABLE account_code_of_kind RENAME TO account_code;

-- When somebody said, by a link of a message about the account, that what happened to it was not theirs. It is
-- disabled since, until the school opens it again.
ALTER TABLE account_account ADD COLUMN contested_at BIGINT;

-- These links, by the HMAC of what they hold; using one deletes those of the person.
CREATE TABLE account_contest (
    token      BYTEA PRIMARY KEY,
    person_id  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) CLUSTERED;
CREATE INDEX account_contest_person ON account_contest (person_id);
CREATE INDEX account_contest_expires ON account_contest (expires_at);
