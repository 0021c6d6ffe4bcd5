-- +goose Up

-- What two touches of one button told twice is of a sending of its own.
UPDATE alert_alert SET together_id = id WHERE EXISTS (
    SELECT 1 FROM alert_alert o WHERE o.together_id = alert_alert.together_id AND o.school_id = alert_alert.school_id AND o.id < alert_alert.id
);
DROP INDEX alert_alert_together;
-- A sending tells a school once.
CREATE UNIQUE INDEX alert_alert_together ON alert_alert (together_id, school_id);
