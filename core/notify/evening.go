package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"preau/core/db"
	"preau/core/job"
	"preau/core/school"
)

// The jobs of the evening: KindEvening begins it, at [EveningAt], and KindDigest writes to
// some people, then queues itself for the next ones.
const (
	KindEvening job.Kind = "notify.evening"
	KindDigest  job.Kind = "notify.digest"
)

// readAtOnce is to how many people one job of the evening writes, at most.
const readAtOnce = 200

// digest says how far an evening is.
type digest struct {
	Day   string    `json:"day"`
	After school.ID `json:"after"`
}

func dayOf(t time.Time) string { return t.In(school.Paris).Format(time.DateOnly) }

// lastEvening is the day of the last evening that has begun.
func lastEvening(now time.Time) time.Time {
	if at := clock(now, 0, EveningAt); !now.Before(at) {
		return at
	}
	return clock(now, -1, EveningAt)
}

// reachOf is what the mail of an evening tells: on Friday that of every week goes with it.
func reachOf(day time.Time) reach {
	if day.In(school.Paris).Weekday() == time.Friday {
		return Week.reach()
	}
	return Evening.reach()
}

// remindsOf is until which last days the evening of a day reminds somebody; zero: of
// none.
func remindsOf(r reader, day string) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, day, school.Paris)
	if err != nil {
		return time.Time{}
	}
	return r.choice.Quiet.reminds(at)
}

// Evening is the handler of [KindEvening]. One that a stopped house missed is made up
// for when it is there again.
func (s *Service) Evening(ctx context.Context, _ job.Job) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.queueDigest(tx, digest{Day: dayOf(lastEvening(tx.Now))}) })
}

func (s *Service) queueDigest(tx *db.Tx, d digest) error {
	return s.Enqueue(tx, KindDigest, d, tx.Now, fmt.Sprintf("%s %s %s", KindDigest, d.Day, d.After))
}

// Digest is the handler of [KindDigest].
func (s *Service) Digest(ctx context.Context, j job.Job) error {
	var d digest
	if err := json.Unmarshal(j.Payload, &d); err != nil {
		return job.Dead(err)
	}
	day, err := time.ParseInLocation(time.DateOnly, d.Day, school.Paris)
	if err != nil {
		return job.Dead(err)
	}
	var people []school.ID
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		people, err = s.People(tx, d.After, readAtOnce)
		return err
	})
	if err != nil || len(people) == 0 {
		return err
	}
	for _, person := range people {
		if err := s.eveningFor(ctx, person, day); err != nil {
			if ctx.Err() != nil {
				return err
			}
			s.Log.Error("nobody could tell a person of their evening", "person", person, "err", err) // the others are told
		}
	}
	d.After = people[len(people)-1]
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.queueDigest(tx, d) })
}

// eveningFor tells one person what waits for them on the evening of a day.
func (s *Service) eveningFor(ctx context.Context, person school.ID, day time.Time) error {
	var r reader
	var waiting []waits
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		r, waiting, err = s.eveningOf(tx, person, day)
		return err
	})
	if err != nil || len(waiting) == 0 {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.tellAll(tx, r, waiting) })
}

// tellAll tells somebody by each channel.
func (s *Service) tellAll(tx *db.Tx, r reader, all []waits) error {
	for _, w := range all {
		if err := due(tx, w.person, w.channel, tx.Now, w.reach, w.day); err != nil {
			return err
		}
		if err := s.tellReader(tx, r, w); err != nil {
			return err
		}
	}
	return nil
}

// eveningOf tells by which channels somebody is to be told something on the evening of
// a day, at the hour of everybody's. It only reads: most people have nothing new, and
// cost the others no time.
func (s *Service) eveningOf(tx *db.Tx, person school.ID, day time.Time) (r reader, all []waits, err error) {
	r, ok, err := s.readerOf(tx, person)
	if err != nil || !ok {
		return r, nil, err
	}
	if at, _ := r.choice.Quiet.evening(); at != EveningAt || !r.choice.Quiet.hasEvening(day) {
		return r, nil, nil // at an hour of their own, or not today
	}
	all, err = s.eveningAt(tx, r, day)
	return r, all, err
}

func (s *Service) eveningAt(tx *db.Tx, r reader, day time.Time) (all []waits, err error) {
	for _, channel := range []Channel{Mail, Push} {
		w := waits{person: r.person, channel: channel, reach: reachOf(day), day: dayOf(day)}
		if channel == Push {
			w.reach = Now.reach()
		}
		has, err := s.hasFor(tx, r, w)
		if err != nil {
			return nil, err
		}
		if has {
			all = append(all, w)
		}
	}
	return all, nil
}

// hasFor tells whether there is something to tell a reader by a channel. What the rooms say is
// read by then: see [heard].
func (s *Service) hasFor(tx *db.Tx, r reader, w waits) (bool, error) {
	if w.channel == Push {
		if s.Push == nil {
			return false, nil
		}
		if some, err := hasSubscription(tx, r.person); err != nil || !some {
			return false, err
		}
	}
	found, err := s.waitingFor(tx, r, w.channel, w.reach, remindsOf(r, w.day))
	if err != nil || w.channel == Push {
		return !found.empty(), err
	}
	posted, err := s.relayedTo(tx, r, w.reach)
	return !found.empty() || len(posted) > 0, err
}

// earlyEvenings tells those whose quiet hours have begun at the hour of everybody's
// evening mail: at the hour of their own, once a day.
func (s *Service) earlyEvenings(ctx context.Context) error {
	for ctx.Err() == nil {
		var people []school.ID
		err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			now := tx.Now.In(school.Paris)
			people, err = db.All(tx, db.Column[school.ID], `SELECT person_id FROM notify_quiet WHERE evening_at <= $1 AND evening_day < $2
				ORDER BY evening_at, person_id LIMIT $3`, now.Hour()*60+now.Minute(), dayOf(now), writtenAtOnce)
			return err
		})
		if err != nil || len(people) == 0 {
			return err
		}
		for _, person := range people {
			err := s.earlyEvening(ctx, person)
			if err == nil {
				continue
			}
			if ctx.Err() != nil {
				return err
			}
			// The others are told; this one tomorrow.
			s.Log.Error("nobody could tell a person of their evening", "person", person, "err", err)
			if err := s.DB.Write(ctx, func(tx *db.Tx) error { _, err := hadEvening(tx, person); return err }); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// hadEvening notes that somebody has had the evening mail of today, and tells whether they had
// not yet.
func hadEvening(tx *db.Tx, person school.ID) (bool, error) {
	n, err := tx.Exec(`UPDATE notify_quiet SET evening_day = $2 WHERE person_id = $1 AND evening_day < $2`, person, dayOf(tx.Now))
	return n > 0, err
}

// earlyEvening tells somebody what waits for them at an hour of their own. It reads first, as
// [Service.eveningFor] does.
func (s *Service) earlyEvening(ctx context.Context, person school.ID) error {
	var r reader
	var waiting []waits
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		var ok bool
		if r, ok, err = s.readerOf(tx, person); err != nil || !ok || !r.choice.Quiet.hasEvening(tx.Now) {
			return err
		}
		waiting, err = s.eveningAt(tx, r, tx.Now)
		return err
	})
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if first, err := hadEvening(tx, person); err != nil || !first {
			return err
		}
		return s.tellAll(tx, r, waiting)
	})
}
