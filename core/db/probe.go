package db

// Probe is the condition that a query about the row before it finds something: it is asked of
// each row, by an index. Of a bare EXISTS PostgreSQL may make a join, or read once all that
// any row could find, which is a whole table where a page has a few rows.
func Probe(query string) string { return `EXISTS (` + query + ` LIMIT 1 OFFSET 0)` }
