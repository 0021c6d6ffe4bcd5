package account

import (
	"fmt"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// DeviceLife is how long a device is known to a login after the last sign-in.
const DeviceLife = 180 * 24 * time.Hour

// maxDevices is how many devices of one person are known: the last ones.
const maxDevices = 10

// acquaintance is what a person has to do with where a request comes from.
type acquaintance struct {
	device  bool // they signed in on the device
	network bool // from the network, on whatever device
	shared  bool // on a shared device there
	any     bool // anywhere
}

// newDevice tells whether the device is one on which the person never signed in,
// while they did on another.
func (k acquaintance) newDevice() bool { return k.any && !k.device }

func (a *Accounts) acquaintanceOf(tx *db.Tx, person school.ID, from Origin) (k acquaintance, err error) {
	var hash []byte
	if shown, ok := parseToken(from.Device); ok {
		hash = shown.hash()
	}
	const once = `coalesce(max(CASE WHEN seen_at > $5 AND %s THEN 1 ELSE 0 END), 0) = 1`
	err = tx.Get([]any{&k.any, &k.device, &k.network, &k.shared}, `SELECT count(*) > 0, `+
		fmt.Sprintf(once, "token = $2")+`, `+fmt.Sprintf(once, "network = $3")+`, `+fmt.Sprintf(once, "token = $4")+`
		FROM account_device WHERE person_id = $1`,
		person, hash, a.networkMAC(from), a.sharedMAC(from), db.At(tx.Now.Add(-DeviceLife)))
	if err != nil {
		return k, fmt.Errorf("asking where %d signed in: %w", person, err)
	}
	return k, nil
}

// remember writes that a person signed in on the device of a request, and
// gives the token that it keeps: the one that it shows when we gave it, to
// whomever, as a tablet has several people; else a new one; on a shared device,
// none. far is what [Accounts.farFrom] says of it.
func (a *Accounts) remember(tx *db.Tx, s Session, far []byte, from Origin) (kept string, err error) {
	t, ours := parseToken(from.Device)
	if ours {
		ours, err = db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM account_device WHERE token = $1)`, t.hash())
	}
	if err != nil {
		return "", fmt.Errorf("remembering a device: %w", err)
	}
	if !ours && !s.Shared {
		t = newToken()
	}
	kept, hash := t.text(), t.hash()
	if s.Shared {
		// It was known as theirs before they said that others use it.
		if _, err := tx.Exec(`DELETE FROM account_device WHERE person_id = $1 AND token = $2`, s.Person, hash); err != nil {
			return "", fmt.Errorf("forgetting a device: %w", err)
		}
		kept, hash = "", a.sharedMAC(from)
	}
	at := db.Time{}
	if far != nil {
		at = db.At(tx.Now)
	}
	if _, err := tx.Exec(`INSERT INTO account_device (person_id, token, network, seen_at, far, far_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (person_id, token) DO UPDATE SET network = excluded.network, seen_at = excluded.seen_at`,
		s.Person, hash, a.networkMAC(from), db.At(tx.Now), far, at); err != nil {
		return "", fmt.Errorf("remembering a device: %w", err)
	}
	_, err = tx.Exec(`DELETE FROM account_device WHERE person_id = $1 AND token NOT IN (
		SELECT token FROM account_device WHERE person_id = $1 ORDER BY seen_at DESC, token LIMIT $2)`, s.Person, maxDevices)
	if err != nil {
		return "", fmt.Errorf("remembering a device: %w", err)
	}
	return kept, nil
}

// forgetDevices forgets every device of a person.
func forgetDevices(tx *db.Tx, person school.ID) error {
	_, err := tx.Exec(`DELETE FROM account_device WHERE person_id = $1`, person)
	return err
}
