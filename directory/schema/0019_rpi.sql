-- +goose Up

-- Schools that were asked to be of an RPI made by hand, and have not answered yet.
CREATE TABLE directory_rpi_ask (
    rpi_id    BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    asked_by  BIGINT NOT NULL,
    asked_at  BIGINT NOT NULL,
    PRIMARY KEY (rpi_id, school_id)
) CLUSTERED;
CREATE INDEX directory_rpi_ask_school ON directory_rpi_ask (school_id);
CREATE INDEX directory_rpi_ask_by ON directory_rpi_ask (asked_by);
