-- +goose Up

-- When what somebody handed out was suspended: their account was shut within a week, so that a thief may have. It opens nothing until whoever
-- opens the account says that it was them.
ALTER TABLE account_code ADD COLUMN suspected_at BIGINT;
ALTER TABLE account_class_door ADD COLUMN suspected_at BIGINT;
ALTER TABLE account_home ADD COLUMN suspected_at BIGINT;

UPDATE account_code SET suspected_at = (SELECT a.frozen_at FROM account_account a WHERE a.person_id = account_code.made_by)
	WHERE EXISTS (SELECT 1 FROM account_account a WHERE a.person_id = account_code.made_by AND a.frozen_at < account_code.made_at + 604800000);
UPDATE account_class_door SET suspected_at = (SELECT a.frozen_at FROM account_account a WHERE a.person_id = account_class_door.made_by)
	WHERE EXISTS (SELECT 1 FROM account_account a WHERE a.person_id = account_class_door.made_by AND a.frozen_at < account_class_door.made_at + 604800000);
UPDATE account_home SET suspected_at = (SELECT a.frozen_at FROM account_account a WHERE a.person_id = account_home.allowed_by)
	WHERE EXISTS (SELECT 1 FROM account_account a WHERE a.person_id = account_home.allowed_by AND a.frozen_at < account_home.allowed_at + 604800000);

-- What somebody handed out is looked for by who they are, whatever their post.
DROP INDEX account_code_post;
DROP INDEX account_class_door_post;
CREATE INDEX account_code_maker ON account_code (made_by);
CREATE INDEX account_class_door_maker ON account_class_door (made_by);
CREATE INDEX account_home_by ON account_home (allowed_by);

-- A class has a poster of its own, and beside it one of each post that has an end: that of an acting head, and of who replaces.
DROP INDEX account_class_door_poster;
CREATE UNIQUE INDEX account_class_door_poster ON account_class_door (class_id, post) WHERE NOT tablet AND child_id IS NULL;
