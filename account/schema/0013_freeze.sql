-- +goose Up

-- An account is shut by a word of its person or by the breaker: since when, why, and from which network. The school
-- that verified that it was the person keeps the breaker quiet for a day.
ALTER TABLE account_account RENAME COLUMN contested_at TO frozen_at;
ALTER TABLE account_account ADD COLUMN frozen_why TEXT NOT NULL DEFAULT ''; -- contested, sprayed, unusual, mass
ALTER TABLE account_account ADD COLUMN frozen_from TEXT NOT NULL DEFAULT '';
ALTER TABLE account_account ADD COLUMN verified_at BIGINT;
UPDATE account_account SET frozen_why = 'contested' WHERE frozen_at IS NOT NULL;
CREATE INDEX account_account_frozen ON account_account (frozen_at) WHERE frozen_at IS NOT NULL;

-- A sign-in on a device and from a network that were both new to somebody known elsewhere: the HMAC of the part of the
-- internet that it came from.
ALTER TABLE account_device ADD COLUMN far BYTEA;
ALTER TABLE account_device ADD COLUMN far_at BIGINT;

-- Whose password was tried from an address where they were never in, and who came in, for an hour: both by their HMAC. All
-- the logins that nobody has are one row.
CREATE TABLE account_knock (
    place    BYTEA NOT NULL,
    whose    BYTEA NOT NULL,
    in_since BOOLEAN NOT NULL,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (place, whose)
) CLUSTERED;
CREATE INDEX account_knock_until ON account_knock (until_at);
