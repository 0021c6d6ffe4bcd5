-- +goose Up

-- The thing is known without its room, by what is kept of a change and by what takes a thing
-- away: it comes first in the key. What is new is written at the end.
CREATE TABLE search_thing_first (
    thing BIGINT NOT NULL,
    room  TEXT NOT NULL,
    title TEXT NOT NULL, -- the words of its title
    rest  TEXT NOT NULL, -- the other ones
    PRIMARY KEY (thing, room)
) CLUSTERED;
INSERT INTO search_thing_first (thing, room, title, rest) SELECT thing, room, title, rest FROM search_thing ORDER BY thing, room;
DROP TABLE search_thing;
ALTER TABLE search_thing_first RENAME TO search_thing;
