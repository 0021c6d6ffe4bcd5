-- +goose Up

-- What a merge carried from the record that goes, in JSON: its undoing gives it back.
ALTER TABLE account_merge ADD COLUMN carried TEXT NOT NULL DEFAULT '';

-- What somebody handed out in a post that has an end is looked for when it ends.
CREATE INDEX account_code_post ON account_code (made_by) WHERE post <> '';
CREATE INDEX account_class_door_post ON account_class_door (made_by) WHERE post <> '';
CREATE INDEX account_class_door_id ON account_class_door (id);
