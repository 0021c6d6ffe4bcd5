package portal_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
)

// Ten wrong tries for a child make that child wait, and nobody else; the
// teacher lets them try again.
func TestGuessingPictures(t *testing.T) {
	eachClass(t, func(c *classroom) {
		t, zoe, other := c.T, c.pupils[0].ID, c.pupils[1].ID
		in := keeping(c.tablet().Token)
		for n := 1; n < 10; n++ {
			refused(t, "wrong", c.show(zoe, wrong, in), http.StatusUnprocessableEntity)
		}
		for range 3 {
			got := c.show(zoe, wrong, in)
			refused(t, "too many", got, http.StatusTooManyRequests)
			got.Wants(http.StatusTooManyRequests, "Va voir ta maîtresse")
		}
		refused(t, "the right ones, too late", c.show(zoe, right, in), http.StatusTooManyRequests)
		refused(t, "by another tablet", c.show(zoe, right, keeping(c.tablet().Token)), http.StatusTooManyRequests)
		entered(t, "another child", c.show(other, right, in))
		c.Write(func(tx *db.Tx) error {
			waiting, err := c.Accounts.Waiting(tx, c.class, zoe, other)
			if err == nil && (len(waiting) != 1 || !waiting[zoe]) {
				t.Errorf("waiting are %v", waiting)
			}
			return err
		})
		c.Write(func(tx *db.Tx) error {
			return c.Accounts.Unblock(tx, c.class, zoe, 0, audit.By{Actor: c.head, Request: "test"})
		})
		entered(t, "after the teacher let them", c.show(zoe, right, in))
		for n := 1; n < 10; n++ {
			refused(t, "all tries are back", c.show(zoe, wrong, in), http.StatusUnprocessableEntity)
		}
		refused(t, "the tenth", c.show(zoe, wrong, in), http.StatusTooManyRequests)
		c.Later(15 * time.Minute)
		entered(t, "after the wait", c.show(zoe, right, in))
	})
}

// Whoever tries one child after the other is stopped at the door, and at no
// other one.
func TestGuessingForEverybody(t *testing.T) {
	c := openClass(fed.SQLite(t), school.CP)
	in := keeping(c.tablet().Token)
	stopped := 0
	for n := 1; stopped == 0 && n < 200; n++ {
		if got := c.show(c.pupils[n%len(c.pupils)].ID, wrong, in); got.StatusCode == http.StatusTooManyRequests {
			stopped = n
		}
	}
	if stopped != 120 {
		t.Errorf("stopped at the try %d", stopped)
	}
	refused(t, "the right ones at the same door", c.show(c.pupils[0].ID, right, in), http.StatusTooManyRequests)
	entered(t, "at another door", c.show(c.pupils[0].ID, right, keeping(c.tablet().Token)))
}

// patiently shows pictures until the machine has time to look at them: a try
// that it had none for is not counted.
func (c *classroom) patiently(child school.ID, p account.Pictures, in set) reply {
	for {
		if got := c.show(child, p, in); got.StatusCode != http.StatusServiceUnavailable {
			return got
		}
	}
}

// Twenty-eight children who arrive at once, each wrong twice, all come in.
func TestAClassArrivesAtOnce(t *testing.T) {
	eachClass(t, func(c *classroom) {
		const arrive = 28
		c.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_membership SET class_id = $1 WHERE role = 'pupil' AND class_id IN (
				SELECT id FROM directory_class WHERE kind = 'class' AND id <> $1) AND person_id IN (
				SELECT person_id FROM directory_membership WHERE role = 'pupil' AND class_id <> $1 AND until_at IS NULL
				ORDER BY person_id LIMIT $2)`, c.class, max(0, arrive-len(c.pupils)))
			return err
		})
		secrets := map[school.ID]account.Pictures{}
		for _, pupil := range c.Pupils(c.class) {
			secrets[pupil.ID] = right
		}
		if len(secrets) < arrive {
			c.T.Fatalf("the class has %d pupils", len(secrets))
		}
		c.give(c.class, secrets)
		in := keeping(c.tablet().Token)
		var together sync.WaitGroup
		for child := range secrets {
			together.Go(func() {
				for _, p := range []account.Pictures{wrong, wrong} {
					if got := c.patiently(child, p, in); got.StatusCode != http.StatusUnprocessableEntity {
						c.T.Errorf("a mistake is a %d", got.StatusCode)
					}
				}
				entered(c.T, "then right", c.patiently(child, right, in))
			})
		}
		together.Wait()
	})
}
