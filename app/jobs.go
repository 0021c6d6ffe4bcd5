package app

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"preau/account"
	"preau/core/blob"
	"preau/core/config"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/job"
	"preau/core/mail"
	"preau/core/notify"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/search"
	"preau/directory"
	"preau/service/file"
)

// jobs are the house's: each daily one runs once a day, whatever the number
// of nodes.
func (h *House) jobs() (*job.Queue, error) {
	queue, err := job.New(h.DB, h.Log, map[job.Kind]job.Handler{
		"audit.seal":    h.sealDays,
		"house.purge":   h.purge,
		"house.erase":   h.eraseDeparted,
		"blob.sweep":    h.sweepBlobs,
		"blob.verify":   h.verifySomeBlobs,
		"search.words":  h.findAgain,
		"account.count": h.countDeployments,
		kindLook:        h.lookForDuplicates,

		mail.KindSend:         h.Outbox.Send,
		mail.KindUrgent:       h.Outbox.Send,
		account.KindForgotten: h.Accounts.SendForgotten,
		"federation.refresh":  h.refreshProviders,
		file.KindLook:         h.files.LookInto,

		notify.KindSweep:      h.sweep,
		notify.KindEvening:    h.Notify.Evening,
		notify.KindDigest:     h.Notify.Digest,
		notify.KindPush:       h.Notify.SendPush,
		notify.KindPushUrgent: h.Notify.SendPush,
		notify.KindAgain:      h.Notify.WakeAgain,
		notify.KindUrgent:     h.Notify.TellUrgent,
		notify.KindSMS:        h.Notify.SendTexts,
	},
		job.Daily{Kind: "audit.seal", Hour: 1, Minute: 30},
		job.Daily{Kind: "house.purge", Hour: 2, Minute: 0},
		job.Daily{Kind: "house.erase", Hour: 2, Minute: 30},
		job.Daily{Kind: "account.count", Hour: 3, Minute: 0},
		job.Daily{Kind: "blob.sweep", Hour: 3, Minute: 30},
		job.Daily{Kind: "search.words", Hour: 4, Minute: 0},
		job.Daily{Kind: "blob.verify", Hour: 4, Minute: 30},
		job.Daily{Kind: kindLook, Hour: 3, Minute: 15},
		job.Daily{Kind: "federation.refresh", Hour: 4, Minute: 15},
		job.Daily{Kind: notify.KindEvening, Hour: notify.EveningAt / 60, Minute: notify.EveningAt % 60},
	)
	if err != nil {
		return nil, err
	}
	if err := queue.Hurry(notify.KindUrgent, notify.KindSMS, notify.KindPushUrgent, mail.KindUrgent, notify.KindSweep); err != nil {
		return nil, err
	}
	return queue, queue.Repeat(notify.KindSweep, notify.SweepEvery)
}

// purge forgets, in every room, what is past its term: a part of a room's at a time, so
// that nobody waits for long for the only writer, and what one room cannot forget keeps
// none of the others.
func (h *House) purge(ctx context.Context, _ job.Job) error {
	var errs []error
	for _, steward := range h.stewards() {
		errs = append(errs, h.purgeOf(ctx, steward))
	}
	return errors.Join(errs...)
}

func (h *House) purgeOf(ctx context.Context, steward personal.Steward) error {
	for {
		var gone int64
		err := h.DB.Write(ctx, func(tx *db.Tx) (err error) {
			gone, err = steward.Purge(tx)
			return err
		})
		if err != nil || gone == 0 {
			return err
		}
	}
}

// sweepBlobs removes the files that no room has had since yesterday.
func (h *House) sweepBlobs(ctx context.Context, _ job.Job) error {
	holdings := h.holdings()
	swept, err := blob.Sweep(ctx, h.Blobs, func(ctx context.Context, sums []blob.Sum) (kept map[blob.Sum]bool, err error) {
		err = h.DB.Read(ctx, func(tx *db.Tx) error {
			kept, err = personal.Keeps(tx, holdings, sums...)
			return err
		})
		return kept, err
	}, h.DB.Now().AddDate(0, 0, -1))
	if swept > 0 {
		h.Log.Info("swept files that nothing refers to", "files", swept)
	}
	return err
}

// foundSetting begins what has that by which the things of a room that are there were kept last; the
// name of its first table ends it.
const foundSetting = "search found by "

// foundAtOnce is of how many things the words are kept in one transaction.
const foundAtOnce = 200

// findAgain has the things that were kept by a former version be found by what this one looks for, a
// few at a time: once. What one room cannot find keeps none of the others.
func (h *House) findAgain(ctx context.Context, _ job.Job) error {
	var errs []error
	for _, steward := range h.stewards() {
		if room, finds := steward.(search.Refinder); finds {
			errs = append(errs, h.findAgainOf(ctx, room, foundSetting+steward.Holdings()[0].Name))
		}
	}
	return errors.Join(errs...)
}

func (h *House) findAgainOf(ctx context.Context, room search.Refinder, setting string) error {
	say := i18n.Printer{Catalogue: h.Words, Lang: i18n.French}
	for last, begun := school.ID(0), false; last != 0 || !begun; begun = true {
		err := h.DB.Write(ctx, func(tx *db.Tx) error {
			by, err := config.Recall(tx, setting)
			if err != nil || by == room.FoundBy() {
				last = 0
				return err
			}
			if last, err = room.Reindex(tx, say, last, foundAtOnce); err == nil && last == 0 {
				err = config.Remember(tx, setting, room.FoundBy())
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// refreshProviders reads again what the identity providers publish. What went
// wrong is noted beside each, and in the log; tomorrow is another try.
func (h *House) refreshProviders(ctx context.Context, _ job.Job) error {
	if err := h.Federation.RefreshAll(ctx); err != nil {
		h.Log.Warn("identity providers", "err", err)
	}
	return nil
}

// sealDays seals the journal of the days that ended. Their heads go to the
// log too: kept elsewhere, they show a database put back to an earlier day.
func (h *House) sealDays(ctx context.Context, _ job.Job) error {
	return h.DB.Write(ctx, func(tx *db.Tx) error {
		sealed, err := h.Audit.SealDays(tx)
		for _, segment := range sealed {
			h.Log.Info("journal sealed", "day", segment.Day, "entries", segment.Count, "head", hex.EncodeToString(segment.Head))
		}
		return err
	})
}

// eraseDeparted erases the people who left longer ago than the law lets their
// data be kept (RU-003 article 6), from every room, a few at a time.
func (h *House) eraseDeparted(ctx context.Context, _ job.Job) error {
	if err := h.DB.Write(ctx, directory.DepartEnded); err != nil {
		return err
	}
	for {
		var gone []school.ID
		err := h.DB.Write(ctx, func(tx *db.Tx) (err error) {
			if gone, err = directory.Departed(tx, tx.Now.Add(-personal.AfterDeparture.Term()), 200); err != nil {
				return err
			}
			for _, person := range gone {
				for _, steward := range h.stewards() {
					if err := steward.Erase(tx, person); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil || len(gone) == 0 {
			return err
		}
		h.Log.Info("erased after their departure", "people", len(gone))
	}
}

// changed has the figures of the schools counted again, and their duplicates
// looked for: a feed has changed them. Counting is one job more, even while
// another counts, which may be past what changed; looking takes longer, and what
// it is past waits for the night.
func (h *House) changed(tx *db.Tx) error {
	if err := h.Jobs.Enqueue(tx, "account.count", nil, tx.Now, ""); err != nil {
		return err
	}
	return h.Jobs.Enqueue(tx, kindLook, nil, tx.Now, string(kindLook))
}

// portion is how far a job is that works for every school, some at a time.
type portion struct {
	Since time.Time `json:"since"` // when it began
	After school.ID `json:"after"` // the last school that is done; 0: none is
	Haste bool      `json:"haste"` // it does not rest
}

// portionOf is of how many schools a portion is; rests, how many times as long as it worked the
// job rests after each: in a tenth of a processor.
const (
	portionOf = 10
	rests     = 9
)

// countDeployments counts some schools, then goes on later with the next ones:
// counting an académie at once takes a processor for seconds, and whoever opens a page
// would wait for it. The first time it makes haste: until then the pages of pilots count
// by themselves.
func (h *House) countDeployments(ctx context.Context, j job.Job) error {
	var p portion
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return job.Dead(err)
	}
	var schools []school.ID
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.After == 0 {
			counted, err := account.Counted(tx)
			if err != nil {
				return err
			}
			p.Haste = !counted
		}
		schools, err = directory.OpenSchools(tx)
		return err
	})
	if err != nil {
		return err
	}
	from, _ := slices.BinarySearch(schools, p.After+1)
	left := len(schools) - from - portionOf
	schools = schools[from:min(from+portionOf, len(schools))]
	began, counted := time.Now(), make(map[school.ID]account.Deployment, len(schools))
	for _, at := range schools { // of ten together, PostgreSQL would read all the people of a small académie
		if err := h.DB.Read(ctx, func(tx *db.Tx) error {
			one, err := account.CountDeployments(tx, at)
			counted[at] = one[at]
			return err
		}); err != nil {
			return err
		}
	}
	wait := rests * time.Since(began)
	// Counting takes long: nobody waits to write meanwhile.
	if err := h.DB.Write(ctx, func(tx *db.Tx) error { return account.KeepDeployments(tx, counted) }); err != nil || left <= 0 {
		return err
	}
	if p.Haste {
		wait = 0
	}
	p.After = schools[len(schools)-1]
	return job.Onward(p, wait)
}

// kindLook is the job that looks for likely duplicates.
const kindLook job.Kind = "directory.look"

// lookForDuplicates looks for the likely duplicates of some schools, one at a time,
// then goes on later with the next ones. A school that cannot be looked at keeps none from
// being so: the next night looks again.
func (h *House) lookForDuplicates(ctx context.Context, j job.Job) error {
	var p portion
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return job.Dead(err)
	}
	if p.Since.IsZero() {
		p.Since = h.DB.Now()
	}
	var schools []school.ID
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		schools, err = directory.NotLookedAt(tx, p.Since, p.After, portionOf)
		return err
	})
	if err != nil || len(schools) == 0 {
		return err
	}
	var worked time.Duration
	for _, at := range schools {
		took, err := h.lookAt(ctx, at)
		if err != nil {
			if ctx.Err() != nil {
				return err
			}
			h.Log.Error("the duplicates of a school could not be looked for", "school", at, "err", err)
		}
		worked += took
	}
	p.After = schools[len(schools)-1]
	return job.Onward(p, rests*worked)
}

// lookAt looks for the duplicates of one school, and tells how long it took.
func (h *House) lookAt(ctx context.Context, at school.ID) (worked time.Duration, err error) {
	var pairs []directory.Pair
	var seen time.Time
	began := time.Now()
	err = h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		seen = tx.Now
		pairs, err = directory.DuplicatesIn(tx, at)
		return err
	})
	worked = time.Since(began)
	if err == nil { // looking takes long: nobody waits to write meanwhile
		err = h.DB.Write(ctx, func(tx *db.Tx) error { return directory.KeepLikely(tx, at, pairs, seen) })
	}
	return worked, err
}
