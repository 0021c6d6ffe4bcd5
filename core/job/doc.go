// Package job does later, and again when it fails, what must not keep a
// request waiting: a [Queue] of jobs in the database, and workers on every
// node.
//
// A job is queued in the transaction that wants it done, so that it exists if
// and only if that transaction commits. One worker claims it, in one
// statement, for the time of a lease that it renews while it works; when its
// machine dies the lease ends and another worker claims the job. A job is
// thus done at least once: handlers must bear a second time. One that fails
// is tried again after a while that doubles, and is left dead in the table,
// with its last error, after [MaxTries].
//
// What is urgent ([Queue.Hurry]) is claimed before all the rest, and by a worker of its own. A
// job that takes long does a part, and goes on later ([Onward]).
//
// A daily job, and one that is repeated every so often, is one row: whatever the number of nodes, one worker does it.
//
// It owns the table job_job. What differs between the two engines is the
// claim: PostgreSQL skips the rows that another worker is claiming, SQLite
// has one writer.
package job
