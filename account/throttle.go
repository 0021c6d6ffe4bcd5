package account

import (
	"errors"
	"net/netip"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// rate is how many wrong tries are borne in a row, and how long it takes for
// one of them to be forgotten.
type rate struct {
	burst int
	every time.Duration
}

// Nobody else's tries shut out the owner of a login. By the tenth wrong password
// from one network, or on one device that the owner signed in on, one waits
// there, and then has one more try each quarter of an hour; elsewhere it goes
// on. All networks together have a hundred tries a day for a login, those
// devices apart: a thousand in ten days. An address may be that of a whole
// school: thirty children who all mistype nine times pass, and beyond that the
// logins that signed in from there still do. A code has 57 bits: a hundred tries
// a network, and then one a minute, find none.
var (
	nearRate    = rate{10, 15 * time.Minute}
	loginRate   = rate{100, 24 * time.Hour / 100}
	addressRate = rate{300, 3 * time.Second}
	codeRate    = rate{100, time.Minute}
	// Wrong second steps are made by whoever knows the password. One of 10⁶ codes
	// holds for three steps at a time: ten tries and one an hour, from wherever
	// the login is not known, find it in a month once in four hundred. Devices
	// that gave a second factor before have tries of their own.
	secondRate = rate{10, time.Hour}
)

// What else is tried, or asked for. Those of people are in [peopleRate], those of
// messages in mail.go.
var (
	contestRate = rate{30, time.Minute}      // wrong tokens of a message, from one network
	claimRate   = rate{10, 15 * time.Minute} // accounts that somebody says are theirs, rightly or not
	joinRate    = rate{10, time.Hour}        // wrong codes of a joining: of 10⁶, a few codes a day (joinMail)
	// Passwords that one forgot: of a login, or a mail address, from one network,
	// and of whatever from one address. What is asked from everywhere is not
	// refused, which would shut out its owner: messages are counted.
	forgotRate     = rate{5, 10 * time.Minute}
	forgotFromRate = rate{60, time.Minute}
	// Accounts that are frozen for one address: whoever tries passwords from that
	// of a school, or of an operator's telephones, shuts no crowd out. The others
	// are told to wait, and are in no danger: their password opened nothing.
	sprayedRate = rate{3, 20 * time.Minute}
)

// At the door of a class a child has ten tries, then one each quarter of an
// hour: some sixty in a school day, of 1,716. A door has four for each of thirty
// children at once, whoever they are tried for, then one each three minutes. An
// address is that of ten classes.
var (
	childRate  = rate{10, 15 * time.Minute}
	doorRate   = rate{120, 3 * time.Minute}
	schoolRate = rate{1000, 3 * time.Second}
)

// throttle counts wrong tries. The database keeps, for each key, the instant
// at which nothing of them counts any more: a leaky bucket in one number (the
// generic cell rate algorithm, ITU-T I.371), which slides, and which one
// statement moves.
type throttle struct {
	key []byte
	rate
	// shared tells that others' tries are counted here too: who proves who
	// they are takes back theirs only.
	shared bool
}

// take counts a try before it is made, so that a thousand at once are
// counted too, and gives the tries that count now. When there are too many
// already, the try is not counted and is fail.TooMany.
func (t throttle) take(tx *db.Tx) (tries int, err error) { return t.takeMany(tx, 1) }

// takeMany is take for n at once, all or none.
func (t throttle) takeMany(tx *db.Tx, n int) (tries int, err error) {
	if n > t.burst {
		return 0, tooMany(time.Duration(n) * t.every)
	}
	every := t.every.Milliseconds()
	more := int64(n) * every
	now := tx.Now.UnixMilli()
	free, err := db.One(tx, db.Column[int64], `INSERT INTO account_attempt (key, free_at) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE
			SET free_at = CASE WHEN account_attempt.free_at > $3 THEN account_attempt.free_at + $4 ELSE excluded.free_at END
			WHERE account_attempt.free_at <= $5
		RETURNING free_at`, t.key, now+more, now, more, now+int64(t.burst-n)*every)
	if fail.Is(err, fail.NotFound) {
		return 0, t.refuse(tx, n)
	}
	if err != nil {
		return 0, err
	}
	return int((free - now + every - 1) / every), nil
}

// refuse is the error of too many tries, with the time until the next n.
func (t throttle) refuse(tx *db.Tx, n int) error {
	free, err := db.One(tx, db.Column[int64], `SELECT free_at FROM account_attempt WHERE key = $1`, t.key)
	if err != nil {
		return err
	}
	wait := time.Duration(free-tx.Now.UnixMilli())*time.Millisecond - time.Duration(t.burst-n)*t.every
	return tooMany(wait)
}

// full is fail.TooMany where a try would be one too many. It counts nothing.
func (t throttle) full(tx *db.Tx) error {
	free, err := db.One(tx, db.Column[int64], `SELECT free_at FROM account_attempt WHERE key = $1`, t.key)
	if fail.Is(err, fail.NotFound) {
		return nil
	}
	wait := time.Duration(free-tx.Now.UnixMilli())*time.Millisecond - time.Duration(t.burst-1)*t.every
	if err == nil && wait > 0 {
		err = tooMany(wait)
	}
	return err
}

// tooMany is the error of too many tries, whatever was tried.
func tooMany(wait time.Duration) error {
	wait = max(wait, time.Second)
	minutes := int((wait + time.Minute - 1) / time.Minute)
	return fail.New(fail.TooMany, "too many wrong tries").Say("account.too-many", minutes).After(wait)
}

// giveBack uncounts one try, which was not wrong.
func (t throttle) giveBack(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE account_attempt SET free_at = free_at - $2 WHERE key = $1`, t.key, t.every.Milliseconds())
	return err
}

// pass uncounts what who has proved who they are may uncount.
func (t throttle) pass(tx *db.Tx) error {
	if t.shared {
		return t.giveBack(tx)
	}
	return t.forget(tx)
}

// forget uncounts every try.
func (t throttle) forget(tx *db.Tx) error {
	_, err := tx.Exec(`DELETE FROM account_attempt WHERE key = $1`, t.key)
	return err
}

// throttleLogin is the throttle of one login for one door ("password",
// "change", "code", "second"), wherever it is tried from.
func (a *Accounts) throttleLogin(door string, login Login, typed string) throttle {
	return throttle{a.attemptKey(door, named(login, typed)), loginRate, true}
}

// throttleNear is the throttle of one login for one door from one place: a
// network, a device, or nothing for the door that only who is in stands at.
func (a *Accounts) throttleNear(door string, login Login, typed string, place []byte, r rate) throttle {
	return throttle{a.attemptKey(door, named(login, typed), string(place)), r, false}
}

// named is how a throttle names a login. What is no login is throttled as it
// was typed.
func named(login Login, typed string) string {
	if name := login.String(); name != "" {
		return name
	}
	return typed
}

// throttleAddress is the throttle of one address; of the whole network of a
// household for IPv6, which gives each machine as many addresses as it likes.
func (a *Accounts) throttleAddress(ip netip.Addr) throttle {
	return throttle{a.attemptKey("address", lineOf(ip)), addressRate, true}
}

// throttlePoster is the throttle of the codes of posters from one network.
func (a *Accounts) throttlePoster(from Origin) throttle {
	return throttle{a.attemptKey("poster", string(a.networkMAC(from))), codeRate, true}
}

// throttleChild is the throttle of one child at the doors of one class: on its tablets,
// or on any other device. Whoever has photographed the poster shuts no child out of
// the tablets.
func (a *Accounts) throttleChild(class, child school.ID, tablet bool) throttle {
	where := "elsewhere"
	if tablet {
		where = "tablet"
	}
	return throttle{a.attemptKey("child", class.String(), child.String(), where), childRate, false}
}

// forgetChild forgets the wrong tries of a child at the doors of one class.
func (a *Accounts) forgetChild(tx *db.Tx, class, child school.ID) error {
	return errors.Join(a.throttleChild(class, child, true).forget(tx), a.throttleChild(class, child, false).forget(tx))
}

// throttleDoor is the throttle of one door of a class.
func (a *Accounts) throttleDoor(door school.ID) throttle {
	return throttle{a.attemptKey("class door", door.String()), doorRate, true}
}

// throttleSchool is the throttle of one address at the doors of classes: that
// of all the tablets of a school, whose mistakes shut no adult out.
func (a *Accounts) throttleSchool(ip netip.Addr) throttle {
	return throttle{a.attemptKey("school", lineOf(ip)), schoolRate, true}
}

// attemptKey is how the database knows what is counted: what is tried, and of
// whom, or from where.
func (a *Accounts) attemptKey(what string, of ...string) []byte {
	parts := [][]byte{[]byte(what)}
	for _, part := range of {
		parts = append(parts, []byte(part))
	}
	return a.Key.MAC("account attempt", parts...)
}

// networkMAC is how the database knows the network of a request: the 256
// addresses around an IPv4 one.
func (a *Accounts) networkMAC(from Origin) []byte {
	return a.Key.MAC("account network", []byte(nearOf(from.IP)))
}

// An address is known by what is around it, wider and wider: the line of one
// household, the network of its neighbours, and the part of the internet that an
// operator is given at a time, in which a telephone that moves stays. All addresses
// that are unknown are together.
func lineOf(ip netip.Addr) string { return around(ip, 32, 64).String() }
func nearOf(ip netip.Addr) string { return around(ip, 24, 64).String() }
func partOf(ip netip.Addr) string { return around(ip, 16, 32).String() }

// around is the network of an address, of so many bits for IPv4, and for IPv6.
func around(ip netip.Addr, four, six int) netip.Prefix {
	ip = ip.Unmap().WithZone("")
	bits := four
	if ip.Is6() {
		bits = six
	}
	network, err := ip.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return network
}
