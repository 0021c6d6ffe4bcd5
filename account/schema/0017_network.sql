-- +goose Up

-- The networks that schools say to be theirs: an IPv4 address, or the first 64 bits of an IPv6 one.
CREATE TABLE account_network (
    id        ROWID_KEY,
    school_id BIGINT NOT NULL,
    network   TEXT NOT NULL,
    kept_by   BIGINT NOT NULL,
    kept_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_network_school ON account_network (school_id, network);
CREATE INDEX account_network_network ON account_network (network);

-- The schools where the doors of classes open from these networks only.
CREATE TABLE account_network_only (
    school_id  ROWID_KEY,
    set_by     BIGINT NOT NULL,
    set_at     BIGINT NOT NULL,
    refused_at BIGINT -- when a door was first shown from elsewhere, since one last opened
);

-- It was opened on a device that several people use.
ALTER TABLE account_session ADD COLUMN shared BOOLEAN NOT NULL DEFAULT FALSE;
