-- +goose Up

-- What a word said until it was changed is kept once, in past_change, as what every thing was.
DROP TABLE liaison_version;
