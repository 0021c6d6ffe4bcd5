-- +goose Up

-- A file that comes in parts, from somebody who may be cut and go on: where it goes and what came of it.
CREATE TABLE file_upload (
    id         ROWID_KEY,
    person_id  BIGINT NOT NULL,
    space_id   BIGINT NOT NULL,
    parent_id  BIGINT NOT NULL,  -- the folder; 0: at the top of the space
    folders    TEXT NOT NULL,    -- in which folders of it, "Sortie/Photos"; empty: in itself
    name       TEXT NOT NULL,
    stamp      TEXT NOT NULL,    -- by which the sender's device knows the file again
    size       BIGINT NOT NULL,  -- of the whole, in bytes
    kept       BIGINT NOT NULL,  -- how many came
    original   BOOLEAN NOT NULL, -- a picture is kept as it came
    made_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    done_at    BIGINT            -- when the file was written; empty: it comes still
);
CREATE INDEX file_upload_person ON file_upload (person_id, space_id);
CREATE INDEX file_upload_space ON file_upload (space_id);
CREATE INDEX file_upload_expires ON file_upload (expires_at);

-- What came of it: blobs, one after the other.
CREATE TABLE file_part (
    upload_id BIGINT NOT NULL,
    first  BIGINT NOT NULL, -- how many bytes of the whole come before
    sum       BYTEA NOT NULL,
    size      BIGINT NOT NULL,
    PRIMARY KEY (upload_id, first)
) CLUSTERED;
CREATE INDEX file_part_sum ON file_part (sum);

-- How many bytes somebody sent in a day, whatever became of them.
CREATE TABLE file_received (
    person_id BIGINT NOT NULL,
    day_at    BIGINT NOT NULL,
    bytes     BIGINT NOT NULL,
    PRIMARY KEY (person_id, day_at)
) CLUSTERED;
CREATE INDEX file_received_day ON file_received (day_at);
