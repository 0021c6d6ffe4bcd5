// Package audit is the journal of acts: who did what, to whom, when. An
// entry is written in the transaction of the act, so that neither is there
// without the other.
//
// It owns the tables audit_*. Entries name people by opaque identifier and
// hold no name and no secret. Each night the entries of each day that ended
// are sealed in a segment: one fingerprint, chained to the day before, and
// authenticated by the master key, which the database does not hold. Entries
// are kept for a year (CNIL, deliberation 2021-122 on logs: six months to one
// year), the heads of segments for ever.
//
// [Log.Verify] finds, in the days that are sealed, an entry that was edited,
// removed or inserted, a day that was taken out, and a head that was not made
// with the key. What it cannot find by itself is a database put back whole to
// an earlier state: for that, [Log.SealDays] gives the new heads to its
// caller, who writes them where the database's administrator does not.
package audit
