package account

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Network is one that somebody said to be their school's while they were in it.
type Network struct {
	ID      school.ID
	Address string // as [Origin.Network] says it
	By      school.ID
	Since   time.Time
}

// maxNetworks is how many networks a school has: lines, and both versions of IP.
const maxNetworks = 8

// Network is the network of a request as a school keeps it, "203.0.113.7" or
// "2001:db8:0:1::/64": the address that a line has in IPv4, where all who use it
// are one, and the part of it that does not change from one machine to another in
// IPv6. It is empty when the address is not known.
func (o Origin) Network() string {
	network := around(o.IP, 32, 64)
	switch {
	case !network.IsValid():
		return ""
	case network.IsSingleIP():
		return network.Addr().String()
	}
	return network.String()
}

// Networks lists the networks of a school, the first kept first.
func Networks(tx *db.Tx, at school.ID) ([]Network, error) {
	networks, err := db.All(tx, scanNetwork, `SELECT id, network, kept_by, kept_at FROM account_network
		WHERE school_id = $1 ORDER BY kept_at, id`, at)
	if err != nil {
		return nil, fmt.Errorf("reading the networks of %d: %w", at, err)
	}
	return networks, nil
}

func scanNetwork(row db.Row) (n Network, err error) {
	var since db.Time
	err = row.Scan(&n.ID, &n.Address, &n.By, &since)
	n.Since = since.Time
	return n, err
}

// KeepNetwork says that the network of a request is the school's. One that is
// known already stays as it was.
func (a *Accounts) KeepNetwork(tx *db.Tx, at school.ID, by audit.By, from Origin) error {
	network := from.Network()
	if network == "" {
		return fail.New(fail.Conflict, "the address of the request is not known").Say("account.network-unknown")
	}
	id := school.NewID(tx.Now)
	n, err := tx.Exec(`INSERT INTO account_network (id, school_id, network, kept_by, kept_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (school_id, network) DO NOTHING`, id, at, network, by.Actor, db.At(tx.Now))
	if err != nil || n == 0 {
		return err
	}
	kept, err := countNetworks(tx, at)
	if err != nil {
		return err
	}
	if kept > maxNetworks {
		return fail.New(fail.Conflict, "%d networks of %d", kept, at).Say("account.network-many", maxNetworks)
	}
	// What was refused until now may have been there.
	if _, err := tx.Exec(`UPDATE account_network_only SET refused_at = NULL WHERE school_id = $1`, at); err != nil {
		return err
	}
	return a.journalNetwork(tx, actNetworkKeep, id, at, by)
}

// ForgetNetwork says that a network is the school's no more. One that the school
// does not have is fail.NotFound; the last one, while the doors of classes open
// nowhere else, fail.Conflict.
func (a *Accounts) ForgetNetwork(tx *db.Tx, id, at school.ID, by audit.By) error {
	// Written, though nothing changes in it, as in hold: of two who forget the last
	// ones at once, the second sees what the first did.
	if _, err := tx.Exec(`UPDATE account_network_only SET set_at = set_at WHERE school_id = $1`, at); err != nil {
		return err
	}
	n, err := tx.Exec(`DELETE FROM account_network WHERE id = $1 AND school_id = $2`, id, at)
	if err == nil && n == 0 {
		err = fail.New(fail.NotFound, "no network %d of %d", id, at)
	}
	if err != nil {
		return err
	}
	only, err := AtSchoolOnly(tx, at)
	if err != nil {
		return err
	}
	left, err := countNetworks(tx, at)
	if err == nil && left == 0 && only.On {
		err = fail.New(fail.Conflict, "the doors of %d would open nowhere", at).Say("account.network-last")
	}
	if err != nil {
		return err
	}
	return a.journalNetwork(tx, actNetworkForget, id, at, by)
}

func countNetworks(tx *db.Tx, at school.ID) (int, error) {
	return db.One(tx, db.Column[int], `SELECT count(*) FROM account_network WHERE school_id = $1`, at)
}

// Only is whether the doors of the classes of a school open from its networks
// only.
type Only struct {
	On      bool
	By      school.ID
	Since   time.Time
	Refused time.Time // when one was first shown from elsewhere, since one last opened; zero: none was
}

// AtSchoolOnly tells whether the doors of a school open from its networks only.
func AtSchoolOnly(tx *db.Tx, at school.ID) (o Only, err error) {
	var since, refused db.Time
	err = tx.Get([]any{&o.By, &since, &refused}, `SELECT set_by, set_at, refused_at FROM account_network_only WHERE school_id = $1`, at)
	if fail.Is(err, fail.NotFound) {
		return Only{}, nil
	}
	o.On, o.Since, o.Refused = err == nil, since.Time, refused.Time
	return o, err
}

// RefusedAt lists those of some schools whose doors open from their networks only,
// where one was shown elsewhere and none has opened since.
func RefusedAt(tx *db.Tx, schools ...school.ID) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT school_id FROM account_network_only
		WHERE school_id `+tx.Among(1)+` AND refused_at IS NOT NULL ORDER BY school_id`, db.List(tx, schools))
}

// OpenAtSchool has the doors of the classes of a school open from its networks
// only. A school that keeps none is fail.Conflict.
func (a *Accounts) OpenAtSchool(tx *db.Tx, at school.ID, by audit.By) error {
	// Written, though nothing changes, as in hold: nobody forgets the last one meanwhile.
	n, err := tx.Exec(`UPDATE account_network SET kept_at = kept_at WHERE school_id = $1`, at)
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "%d keeps no network", at).Say("account.network-none")
	}
	if err != nil {
		return err
	}
	if n, err = tx.Exec(`INSERT INTO account_network_only (school_id, set_by, set_at) VALUES ($1, $2, $3)
		ON CONFLICT (school_id) DO NOTHING`, at, by.Actor, db.At(tx.Now)); err != nil || n == 0 {
		return err
	}
	return a.journalNetwork(tx, actNetworkOnly, at, at, by)
}

// OpenAnywhere has the doors of the classes of a school open from anywhere.
func (a *Accounts) OpenAnywhere(tx *db.Tx, at school.ID, by audit.By) error {
	n, err := tx.Exec(`DELETE FROM account_network_only WHERE school_id = $1`, at)
	if err != nil || n == 0 {
		return err
	}
	return a.journalNetwork(tx, actNetworkAnywhere, at, at, by)
}

// journalNetwork journals what was done with the network of a school, and has this
// node read the networks again once it is done.
func (a *Accounts) journalNetwork(tx *db.Tx, action audit.Action, object, at school.ID, by audit.By) error {
	a.networks.Forget(tx)
	return a.Log.Write(tx, audit.Entry{
		By: by, Action: action, Kind: "network", Object: object, Subject: at, School: at,
		Detail: audit.Detail{"whom": "school"},
	})
}

// ErrElsewhere is in the error of a door that opens at its school only, and is
// shown elsewhere.
var ErrElsewhere = errors.New("the door is shown elsewhere than at its school")

// inPlace refuses a door that is shown elsewhere than at its school, where the
// school says so. A badge that a guardian allows from home opens from there.
func (a *Accounts) inPlace(tx *db.Tx, d ClassDoor, from Origin) error {
	if d.Home {
		return nil
	}
	var refused db.Time
	var here bool
	err := tx.Get([]any{&refused, &here}, `SELECT o.refused_at,
			EXISTS (SELECT 1 FROM account_network n WHERE n.school_id = o.school_id AND n.network = $2)
		FROM account_network_only o WHERE o.school_id = $1`, d.School, from.Network())
	if fail.Is(err, fail.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("asking where a door is: %w", err)
	}
	if here != refused.IsZero() { // the row says otherwise
		at := db.Time{}
		if !here {
			at = db.At(tx.Now)
		}
		a.shown.note(d.School, at)
	}
	if !here {
		return fail.New(fail.Forbidden, "a door of class %d: %w", d.Class, ErrElsewhere).Say("account.class-elsewhere")
	}
	return nil
}

// showings are the schools whose doors were shown elsewhere, or opened again,
// and whose rows do not say so yet, as for [sights].
type showings struct {
	mu    sync.Mutex
	notes map[school.ID]db.Time // when it was shown elsewhere; zero: it opened
}

func (s *showings) note(at school.ID, refused db.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.notes == nil {
		s.notes = map[school.ID]db.Time{}
	}
	s.notes[at] = refused
}

// write writes the notes down.
func (s *showings) write(ctx context.Context, d *db.DB) error {
	s.mu.Lock()
	notes := s.notes
	s.notes = nil
	s.mu.Unlock()
	if len(notes) == 0 {
		return nil
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		for _, at := range slices.Sorted(maps.Keys(notes)) {
			if _, err := tx.Exec(`UPDATE account_network_only SET refused_at = $2 WHERE school_id = $1`, at, notes[at]); err != nil {
				return err
			}
		}
		return nil
	})
}
