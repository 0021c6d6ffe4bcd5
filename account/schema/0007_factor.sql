-- +goose Up

-- What people prove who they are with, beside their password: passkeys, and the app that shows codes (one a
-- person). A public key is public; the secret of an app is sealed under the master key, bound to its person.
CREATE TABLE account_factor (
    id         ROWID_KEY,
    person_id  BIGINT NOT NULL,
    kind       TEXT NOT NULL, -- passkey, app
    name       TEXT NOT NULL, -- that the person gave it
    made_at    BIGINT NOT NULL,
    used_at    BIGINT, -- at the last proof
    -- of an app
    secret     BYTEA,
    last_step  BIGINT NOT NULL DEFAULT 0, -- the time step of the last code: no code is taken twice
    -- of a passkey
    credential BYTEA,
    handle     BYTEA, -- what the authenticator knows the person by
    public_key BYTEA,
    signs      BIGINT NOT NULL DEFAULT 0, -- the authenticator's own count
    synced     BOOLEAN NOT NULL DEFAULT FALSE, -- it may be on several devices
    transports TEXT NOT NULL DEFAULT ''
);
CREATE INDEX account_factor_person ON account_factor (person_id);
CREATE UNIQUE INDEX account_factor_app ON account_factor (person_id) WHERE kind = 'app';
CREATE UNIQUE INDEX account_factor_credential ON account_factor (credential) WHERE credential IS NOT NULL;

-- The recovery codes that are left, by their HMAC bound to the person; using one deletes it.
CREATE TABLE account_recovery (
    person_id BIGINT NOT NULL,
    code      BYTEA NOT NULL,
    made_at   BIGINT NOT NULL,
    PRIMARY KEY (person_id, code)
) CLUSTERED;

-- A session is half open until the second step; proved_at is the last proof of who it is; the challenge is
-- what a passkey is asked to sign, once.
ALTER TABLE account_session ADD COLUMN half BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE account_session ADD COLUMN proved_at BIGINT;
ALTER TABLE account_session ADD COLUMN challenge TEXT NOT NULL DEFAULT '';
ALTER TABLE account_session ADD COLUMN challenge_at BIGINT;

-- Those who have to give a second factor from now on sign in again, and do.
DELETE FROM account_session WHERE profile IN ('National_DIR', 'National_COL', 'National_ACA', 'Preau_TEC', 'Preau_EXP');
