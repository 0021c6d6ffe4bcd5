-- +goose Up

-- An académie has one open account: of several, the last to be opened stays.
UPDATE reception_account SET closed_at = opened_at WHERE closed_at IS NULL AND EXISTS (
    SELECT 1 FROM reception_account o WHERE o.academy = reception_account.academy AND o.closed_at IS NULL
    AND (o.opened_at > reception_account.opened_at OR o.opened_at = reception_account.opened_at AND o.id > reception_account.id));
CREATE UNIQUE INDEX reception_account_alone ON reception_account (academy) WHERE closed_at IS NULL;
