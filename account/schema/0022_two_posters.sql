-- +goose Up

-- A class has a poster of its own, and beside it that of who has it until a day.
DROP INDEX account_class_door_poster;
CREATE UNIQUE INDEX account_class_door_poster ON account_class_door (class_id, (post = '')) WHERE NOT tablet AND child_id IS NULL;
