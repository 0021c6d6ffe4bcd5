package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"preau/core/audience"
	"preau/core/config"
	"preau/core/db"
	"preau/core/job"
	"preau/core/school"
)

// KindSweep is the job that is done every minute.
const KindSweep job.Kind = "notify.sweep"

// SweepEvery is how long after a sweep the next one is.
const SweepEvery = time.Minute

const (
	// sweepLasts is how long a sweep works at most: what is left is the next one's.
	sweepLasts = 40 * time.Second
	// sweptAtOnce is how many addresses of the rooms are read together, and writtenAtOnce
	// how many people are.
	sweptAtOnce   = 100
	writtenAtOnce = 200

	swept = "notify swept" // the setting that says until when the rooms were looked at
)

// Sweep is the handler of [KindSweep]: it finds what was published since the last one and
// whom it may concern at once, then tells those whose time has come. After a stop it goes on
// from where the last one was.
func (s *Service) Sweep(all context.Context, _ job.Job) error {
	ctx, stop := context.WithTimeout(all, sweepLasts)
	defer stop()
	err := errors.Join(s.lookAtRooms(ctx), s.earlyEvenings(ctx), s.tellDue(ctx))
	if ctx.Err() != nil && all.Err() == nil {
		s.Log.Warn("a sweep of notifications is not over: the next one goes on")
		return nil
	}
	return err
}

// lookAtRooms has whoever asked to be told at once be told of what was published since the
// last time. What is noted twice is told once: what a person was told is theirs.
func (s *Service) lookAtRooms(ctx context.Context) error {
	for ctx.Err() == nil {
		var from, until time.Time
		var fresh []audience.Audience
		err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			from, until, fresh, err = s.published(tx)
			return err
		})
		if err != nil || from.Equal(until) {
			return err
		}
		for _, a := range fresh {
			if err := s.wake(ctx, a); err != nil {
				return err
			}
		}
		if err := s.DB.Write(ctx, func(tx *db.Tx) error { return config.Remember(tx, swept, strconv.FormatInt(until.UnixMilli(), 10)) }); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// published lists the audiences to which something was published from an instant until
// another: from where the last sweep was.
func (s *Service) published(tx *db.Tx) (from, until time.Time, to []audience.Audience, err error) {
	until = tx.Now.Add(-settles).Truncate(time.Millisecond)
	last, err := config.Recall(tx, swept)
	if err != nil {
		return from, until, nil, err
	}
	if last == "" { // the first time: what was there before is for the evening
		return time.Time{}, until, nil, nil
	}
	ms, err := strconv.ParseInt(last, 10, 64)
	if err != nil {
		return from, until, nil, fmt.Errorf("notify: reading the last sweep: %w", err)
	}
	if from = time.UnixMilli(ms); !from.Before(until) {
		return from, from, nil, nil
	}
	// A few at a time: until the instant of the last of them.
	end, err := db.All(tx, db.Column[db.Time], `SELECT published_at FROM audience_address WHERE published_at > $1 AND published_at <= $2
		ORDER BY published_at LIMIT 1 OFFSET $3`, db.At(from), db.At(until), sweptAtOnce)
	if err != nil {
		return from, until, nil, err
	}
	if len(end) > 0 {
		until = end[0].Time
	}
	ids, err := db.All(tx, db.Column[audience.ID], `SELECT DISTINCT audience FROM audience_address WHERE published_at > $1 AND published_at <= $2
		ORDER BY audience`, db.At(from), db.At(until))
	if err != nil {
		return from, until, nil, err
	}
	for _, id := range ids {
		a, err := audience.Parse(id)
		if err != nil { // a younger node knows it, which tells whom it is for
			s.Log.Error("an audience that this node does not know", "audience", id, "err", err)
			continue
		}
		if a.Side != audience.Pupils {
			to = append(to, a)
		}
	}
	return from, until, to, nil
}

// wake notes that those of an audience who asked for it are to be told something.
func (s *Service) wake(ctx context.Context, a audience.Audience) error {
	var people []school.ID
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		reached, err := s.Audiences.Reach(tx, a)
		for _, one := range reached {
			people = append(people, one.Person)
		}
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(people)
	for some := range slices.Chunk(slices.Compact(people), writtenAtOnce) {
		if err := s.DB.Write(ctx, func(tx *db.Tx) error { return wakeSome(tx, some, tx.Now) }); err != nil {
			return err
		}
	}
	return nil
}

// Remind has some people told again of what a room reminds them of and is expected of them still
// ([audience.Address.Reminded]), by the rhythm that they chose: at once who asked for that, the
// others with what leaves next. Who has answered by then is told nothing.
func (s *Service) Remind(tx *db.Tx, people ...school.ID) error {
	return wakeSome(tx, people, tx.Now.Add(settles))
}

// wakeSome notes of some people that they are to be told something, from an instant on. When it
// is their quiet hours, that is seen when they are to be told.
func wakeSome(tx *db.Tx, people []school.ID, at time.Time) error {
	for _, each := range []struct {
		channel Channel
		wish    string
	}{
		{Mail, `SELECT DISTINCT person_id FROM notify_preference WHERE channel = 'mail' AND rhythm = 'now' AND person_id ` + tx.Among(1)},
		{Push, `SELECT DISTINCT person_id FROM notify_subscription WHERE person_id ` + tx.Among(1)},
	} {
		awake, err := db.All(tx, db.Column[school.ID], each.wish, db.List(tx, people))
		if err != nil {
			return err
		}
		for _, person := range awake {
			if err := due(tx, person, each.channel, at, Now.reach(), ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// due notes that somebody is to be told by a channel from an instant on. What was noted
// already goes with it: the earlier instant, the farther reach.
func due(tx *db.Tx, person school.ID, channel Channel, at time.Time, to reach, day string) error {
	_, err := tx.Exec(`INSERT INTO notify_due (person_id, channel, due_at, reach, day) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person_id, channel) DO UPDATE SET
			due_at = CASE WHEN excluded.due_at < notify_due.due_at THEN excluded.due_at ELSE notify_due.due_at END,
			reach = CASE WHEN excluded.reach > notify_due.reach THEN excluded.reach ELSE notify_due.reach END,
			day = CASE WHEN excluded.day <> '' THEN excluded.day ELSE notify_due.day END`, person, channel, db.At(at), to, day)
	return err
}

// waits is a row of notify_due.
type waits struct {
	person  school.ID
	channel Channel
	reach   reach
	day     string
}

// tellDue tells those whose time has come, one at a time.
func (s *Service) tellDue(ctx context.Context) error {
	for ctx.Err() == nil {
		var list []waits
		err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			list, err = db.All(tx, func(row db.Row) (w waits, err error) { return w, row.Scan(&w.person, &w.channel, &w.reach, &w.day) },
				`SELECT person_id, channel, reach, day FROM notify_due WHERE due_at <= $1 ORDER BY due_at, person_id LIMIT $2`, db.At(tx.Now), writtenAtOnce)
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, w := range list {
			err := s.tell(ctx, w)
			if err == nil {
				continue
			}
			if ctx.Err() != nil {
				return err
			}
			// The others are told; this one later.
			s.Log.Error("nobody could tell a person what waits for them", "person", w.person, "err", err)
			if err := s.DB.Write(ctx, func(tx *db.Tx) error { return putOff(tx, w) }); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// putOff has somebody be told later, by a channel that failed.
func putOff(tx *db.Tx, w waits) error {
	_, err := tx.Exec(`UPDATE notify_due SET due_at = $3 WHERE person_id = $1 AND channel = $2`, w.person, w.channel, db.At(tx.Now.Add(triesAgain)))
	return err
}

// triesAgain is how long after it failed one is tried again.
const triesAgain = 15 * time.Minute

// tell tells somebody what waits for them. What the rooms say is read first: nobody waits to
// write meanwhile.
func (s *Service) tell(ctx context.Context, w waits) error {
	var r reader
	var ok bool
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if r, ok, err = s.readerOf(tx, w.person); err != nil || !ok || r.choice.Quiet.at(tx.Now) {
			return err
		}
		_, err = s.hasFor(tx, r, w)
		return err
	})
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if !ok {
			_, err := tx.Exec(`DELETE FROM notify_due WHERE person_id = $1 AND channel = $2`, w.person, w.channel)
			return err
		}
		return s.tellReader(tx, r, w)
	})
}

// tellReader tells a reader what waits for them, or puts it off to the end of their quiet hours.
func (s *Service) tellReader(tx *db.Tx, r reader, w waits) error {
	n, err := tx.Exec(`DELETE FROM notify_due WHERE person_id = $1 AND channel = $2`, w.person, w.channel)
	if err != nil || n == 0 { // another has told them
		return err
	}
	if end := r.choice.Quiet.end(tx.Now); end.After(tx.Now) {
		return due(tx, w.person, w.channel, end, w.reach, w.day)
	}
	if w.channel == Push {
		return s.pushTo(tx, r, remindsOf(r, w.day))
	}
	return s.mailTo(tx, r, w.reach, remindsOf(r, w.day))
}
