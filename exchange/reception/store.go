package reception

import (
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory/feed"
)

const selectAccounts = `SELECT id, name, academy, daily, checksum, silence_days, opened_at, closed_at, heard_at, silence_day
	FROM reception_account`

func scanAccount(row db.Row) (a Account, err error) {
	var opened, closed, heard db.Time
	err = row.Scan(&a.ID, &a.Name, &a.Academy, &a.Daily, &a.Checksum, &a.SilenceDays, &opened, &closed, &heard, &a.silenceDay)
	a.OpenedAt, a.ClosedAt, a.HeardAt = opened.Time, closed.Time, heard.Time
	return a, err
}

// Accounts lists the open accounts, by name.
func Accounts(tx *db.Tx) ([]Account, error) {
	accounts, err := allAccounts(tx)
	return slices.DeleteFunc(accounts, func(a Account) bool { return !a.ClosedAt.IsZero() }), err
}

// allAccounts lists the accounts, closed ones too.
func allAccounts(tx *db.Tx) ([]Account, error) {
	accounts, err := db.All(tx, scanAccount, selectAccounts+` ORDER BY name`)
	if err != nil {
		return nil, err
	}
	at := map[school.ID]*Account{}
	for i := range accounts {
		at[accounts[i].ID] = &accounts[i]
	}
	return accounts, tx.Each(func(row db.Row) error {
		var id school.ID
		var uai school.UAI
		err := row.Scan(&id, &uai)
		if a := at[id]; a != nil {
			a.Schools = append(a.Schools, uai)
		}
		return err
	}, `SELECT account_id, uai FROM reception_school ORDER BY account_id, uai`)
}

// Names gives the name of each account, closed ones too.
func Names(tx *db.Tx) (map[school.ID]string, error) {
	accounts, err := allAccounts(tx)
	names := make(map[school.ID]string, len(accounts))
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	return names, err
}

func accountByName(tx *db.Tx, name string) (Account, error) {
	return db.One(tx, scanAccount, selectAccounts+` WHERE name = $1`, name)
}

// putAccount writes what is agreed with an account. One that opens is heard
// of from now on.
func putAccount(tx *db.Tx, a Account, opens bool) error {
	_, err := tx.Exec(`INSERT INTO reception_account
		(id, name, academy, daily, checksum, silence_days, opened_at, silence_day) VALUES ($1, $2, $3, $4, $5, $6, $7, '')
		ON CONFLICT (name) DO UPDATE SET academy = excluded.academy, daily = excluded.daily, checksum = excluded.checksum,
			silence_days = excluded.silence_days, closed_at = NULL`,
		a.ID, a.Name, a.Academy, a.Daily, a.Checksum, a.SilenceDays, db.At(tx.Now))
	if err == nil && opens {
		_, err = tx.Exec(`UPDATE reception_account SET opened_at = $2, silence_day = '' WHERE id = $1`, a.ID, db.At(tx.Now))
	}
	if err == nil {
		_, err = tx.Exec(`DELETE FROM reception_school WHERE account_id = $1`, a.ID)
	}
	for _, uai := range a.Schools {
		if err == nil {
			_, err = tx.Exec(`INSERT INTO reception_school (account_id, uai) VALUES ($1, $2)`, a.ID, uai)
		}
	}
	return err
}

func closeAccount(tx *db.Tx, id school.ID) error {
	_, err := tx.Exec(`UPDATE reception_account SET closed_at = $2 WHERE id = $1`, id, db.At(tx.Now))
	return err
}

// toldSilence remembers the day on which a silence was told.
func toldSilence(tx *db.Tx, id school.ID, day string) error {
	_, err := tx.Exec(`UPDATE reception_account SET silence_day = $2 WHERE id = $1`, id, day)
	return err
}

const selectArrivals = `SELECT id, account_id, name, digest, size, delivery, mode, day, state, reason, detail, tries, try_at,
	feed_id, arrived_at, decided_at, released_at, told, destroyed_at, expected, after_day, trouble
	FROM reception_arrival`

func scanArrival(row db.Row) (a Arrival, err error) {
	var tryAt, arrived, decided, released, destroyed db.Time
	err = row.Scan(&a.ID, &a.Account, &a.Name, &a.Digest, &a.Size, &a.Delivery, &a.Mode, &a.Day, &a.State, &a.Reason, &a.Detail,
		&a.tries, &tryAt, &a.Feed, &arrived, &decided, &released, &a.told, &destroyed, &a.Expected, &a.After, &a.Trouble)
	a.TryAt, a.ArrivedAt, a.DecidedAt, a.ReleasedAt, a.Destroyed = tryAt.Time, arrived.Time, decided.Time, released.Time, destroyed.Time
	return a, err
}

// Arrivals lists what came last, newest first.
func Arrivals(tx *db.Tx, limit int) ([]Arrival, error) {
	return db.All(tx, scanArrival, selectArrivals+` ORDER BY id DESC LIMIT $1`, limit)
}

// ArrivalByID reads an arrival.
func ArrivalByID(tx *db.Tx, id school.ID) (Arrival, error) {
	a, err := db.One(tx, scanArrival, selectArrivals+` WHERE id = $1`, id)
	if fail.Is(err, fail.NotFound) {
		err = fail.New(fail.NotFound, "nothing came as %s", id)
	}
	return a, err
}

// waiting lists what an account sent and is not settled, in the order in
// which it is to be fed: by day, complete deliveries first ("Complet" <
// "Delta").
func waiting(tx *db.Tx, account school.ID) ([]Arrival, error) {
	return db.All(tx, scanArrival, selectArrivals+` WHERE account_id = $1 AND state IN ('received', 'held') ORDER BY day, mode, id`, account)
}

// untold lists what an account sent and was not told what became of.
func untold(tx *db.Tx, account school.ID) ([]Arrival, error) {
	return db.All(tx, scanArrival, selectArrivals+` WHERE account_id = $1 AND told <> state || ' ' || reason AND state <> 'received' ORDER BY id`, account)
}

// heldNow lists what is held, of the accounts that are open.
func heldNow(tx *db.Tx) ([]Arrival, error) {
	return db.All(tx, scanArrival, selectArrivals+` WHERE state = 'held' AND
		(account_id = 0 OR account_id IN (SELECT id FROM reception_account WHERE closed_at IS NULL)) ORDER BY id`)
}

// arrive journals what came, once its files are sealed.
func arrive(tx *db.Tx, a Arrival) error {
	_, err := tx.Exec(`INSERT INTO reception_arrival (id, account_id, name, digest, size, delivery, mode, day, state, reason, detail,
		tries, feed_id, arrived_at, released_by, told) VALUES ($1, $2, $3, $4, $5, '', '', '', $6, $7, $8, 0, 0, $9, 0, '')`,
		a.ID, a.Account, a.Name, a.Digest, a.Size, a.State, a.Reason, a.Detail, db.At(tx.Now))
	return err
}

// opened keeps what an arrival turned out to be: from then on it is as if it
// had just come, and nobody has let it go.
func opened(tx *db.Tx, a Arrival) error {
	_, err := tx.Exec(`UPDATE reception_arrival SET delivery = $2, mode = $3, day = $4, tries = 0, try_at = NULL,
		state = 'received', reason = '', trouble = '', released_at = NULL WHERE id = $1`, a.ID, a.Delivery, a.Mode, a.Day)
	return err
}

// decide writes what becomes of an arrival that waits. One that another
// process settled meanwhile is fail.Conflict: nothing else of the transaction
// must stand.
func decide(tx *db.Tx, id school.ID, state State, reason Reason, detail string, delivery school.ID) error {
	n, err := tx.Exec(`UPDATE reception_arrival SET state = $2, reason = $3, detail = $4, feed_id = $5, decided_at = $6, released_at = NULL,
		tries = 0, try_at = NULL, expected = '', after_day = '', trouble = CASE WHEN $7 THEN trouble ELSE '' END
		WHERE id = $1 AND state IN ('received', 'held')`, id, state, reason, detail, delivery, db.At(tx.Now), reason == Failed)
	if err == nil && n == 0 {
		return fail.New(fail.Conflict, "the arrival %s was settled by another process", id)
	}
	if err == nil && (state == Applied || state == Held) {
		err = heard(tx, id)
	}
	return err
}

// heard ends the silence of whoever sent an arrival, from when it came. What is
// refused does not: a sender whose every upload breaks is silent.
func heard(tx *db.Tx, id school.ID) error {
	_, err := tx.Exec(`UPDATE reception_account SET heard_at = (SELECT arrived_at FROM reception_arrival WHERE id = $1)
		WHERE id = (SELECT account_id FROM reception_arrival WHERE id = $1)
		AND (heard_at IS NULL OR heard_at < (SELECT arrived_at FROM reception_arrival WHERE id = $1))`, id)
	return err
}

// refuse keeps the structures that were left out.
func refuse(tx *db.Tx, id school.ID, outside []feed.Outside) error {
	if _, err := tx.Exec(`DELETE FROM reception_refused WHERE arrival_id = $1`, id); err != nil { // of a try before
		return err
	}
	for _, o := range outside {
		if _, err := tx.Exec(`INSERT INTO reception_refused (arrival_id, uai, pupils, staff) VALUES ($1, $2, $3, $4)
			ON CONFLICT (arrival_id, uai) DO UPDATE SET pupils = reception_refused.pupils + excluded.pupils,
				staff = reception_refused.staff + excluded.staff`, id, o.UAI, o.Pupils, o.Staff); err != nil {
			return err
		}
	}
	return nil
}

// Refused lists the structures of an arrival that were left out.
func Refused(tx *db.Tx, id school.ID) ([]feed.Outside, error) {
	return db.All(tx, func(row db.Row) (o feed.Outside, err error) {
		return o, row.Scan(&o.UAI, &o.Pupils, &o.Staff)
	}, `SELECT uai, pupils, staff FROM reception_refused WHERE arrival_id = $1 ORDER BY uai`, id)
}

// refusedCounts counts the structures left out of each arrival.
func refusedCounts(tx *db.Tx) (map[school.ID]int, error) {
	counts := map[school.ID]int{}
	return counts, tx.Each(func(row db.Row) error {
		var id school.ID
		var n int
		err := row.Scan(&id, &n)
		counts[id] = n
		return err
	}, `SELECT arrival_id, count(*) FROM reception_refused GROUP BY arrival_id`)
}

// try notes that an arrival is about to be opened or fed, and when it may be again.
func try(tx *db.Tx, a Arrival, again db.Time) error {
	_, err := tx.Exec(`UPDATE reception_arrival SET tries = $2, try_at = $3 WHERE id = $1`, a.ID, a.tries, again)
	return err
}

// await notes what an arrival waits for, which is to be told again.
func await(tx *db.Tx, id school.ID, expected, after string) error {
	_, err := tx.Exec(`UPDATE reception_arrival SET expected = $2, after_day = $3, told = '' WHERE id = $1`, id, expected, after)
	return err
}

// trouble notes why an arrival that waits could not be fed.
func trouble(tx *db.Tx, id school.ID, what Trouble) error {
	_, err := tx.Exec(`UPDATE reception_arrival SET trouble = $2 WHERE id = $1 AND state IN ('received', 'held')`, id, what)
	return err
}

// told notes that what became of an arrival was told.
func told(tx *db.Tx, a Arrival) error {
	_, err := tx.Exec(`UPDATE reception_arrival SET told = $2 WHERE id = $1`, a.ID, a.mark())
	return err
}

// letGo has what is held fed at the next look.
func letGo(tx *db.Tx, a Arrival, by school.ID) error {
	n, err := tx.Exec(`UPDATE reception_arrival SET released_at = $2, released_by = $3, tries = 0, try_at = NULL
		WHERE id = $1 AND state = 'held' AND destroyed_at IS NULL`, a.ID, db.At(tx.Now), by)
	if err == nil && n == 0 {
		err = notHeld(a)
	}
	return err
}

// notHeld says what an arrival is that is not held, or not as was thought.
func notHeld(a Arrival) error {
	return fail.New(fail.Conflict, "%s is not held so: it is %s", a.ID, strings.TrimSpace(a.mark())).Say("reception.not-held")
}

// destroy notes that the files of what came before an instant are destroyed.
func destroy(tx *db.Tx, before db.Time) error {
	_, err := tx.Exec(`UPDATE reception_arrival SET destroyed_at = $1, state = CASE WHEN state IN ('received', 'held') THEN 'expired' ELSE state END
		WHERE destroyed_at IS NULL AND arrived_at < $2`, db.At(tx.Now), before)
	return err
}
