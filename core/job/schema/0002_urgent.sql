-- +goose Up

-- What is urgent is claimed before all that was due before it.
ALTER TABLE job_job ADD COLUMN urgent BOOLEAN NOT NULL DEFAULT FALSE;
DROP INDEX job_job_due;
CREATE INDEX job_job_due ON job_job (urgent, due_at, id) WHERE dead_at IS NULL;
