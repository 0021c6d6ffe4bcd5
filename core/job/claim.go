package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// lane is the jobs of which one is claimed: those that are urgent, or the others.
type lane bool

const (
	urgent   lane = true
	ordinary lane = false
)

// claim takes the job that has been due the longest of the first lane that has one, for
// the time of a lease. ok is false when there is none.
func (q *Queue) claim(ctx context.Context, lanes ...lane) (j Job, ok bool, err error) {
	query, kinds := q.claims()
	err = q.db.Write(ctx, func(tx *db.Tx) error {
		for _, of := range lanes {
			args := append([]any{db.At(tx.Now), db.At(tx.Now.Add(q.Lease)), school.NewID(tx.Now), bool(of)}, kinds...)
			j, err = db.One(tx, scanJob, query, args...)
			if !fail.Is(err, fail.NotFound) {
				return err
			}
		}
		return err
	})
	if fail.Is(err, fail.NotFound) {
		return Job{}, false, nil
	}
	return j, err == nil, err
}

// claims is the statement that claims a job: of an instant, the end of the lease, a claim, a
// lane, and the kinds that have a handler here. It reads the first entries of an index.
func (q *Queue) claims() (query string, kinds []any) {
	places := make([]string, 0, len(q.handlers))
	for kind := range q.handlers {
		kinds = append(kinds, string(kind))
		places = append(places, fmt.Sprintf("$%d", 4+len(kinds)))
	}
	skip := ""
	if q.db.Dialect() == db.Postgres {
		skip = "FOR UPDATE SKIP LOCKED"
	}
	return fmt.Sprintf(`UPDATE job_job SET due_at = $2, claim = $3, tries = tries + 1
		WHERE id = (SELECT id FROM job_job WHERE dead_at IS NULL AND urgent = $4 AND due_at <= $1 AND kind IN (%s)
			ORDER BY due_at, id LIMIT 1 %s)
		RETURNING id, kind, payload, tries, claim, unique_key`, strings.Join(places, ", "), skip), kinds
}

func scanJob(row db.Row) (j Job, err error) {
	var payload string
	var key *string
	err = row.Scan(&j.ID, &j.Kind, &payload, &j.Try, &j.claim, &key)
	j.Payload = []byte(payload)
	if key != nil {
		j.key = *key
	}
	return j, err
}

// errLost says that the lease of a job ended, so that another worker may
// have claimed it.
var errLost = errors.New("job: the lease is lost")

// held turns the count of rows that a statement on a claimed job touched
// into an error when the job is not ours any more.
func held(rows int64, err error) error {
	if err == nil && rows == 0 {
		return errLost
	}
	return err
}

// renew makes the lease last from now on.
func (q *Queue) renew(tx *db.Tx, j Job) error {
	return held(tx.Exec(`UPDATE job_job SET due_at = $3 WHERE id = $1 AND claim = $2`,
		j.ID, j.claim, db.At(tx.Now.Add(q.Lease))))
}

// release gives an interrupted job back, as if it had not been claimed.
func (q *Queue) release(tx *db.Tx, j Job) error {
	return held(tx.Exec(`UPDATE job_job SET due_at = $3, claim = NULL, tries = tries - 1 WHERE id = $1 AND claim = $2`,
		j.ID, j.claim, db.At(tx.Now)))
}

// finish removes a job that is done, or puts a daily one off to its next day.
func (q *Queue) finish(tx *db.Tx, j Job) error {
	if at, ok := q.next(j, tx.Now); ok {
		return held(tx.Exec(`UPDATE job_job SET due_at = $3, claim = NULL, tries = 0, error = '', payload = 'null' WHERE id = $1 AND claim = $2`,
			j.ID, j.claim, db.At(at)))
	}
	return held(tx.Exec(`DELETE FROM job_job WHERE id = $1 AND claim = $2`, j.ID, j.claim))
}

// goOn keeps a job of which a part is done for the rest.
func (q *Queue) goOn(tx *db.Tx, j Job, part *onward) error {
	text, err := json.Marshal(part.payload)
	if err != nil {
		return fmt.Errorf("going on with %s: %w", j.Kind, err)
	}
	return held(tx.Exec(`UPDATE job_job SET due_at = $3, claim = NULL, tries = 0, error = '', payload = $4 WHERE id = $1 AND claim = $2`,
		j.ID, j.claim, db.At(tx.Now.Add(part.wait)), string(text)))
}

// postpone keeps a job that failed for another try, when its handler says so
// if it does; after the last one it is left dead, except a daily one, which has
// its next day.
func (q *Queue) postpone(tx *db.Tx, j Job, cause error) error {
	text := cut(cause.Error())
	var again *later
	if errors.As(cause, &again) {
		return held(tx.Exec(`UPDATE job_job SET due_at = $3, claim = NULL, tries = tries - 1, error = $4 WHERE id = $1 AND claim = $2`,
			j.ID, j.claim, db.At(tx.Now.Add(again.wait)), text))
	}
	var hopeless *dead
	if j.Try < MaxTries && !errors.As(cause, &hopeless) {
		return held(tx.Exec(`UPDATE job_job SET due_at = $3, claim = NULL, error = $4 WHERE id = $1 AND claim = $2`,
			j.ID, j.claim, db.At(tx.Now.Add(backoff(j.Try))), text))
	}
	if at, ok := q.next(j, tx.Now); ok {
		return held(tx.Exec(`UPDATE job_job SET due_at = $3, claim = NULL, tries = 0, error = $4, payload = 'null' WHERE id = $1 AND claim = $2`,
			j.ID, j.claim, db.At(at), text))
	}
	return held(tx.Exec(`UPDATE job_job SET dead_at = $3, claim = NULL, unique_key = NULL, error = $4 WHERE id = $1 AND claim = $2`,
		j.ID, j.claim, db.At(tx.Now), text))
}

// The first and the longest wait before another try.
const (
	firstWait   = 10 * time.Second
	longestWait = time.Hour
)

// backoff is how long to wait after a try: it doubles, and is drawn between
// half and whole, so that jobs that failed together do not come back
// together.
func backoff(try int) time.Duration {
	wait := longestWait
	if try < 10 {
		wait = min(wait, firstWait<<(try-1))
	}
	return wait/2 + rand.N(wait/2+1)
}

// cut makes an error fit its column: PostgreSQL refuses zero bytes and
// broken UTF-8.
func cut(text string) string {
	text = strings.ReplaceAll(text, "\x00", "")
	return strings.ToValidUTF8(text[:min(len(text), 500)], "")
}
