-- +goose Up

-- What a family answered on paper, as somebody of the school entered it: for a child or, where each guardian answers, for
-- one of them. What is answered on screen stays beside it; the latest is shown.
CREATE TABLE liaison_paper (
    word_id    BIGINT NOT NULL,
    child_id   BIGINT NOT NULL,
    person_id  BIGINT NOT NULL, -- 0: one answer is enough for the child
    answer     TEXT NOT NULL,   -- as in liaison_answer, or "read"
    entered_by BIGINT NOT NULL, -- 0: somebody who was erased
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (word_id, child_id, person_id)
) CLUSTERED;
CREATE INDEX liaison_paper_child ON liaison_paper (child_id);
CREATE INDEX liaison_paper_person ON liaison_paper (person_id);
CREATE INDEX liaison_paper_entered ON liaison_paper (entered_by);
