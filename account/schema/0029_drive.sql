-- +goose Up

-- The passwords of devices that open the files of their people as a drive does: by the HMAC of each, under the master
-- key. Each speaks for one profile of its person.
CREATE TABLE account_drive (
    person_id BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    profile   TEXT NOT NULL,
    name      TEXT NOT NULL, -- of the device, as its person calls it
    secret    BYTEA NOT NULL,
    made_at   BIGINT NOT NULL,
    used_at   BIGINT, -- to a day
    used_from TEXT NOT NULL, -- the network of the last time
    PRIMARY KEY (person_id, id)
) CLUSTERED;
