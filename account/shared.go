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

// saidOf is what is known of the device of a request without its address: a tablet of
// a class is shared; of any other it is for whoever signs in to say. It is empty where
// nobody has said.
func (a *Accounts) saidOf(tx *db.Tx, from Origin) (Sharing, error) {
	door, err := a.readDoor(tx, from.ClassDoor)
	switch {
	case err != nil && !fail.Is(err, fail.NotFound):
		return "", err
	case door.Tablet:
		return OfClass, nil
	}
	return from.Said, nil
}

// sharingOf tells whether the device is shared by which somebody comes in. Who says
// nothing, as by a provider or with a slip, shares the devices in the networks of
// their own schools: those of a telephone operator, that a school keeps, are not
// shared by its other customers.
func (a *Accounts) sharingOf(tx *db.Tx, person school.ID, from Origin) (Sharing, error) {
	said, err := a.saidOf(tx, from)
	if err != nil || said != "" {
		return said, err
	}
	keepers, err := db.All(tx, db.Column[school.ID], `SELECT school_id FROM account_network WHERE network = $1`, from.Network())
	if err != nil {
		return "", fmt.Errorf("asking whose network it is: %w", err)
	}
	if len(keepers) == 0 {
		return Own, nil
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

// LikelySharing is what the page of sign-in takes the device for, before it knows who
// comes: shared in the network of any school. A crowd asks for that page: only the
// browser that keeps a way into a class has the database asked.
func (a *Accounts) LikelySharing(ctx context.Context, from Origin) (s Sharing, err error) {
	if s = from.Said; from.ClassDoor != "" {
		err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
			s, err = a.saidOf(tx, from)
			return err
		})
	}
	if err != nil || s != "" {
		return s, err
	}
	kept, err := a.networks.Get(a.DB.Now(), networksEvery, func() (all map[string]bool, err error) {
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
