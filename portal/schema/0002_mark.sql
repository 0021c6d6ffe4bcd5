-- +goose Up

-- The forms of somebody that were taken, by the mark that their device gave each: one that is sent again is taken once.
CREATE TABLE portal_mark (
    person_id BIGINT NOT NULL,
    mark      TEXT NOT NULL,
    taken_at  BIGINT NOT NULL,
    PRIMARY KEY (person_id, mark)
) CLUSTERED;
