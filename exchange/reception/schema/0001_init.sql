-- +goose Up

-- Who delivers: an académie, with a folder of its own.
CREATE TABLE reception_account (
    id           ROWID_KEY,
    name         TEXT NOT NULL UNIQUE, -- of the folder, and of the SFTP user
    academy      TEXT NOT NULL,
    daily        BOOLEAN NOT NULL, -- a delta each working day
    checksum     BOOLEAN NOT NULL, -- demanded
    silence_days BIGINT NOT NULL,
    opened_at    BIGINT NOT NULL,
    closed_at    BIGINT,
    heard_at     BIGINT,        -- what was applied or held came last
    silence_day  TEXT NOT NULL  -- when its silence was last told, 2026-09-01; empty: never
);

-- The schools and offices that the project opened to an account; none: all.
CREATE TABLE reception_school (
    account_id BIGINT NOT NULL,
    uai        TEXT NOT NULL,
    PRIMARY KEY (account_id, uai)
) CLUSTERED;

-- What came.
CREATE TABLE reception_arrival (
    id           ROWID_KEY,
    account_id   BIGINT NOT NULL, -- 0: the folder of the operators
    name         TEXT NOT NULL,   -- of the file or the folder
    digest       TEXT NOT NULL,   -- SHA-256 of the file; empty for a folder
    size         BIGINT NOT NULL,
    delivery     TEXT NOT NULL,   -- its name, once it was opened
    mode         TEXT NOT NULL,
    day          TEXT NOT NULL,
    state        TEXT NOT NULL,   -- received, held, applied, quarantined, superseded, expired
    reason       TEXT NOT NULL,
    detail       TEXT NOT NULL,   -- for the operator
    tries        BIGINT NOT NULL,
    try_at       BIGINT,          -- not before
    feed_id      BIGINT NOT NULL, -- in the journal of the feed; 0: not there
    arrived_at   BIGINT NOT NULL,
    decided_at   BIGINT,
    released_at  BIGINT,
    released_by  BIGINT NOT NULL,
    told         TEXT NOT NULL,   -- the state and reason of the last acknowledgement
    destroyed_at BIGINT           -- its files
);
CREATE INDEX reception_arrival_state ON reception_arrival (state);
CREATE INDEX reception_arrival_arrived ON reception_arrival (arrived_at);

-- Structures of a delivery that the account may not speak of.
CREATE TABLE reception_refused (
    arrival_id BIGINT NOT NULL,
    uai        TEXT NOT NULL,
    pupils     BIGINT NOT NULL,
    staff      BIGINT NOT NULL,
    PRIMARY KEY (arrival_id, uai)
) CLUSTERED;
