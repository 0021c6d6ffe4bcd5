package webdav

import (
	"bytes"
	"crypto/rand"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/webdav"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// mostLocks is how many locks a person has at once.
const mostLocks = 500

// held is a lock that holds.
type held struct {
	Token, Root string
	Deep        bool
	Shared      bool // with others
	Person      school.ID
	Owner       string
	Expires     time.Time
}

// covers tells whether a lock is of a place.
func (l held) covers(key string) bool {
	return l.Root == key || l.Deep && strings.HasPrefix(key, l.Root+"/")
}

// within tells whether a lock is of something in a place.
func (l held) within(key string) bool { return strings.HasPrefix(l.Root, key+"/") }

// locks are the locks of all drives, as one request sees them.
type locks struct{ *drive }

func (f *drive) locks() locks { return locks{f} }

var _ webdav.LockSystem = locks{}

// key names the place at a path to everybody.
func (f *drive) key(name string) (string, error) {
	name = clean(name)
	if key, ok := f.keys[name]; ok {
		return key, nil
	}
	key, err := f.Tree.Key(f.r, name)
	if err != nil {
		return "", err
	}
	if f.keys == nil {
		f.keys = map[string]string{}
	}
	f.keys[name] = key
	return key, nil
}

// locksAt reads the locks that hold on a place, on the folders around it, and on what is in it.
func (f *drive) locksAt(key string) (all []held, err error) {
	var around []string
	for i, c := range key {
		if c == '/' {
			around = append(around, key[:i])
		}
	}
	around = append(around, key)
	err = f.r.Read(func() error {
		f.now = f.r.Tx.Now
		args := []any{db.At(f.r.Tx.Now), utf8.RuneCountInString(key) + 1, key + "/"}
		marks := make([]string, len(around))
		for i, root := range around {
			args = append(args, root)
			marks[i] = fmt.Sprintf("$%d", len(args))
		}
		all, err = db.All(f.r.Tx, func(row db.Row) (l held, err error) {
			var expires db.Time
			err = row.Scan(&l.Token, &l.Root, &l.Shared, &l.Deep, &l.Person, &l.Owner, &expires)
			l.Expires = expires.Time
			return l, err
		}, `SELECT token, root, slot <> '', deep, person_id, owner, expires_at FROM webdav_lock
			WHERE expires_at > $1 AND (root IN (`+strings.Join(marks, ", ")+`) OR substr(root, 1, $2) = $3)`, args...)
		return err
	})
	return all, err
}

// submitted tells whether the request shows the token of a lock, which is its person's.
func (f *drive) submitted(l held) bool {
	return l.Person == f.r.Actor.Person && strings.Contains(f.r.Header.Get("If"), "<"+l.Token+">")
}

// guarded are the paths that the request changes, and with which goes all that is in them.
func (f *drive) guarded() (paths []string, whole bool) {
	switch f.method {
	case moving:
		return []string{f.at, f.to}, true
	case copying:
		return []string{f.to}, true
	case http.MethodDelete:
		return []string{f.at}, true
	}
	return []string{f.at}, false
}

// shut is webdav.ErrLocked where a lock holds on what the request changes, of which it shows no token.
func (f *drive) shut() error {
	paths, whole := f.guarded()
	for _, name := range paths {
		key, err := f.key(name)
		if err != nil {
			return f.wrong(err)
		}
		all, err := f.locksAt(key)
		if err != nil {
			return f.wrong(err)
		}
		if !f.shows(all, func(l held) bool { return l.covers(key) || whole && l.within(key) }) {
			f.status = http.StatusLocked
			return webdav.ErrLocked
		}
	}
	return nil
}

// shows tells whether the request shows the tokens of the locks that count: of each that is of one alone, and one of
// those that are shared (RFC 4918, 6.2).
func (f *drive) shows(all []held, counts func(held) bool) bool {
	shared, shown := false, false
	for _, l := range all {
		switch {
		case !counts(l):
		case l.Shared:
			shared, shown = true, shown || f.submitted(l)
		case !f.submitted(l):
			return false
		}
	}
	return !shared || shown
}

// Confirm implements webdav.LockSystem: every condition of one list holds (RFC 4918, 10.4.4), and every lock on
// what is changed is shown.
func (l locks) Confirm(_ time.Time, name0, name1 string, conditions ...webdav.Condition) (release func(), err error) {
	name := clean(name0)
	if name0 == "" {
		name = clean(name1)
	}
	key, err := l.key(name)
	if err != nil {
		return nil, l.wrong(err)
	}
	all, err := l.locksAt(key)
	if err != nil {
		return nil, l.wrong(err)
	}
	for _, c := range conditions {
		holds := false
		for _, one := range all {
			holds = holds || c.Token == one.Token && one.covers(key) && one.Person == l.r.Actor.Person
		}
		if c.ETag != "" {
			n, err := l.Tree.Stat(l.r, name)
			holds = err == nil && n.Tag != "" && c.ETag == `"`+n.Tag+`"`
		}
		if holds == c.Not {
			return nil, webdav.ErrConfirmationFailed
		}
	}
	if err := l.shut(); err != nil {
		return nil, err
	}
	l.status = 0 // of a list that did not hold, before this one
	return func() {}, nil
}

// passing is the token of a lock that holds for one request, which is not kept: it only has to find the others.
const passing = "preau:passing"

// Create implements webdav.LockSystem. The handler asks for a lock before whatever is written without one.
func (l locks) Create(now time.Time, details webdav.LockDetails) (string, error) {
	if l.method != lock {
		return passing, l.shut()
	}
	n, err := l.node(l.at)
	if err == nil && !n.Writable {
		l.status = http.StatusForbidden
		return "", webdav.ErrForbidden
	}
	if err != nil && l.status != 0 {
		return "", err
	}
	if _, err := l.node(parent(l.at)); err != nil {
		l.status = http.StatusConflict // RFC 4918, 9.10.6
		return "", err
	}
	key, err := l.key(details.Root)
	if err != nil {
		return "", l.wrong(err)
	}
	token := "urn:uuid:" + uuid()
	err = l.r.Write(func() error {
		tx := l.r.Tx
		if _, err := tx.Exec(`DELETE FROM webdav_lock WHERE expires_at <= $1`, db.At(tx.Now)); err != nil {
			return err
		}
		all, err := l.locksAt(key)
		if err != nil {
			return err
		}
		for _, one := range all {
			if (one.covers(key) || !details.ZeroDepth && one.within(key)) && !(one.Shared && l.shared) {
				return webdav.ErrLocked
			}
		}
		count, err := db.One(tx, db.Column[int], `SELECT count(*) FROM webdav_lock WHERE person_id = $1`, l.r.Actor.Person)
		if err != nil {
			return err
		}
		if count >= mostLocks {
			return webdav.ErrLocked
		}
		slot := ""
		if l.shared {
			slot = token
		}
		n, err := tx.Exec(`INSERT INTO webdav_lock (token, root, slot, deep, person_id, owner, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (root, slot) DO NOTHING`,
			token, key, slot, !details.ZeroDepth, l.r.Actor.Person, details.OwnerXML, db.At(tx.Now.Add(details.Duration)))
		if err == nil && n == 0 {
			err = webdav.ErrLocked
		}
		return err
	})
	if errors.Is(err, webdav.ErrLocked) {
		return "", webdav.ErrLocked
	}
	return token, l.wrong(err)
}

// parent is the folder in which a path is.
func parent(p string) string {
	at := strings.LastIndexByte(p, '/')
	return p[:max(at, 0)]
}

// Refresh implements webdav.LockSystem.
func (l locks) Refresh(_ time.Time, token string, duration time.Duration) (details webdav.LockDetails, err error) {
	key, err := l.key(l.at)
	if err != nil {
		return details, l.wrong(err)
	}
	all, err := l.locksAt(key)
	if err != nil {
		return details, l.wrong(err)
	}
	for _, one := range all {
		if one.Token != token || !one.covers(key) || one.Person != l.r.Actor.Person {
			continue
		}
		l.shared = one.Shared
		err := l.r.Write(func() error {
			_, err := l.r.Tx.Exec(`UPDATE webdav_lock SET expires_at = $2 WHERE token = $1`, token, db.At(l.r.Tx.Now.Add(duration)))
			return err
		})
		return webdav.LockDetails{Root: "/" + l.at, Duration: duration, OwnerXML: one.Owner, ZeroDepth: !one.Deep}, l.wrong(err)
	}
	return details, webdav.ErrNoSuchLock
}

// Unlock implements webdav.LockSystem.
func (l locks) Unlock(_ time.Time, token string) error {
	if token == passing {
		return nil
	}
	if !kept(token) {
		return webdav.ErrNoSuchLock
	}
	whose := school.ID(0)
	err := l.r.Write(func() (err error) {
		whose, err = db.One(l.r.Tx, db.Column[school.ID], `SELECT person_id FROM webdav_lock WHERE token = $1 AND expires_at > $2`, token, db.At(l.r.Tx.Now))
		if err != nil || whose != l.r.Actor.Person {
			return err
		}
		_, err = l.r.Tx.Exec(`DELETE FROM webdav_lock WHERE token = $1`, token)
		return err
	})
	switch {
	case fail.Is(err, fail.NotFound):
		return webdav.ErrNoSuchLock
	case err == nil && whose != l.r.Actor.Person:
		return webdav.ErrForbidden
	}
	return l.wrong(err)
}

// dropLocks ends the locks of what is there no more (RFC 4918, 9.6.1 and 9.9).
func (f *drive) dropLocks(key string) error {
	all, err := f.locksAt(key)
	if err != nil {
		return err
	}
	var gone []string
	for _, l := range all {
		if l.Root == key || l.within(key) {
			gone = append(gone, l.Token)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return f.r.Write(func() error {
		for _, token := range gone {
			if _, err := f.r.Tx.Exec(`DELETE FROM webdav_lock WHERE token = $1`, token); err != nil {
				return err
			}
		}
		return nil
	})
}

// discovery is the property that lists the locks of a place (RFC 4918, 15.8). The tokens of others are not told:
// whoever shows one may write.
func (f *drive) discovery(name string) (webdav.Property, error) {
	if !f.asked {
		key, err := f.key(f.at)
		if err != nil {
			return webdav.Property{}, err
		}
		if f.held, err = f.locksAt(key); err != nil {
			return webdav.Property{}, err
		}
		f.asked = true
	}
	var b bytes.Buffer
	if len(f.held) == 0 {
		return property("lockdiscovery", ""), nil
	}
	key, err := f.key(name)
	if err != nil {
		return webdav.Property{}, err
	}
	for _, l := range f.held {
		if !l.covers(key) {
			continue
		}
		depth, scope := "0", "exclusive"
		if l.Shared {
			scope = "shared"
		}
		if l.Deep {
			depth = "infinity"
		}
		b.WriteString(`<D:activelock xmlns:D="DAV:"><D:locktype><D:write/></D:locktype><D:lockscope><D:` + scope + `/></D:lockscope><D:depth>` + depth + `</D:depth>`)
		if l.Person == f.r.Actor.Person {
			b.WriteString(`<D:owner>` + l.Owner + `</D:owner>`)
			fmt.Fprintf(&b, `<D:timeout>Second-%d</D:timeout><D:locktoken><D:href>`, int(l.Expires.Sub(f.now).Seconds()))
			if err := xml.EscapeText(&b, []byte(l.Token)); err != nil {
				return webdav.Property{}, err
			}
			b.WriteString(`</D:href></D:locktoken>`)
		}
		b.WriteString(`</D:activelock>`)
	}
	return property("lockdiscovery", b.String()), nil
}

// root is where an answer says what is locked.
var root = regexp.MustCompile(`(<D:lockroot><D:href>)[^<]*`)

// toldOfLock corrects what the handler says of a lock: who may share it, and of what it is (RFC 4918, 14.12).
func (f *drive) toldOfLock(answer []byte) []byte {
	if f.shared {
		answer = bytes.ReplaceAll(answer, []byte("<D:exclusive/>"), []byte("<D:shared/>"))
	}
	href := (&url.URL{Path: Prefix + "/" + f.at}).EscapedPath()
	return root.ReplaceAll(answer, []byte("${1}"+strings.NewReplacer("$", "$$", "&", "&amp;").Replace(href)))
}

// uuid draws a random one (RFC 9562, 5.4).
func uuid() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
