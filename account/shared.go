package account

import (
	"context"
	"fmt"
	"slices"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// Sharing is whether several people use a device.
type Sharing string

// The devices. Nobody has said of the empty Sharing what it is.
const (
	Own     Sharing = "own"
	Shared  Sharing = "shared"
	OfClass Sharing = "class" // a tablet of a class
)

// sharedLimits are those of every session that was opened on a shared device:
// who walks away from it is out before the next one sits down.
var sharedLimits = Limits{10 * time.Minute, 4 * time.Hour}

// Sharing tells whether the device of a request is shared. A tablet of a class
// is; of any other it is for who signs in to say; and who says nothing shares
// those in the network of a school.
func (a *Accounts) Sharing(tx *db.Tx, from Origin) (Sharing, error) {
	door, err := a.readDoor(tx, from.ClassDoor)
	switch {
	case err != nil && !fail.Is(err, fail.NotFound):
		return "", err
	case door.Tablet:
		return OfClass, nil
	case from.Said != "":
		return from.Said, nil
	}
	kept, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM account_network WHERE network = $1)`, from.Network())
	if err != nil {
		return "", fmt.Errorf("asking whose network it is: %w", err)
	}
	return inSchool(kept), nil
}

// sharingOf is [Accounts.Sharing] for somebody who comes in. Who says nothing, as by
// a provider or with a slip, shares the devices in the networks of their own schools:
// those of a telephone operator, that a school keeps, are not shared by its other
// customers.
func (a *Accounts) sharingOf(tx *db.Tx, person school.ID, from Origin) (Sharing, error) {
	sharing, err := a.Sharing(tx, from)
	if err != nil || sharing != Shared || from.Said != "" {
		return sharing, err
	}
	keepers, err := db.All(tx, db.Column[school.ID], `SELECT school_id FROM account_network WHERE network = $1`, from.Network())
	if err != nil {
		return "", fmt.Errorf("asking whose network it is: %w", err)
	}
	standing, err := a.Standing(tx, person)
	if err != nil {
		return "", err
	}
	return inSchool(slices.ContainsFunc(standing, func(post directory.Post) bool { return slices.Contains(keepers, post.Structure) })), nil
}

func inSchool(kept bool) Sharing {
	if kept {
		return Shared
	}
	return Own
}

// networksEvery is how old the networks may be that the page of sign-in knows.
const networksEvery = time.Minute

// LikelySharing is [Accounts.Sharing] for the page of sign-in, which a crowd asks
// for: only the browser that keeps a way into a class has the database asked.
func (a *Accounts) LikelySharing(ctx context.Context, from Origin) (s Sharing, err error) {
	if from.ClassDoor != "" {
		err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
			s, err = a.Sharing(tx, from)
			return err
		})
		return s, err
	}
	if from.Said != "" {
		return from.Said, nil
	}
	kept, err := a.kept.Get(a.DB.Now(), networksEvery, func() (all map[string]bool, err error) {
		err = a.DB.Read(ctx, func(tx *db.Tx) error {
			all, err = allNetworks(tx)
			return err
		})
		return all, err
	})
	return inSchool(kept[from.Network()]), err
}

// allNetworks are those of all schools.
func allNetworks(tx *db.Tx) (map[string]bool, error) {
	list, err := db.All(tx, db.Column[string], `SELECT DISTINCT network FROM account_network`)
	if err != nil {
		return nil, fmt.Errorf("reading the networks of schools: %w", err)
	}
	all := make(map[string]bool, len(list))
	for _, network := range list {
		all[network] = true
	}
	return all, nil
}

// sharedMAC is how the database knows the shared devices of a network, whichever
// they are: nothing is left in them that could tell one from another, and nothing
// that a browser shows is it.
func (a *Accounts) sharedMAC(from Origin) []byte {
	return a.Key.MAC("account shared device", []byte(from.Network()))
}
