-- +goose Up
CREATE TABLE pet_person (id BIGINT PRIMARY KEY, name TEXT NOT NULL, school_id BIGINT NOT NULL, kind BOOLEAN NOT NULL DEFAULT TRUE);
CREATE TABLE pet_bond (
    pupil_id    BIGINT NOT NULL REFERENCES pet_person (id),
    guardian_id BIGINT NOT NULL REFERENCES pet_person (id),
    seal        BYTEA,
    seen_at     BIGINT NOT NULL,
    PRIMARY KEY (pupil_id, guardian_id)
);
