-- +goose Up

-- What is stopped is a switch of accounts, as for every service.
INSERT INTO account_switch (school_id, profile, service, chosen, set_by, set_at, reason)
    SELECT school_id, CASE what WHEN 'pupils' THEN 'National_ELV' ELSE '' END, 'message', FALSE, set_by, set_at, reason FROM message_stop;
DROP TABLE message_stop;
