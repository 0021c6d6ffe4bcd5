-- +goose Up

-- Who has an address, when somebody who forgot a login types it.
CREATE INDEX directory_person_mail ON directory_person (lower(mail)) WHERE mail <> '';
