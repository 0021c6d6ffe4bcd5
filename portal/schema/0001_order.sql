-- +goose Up

-- In which order somebody has the tiles of a hat of theirs.
CREATE TABLE portal_order (
    person_id BIGINT NOT NULL,
    profile   TEXT NOT NULL,
    services  TEXT NOT NULL, -- their names, with spaces between them
    PRIMARY KEY (person_id, profile)
) CLUSTERED;
