-- +goose Up

-- A way into a class for one child: their badge, one at most. It is made from the code that the badge shows.
ALTER TABLE account_class_door ADD COLUMN child_id BIGINT;
CREATE UNIQUE INDEX account_class_door_child ON account_class_door (child_id);
DROP INDEX account_class_door_poster;
CREATE UNIQUE INDEX account_class_door_poster ON account_class_door (class_id) WHERE NOT tablet AND child_id IS NULL;

-- The children who may come in from home with their badge, as one of their guardians allows.
CREATE TABLE account_home (
    person_id  ROWID_KEY,
    allowed_by BIGINT NOT NULL,
    allowed_at BIGINT NOT NULL
);
