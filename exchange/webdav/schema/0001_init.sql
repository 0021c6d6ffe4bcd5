-- +goose Up

-- What programs have locked while they write: by the place, as it is named to everybody, whether something is there or not.
CREATE TABLE webdav_lock (
    token      TEXT NOT NULL PRIMARY KEY,
    root       TEXT NOT NULL,
    slot       TEXT NOT NULL, -- empty: nobody else has a lock there; else the token
    deep       BOOLEAN NOT NULL, -- with all that is in the folder
    person_id  BIGINT NOT NULL,
    owner      TEXT NOT NULL, -- what the program says of whoever locks, in XML
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX webdav_lock_root ON webdav_lock (root, slot);
CREATE INDEX webdav_lock_person ON webdav_lock (person_id);
CREATE INDEX webdav_lock_old ON webdav_lock (expires_at);

-- What programs have noted of a file or a folder, which Préau does not read.
CREATE TABLE webdav_property (
    thing_id  BIGINT NOT NULL, -- the file or folder
    namespace TEXT NOT NULL,
    name      TEXT NOT NULL,
    lang      TEXT NOT NULL,
    value     TEXT NOT NULL, -- XML
    author_id BIGINT NOT NULL,
    set_at    BIGINT NOT NULL,
    PRIMARY KEY (thing_id, namespace, name)
) CLUSTERED;
CREATE INDEX webdav_property_author ON webdav_property (author_id);
CREATE INDEX webdav_property_old ON webdav_property (set_at);

-- What systems write beside the files of people, and nobody reads: each to who wrote it, for a day.
CREATE TABLE webdav_scrap (
    person_id BIGINT NOT NULL,
    place     TEXT NOT NULL, -- the path, in the drive of that person
    value     BYTEA NOT NULL,
    set_at    BIGINT NOT NULL,
    PRIMARY KEY (person_id, place)
) CLUSTERED;
CREATE INDEX webdav_scrap_old ON webdav_scrap (set_at);
