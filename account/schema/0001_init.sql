-- +goose Up

-- One account a person. A login is its stem and its number: ("zoe.martin", 2) is zoe.martin2,
-- ("zoe.martin", 1) is zoe.martin. The next number of a stem is one look into the index.
CREATE TABLE account_account (
    person_id    ROWID_KEY,
    stem         TEXT NOT NULL,
    number       BIGINT NOT NULL,
    password     TEXT NOT NULL DEFAULT '', -- argon2id in the PHC string format, or empty: not activated
    created_at   BIGINT NOT NULL,
    activated_at BIGINT,
    password_at  BIGINT,
    disabled_at  BIGINT
);
CREATE UNIQUE INDEX account_account_login ON account_account (stem, number);

-- The last number that an erased person had, by the HMAC of the stem: a login is never given twice.
CREATE TABLE account_retired (
    stem BYTEA PRIMARY KEY,
    last BIGINT NOT NULL
) CLUSTERED;

-- The activation code that a person was handed, by its HMAC; using it deletes it.
CREATE TABLE account_code (
    person_id  ROWID_KEY,
    code       BYTEA NOT NULL,
    hats       TEXT NOT NULL, -- what the person was then: it opens nothing else
    made_by    BIGINT NOT NULL,
    made_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Open sessions, by the SHA-256 of their token; closing one deletes it.
CREATE TABLE account_session (
    token      BYTEA PRIMARY KEY,
    id         BIGINT NOT NULL,
    person_id  BIGINT NOT NULL,
    profile    TEXT NOT NULL, -- the hat worn, or empty
    ip         TEXT NOT NULL,
    agent      TEXT NOT NULL,
    created_at BIGINT NOT NULL, -- the sign-in
    seen_at    BIGINT NOT NULL, -- to a few minutes
    expires_at BIGINT NOT NULL
) CLUSTERED;
CREATE INDEX account_session_person ON account_session (person_id);

-- Wrong passwords and codes, by the HMAC of the login or of the address: until free_at something of them still counts.
CREATE TABLE account_attempt (
    key     BYTEA PRIMARY KEY,
    free_at BIGINT NOT NULL
) CLUSTERED;
