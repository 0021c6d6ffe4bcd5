package notify

import (
	"context"
	"encoding/json"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/job"
	"preau/core/school"
)

// KindAgain wakes those whom a thing reaches that says something else than it did.
const KindAgain job.Kind = "notify.again"

// changed is the thing.
type changed struct {
	Thing school.ID `json:"thing"`
}

// ToldAgain has those whom a thing reaches be told that it says something else than it did, or
// holds no more, as they are told of something new. Its room says since when: see
// [web.Told.Changed]. Those who are told in the evening only are told then.
func (s *Service) ToldAgain(tx *db.Tx, thing school.ID) error {
	return s.Enqueue(tx, KindAgain, changed{thing}, tx.Now.Add(settles+time.Second), "")
}

// WakeAgain is the handler of [KindAgain].
func (s *Service) WakeAgain(ctx context.Context, j job.Job) error {
	var c changed
	if err := json.Unmarshal(j.Payload, &c); err != nil {
		return job.Dead(err)
	}
	var to []audience.Audience
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		of, err := audience.To(tx, c.Thing)
		to = of[c.Thing]
		return err
	})
	for _, a := range to {
		if err == nil && a.Side != audience.Pupils {
			err = s.wake(ctx, a)
		}
	}
	return err
}
