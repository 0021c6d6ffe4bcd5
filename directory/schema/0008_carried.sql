-- +goose Up

-- A restriction that was carried over from another record is true until the head has confirmed it.
ALTER TABLE directory_restriction ADD COLUMN carried BOOLEAN NOT NULL DEFAULT FALSE;

-- The pupils born on one day: whom a judge's restriction, or a human, may know under another record.
CREATE INDEX directory_person_born ON directory_person (birth_date) WHERE birth_date <> '';
