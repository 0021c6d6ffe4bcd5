-- +goose Up

-- The heads of the schools of an area, among some ten times as many functions.
CREATE INDEX directory_function_profile ON directory_function (profile, structure_id);
