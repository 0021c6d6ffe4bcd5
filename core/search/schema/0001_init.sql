-- +goose Up

-- What one may look for in a thing of a room: its words, folded, each once, between spaces.
CREATE TABLE search_thing (
    room  TEXT NOT NULL,
    thing BIGINT NOT NULL,
    title TEXT NOT NULL, -- the words of its title
    rest  TEXT NOT NULL, -- the other ones
    PRIMARY KEY (room, thing)
) CLUSTERED;
