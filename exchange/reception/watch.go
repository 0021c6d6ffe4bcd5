package reception

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"preau/core/config"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Watcher looks after the folder where deliveries are put:
//
//	DIR/in/            where operators put files
//	DIR/out/           what they are answered
//	DIR/<account>/in/  where an account's files come
//	DIR/<account>/out/ what the rectorat is answered
//
// Everything that it must remember is on disk and in the database, so that it
// may be killed at any instant, and any node that sees the same folders may
// go on. One works at a time.
type Watcher struct {
	*Service
	Inbox string
	// Poll is how often it looks. What looks the same twice is complete.
	Poll time.Duration
	// Patience is how long a file or a folder waits for the checksum that is
	// demanded.
	Patience time.Duration

	glances  map[string]glance
	troubles map[school.ID]Trouble // that are not written yet
	wrong    map[string]string     // what is wrong with each account, so that it is not repeated
	marked   time.Time             // when it last told that it watches
	purged   time.Time             // when it last forgot what is past its term
}

// NewWatcher watches a folder.
func NewWatcher(s *Service, inbox string) *Watcher {
	return &Watcher{
		Service: s, Inbox: inbox, Poll: 10 * time.Second, Patience: time.Hour,
		glances: map[string]glance{}, wrong: map[string]string{}, troubles: map[school.ID]Trouble{},
	}
}

// Run watches until the context ends. What goes wrong is logged, and tried
// again at the next look.
func (w *Watcher) Run(ctx context.Context) error {
	for {
		if err := w.Look(ctx); ctx.Err() == nil {
			w.settle(everyFolder, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(w.Poll):
		}
	}
}

// Look does once all that can be done now: takes in what is complete, feeds
// what may be fed, tells what happened, destroys what is past its term. When
// another process looks, it does nothing.
func (w *Watcher) Look(ctx context.Context) error {
	unlock, err := w.DB.Lock(ctx, "reception")
	if fail.Is(err, fail.Conflict) {
		return nil
	}
	if err != nil {
		return err
	}
	defer unlock()
	if err := w.Vault.clear(); err != nil {
		return err
	}
	if err := w.mark(ctx); err != nil {
		return err
	}
	var accounts []Account
	if err := w.DB.Read(ctx, func(tx *db.Tx) (err error) {
		accounts, err = Accounts(tx)
		return err
	}); err != nil {
		return err
	}
	seen := map[string]glance{}
	for _, a := range append([]Account{{}}, accounts...) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err := w.serve(ctx, a, seen)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			err = fmt.Errorf("the folder of %q: %w", a.Name, err)
		}
		w.settle(a.Name, err)
	}
	w.glances = seen
	return nil
}

// everyFolder is what goes wrong before any account is served; no account has
// that name.
const everyFolder = "/"

// settle logs what goes wrong with an account, once until it is right again.
func (w *Watcher) settle(about string, err error) {
	switch {
	case err == nil:
		delete(w.wrong, about)
	case w.wrong[about] != err.Error():
		w.wrong[about] = err.Error()
		w.Log.Error("reception", "error", err)
	}
}

// serve does all that concerns one account. What goes wrong with its folder
// keeps nothing that is sealed from being fed.
func (w *Watcher) serve(ctx context.Context, a Account, seen map[string]glance) error {
	box, err := w.box(a)
	if a.ID == 0 && errors.Is(err, fs.ErrPermission) {
		return w.feedAll(ctx, a) // the operators have no folder there
	}
	if err != nil {
		return errors.Join(err, w.feedAll(ctx, a))
	}
	defer box.Close()
	return errors.Join(
		w.takeAll(ctx, box, seen),
		w.feedAll(ctx, a),
		w.tellAll(ctx, box),
		w.listen(ctx, box),
		box.sweep(w.DB.Now(), func(name string) bool {
			_, ok := w.Vault.takenAs(a.Name, name)
			return ok
		}),
	)
}

// mark remembers, once a minute, that the folder is watched, and once an
// hour forgets what is past its term: its files first, while others may write.
func (w *Watcher) mark(ctx context.Context) error {
	now := w.DB.Now()
	if now.Sub(w.marked) < time.Minute {
		return nil
	}
	old := now.Sub(w.purged) >= time.Hour
	if old {
		if err := w.Vault.destroyFiles(now.Add(-keep)); err != nil {
			return err
		}
	}
	err := w.DB.Write(ctx, func(tx *db.Tx) error {
		if err := config.Remember(tx, watchedSetting, tx.Now.UTC().Format(time.RFC3339)); err != nil {
			return err
		}
		if !old {
			return nil
		}
		_, err := w.Vault.Purge(tx)
		return err
	})
	if err != nil {
		return err
	}
	if w.marked = now; old {
		w.purged = now
	}
	return nil
}

// watchedSetting is when some process last looked into the folder.
const watchedSetting = "reception.watched"

// watched tells whether a process looks into the folder.
func watched(tx *db.Tx) (bool, error) {
	text, err := config.Recall(tx, watchedSetting)
	if err != nil || text == "" {
		return false, err
	}
	at, err := time.Parse(time.RFC3339, text)
	return err == nil && tx.Now.Sub(at) < 5*time.Minute, nil
}

// box is the two folders of an account.
type box struct {
	Account
	in, out *os.Root
}

// box opens the folders of an account, and makes them where the machine lets
// it: for SFTP they are made by root beforehand.
func (w *Watcher) box(a Account) (*box, error) {
	dir := filepath.Join(w.Inbox, a.Name)
	b := &box{Account: a}
	for name, root := range map[string]**os.Root{"in": &b.in, "out": &b.out} {
		path := filepath.Join(dir, name)
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			if err := os.MkdirAll(path, 0o750); err != nil {
				return nil, errors.Join(err, b.Close())
			}
		}
		var err error
		if *root, err = os.OpenRoot(path); err != nil {
			return nil, errors.Join(err, b.Close())
		}
	}
	return b, nil
}

// Close closes the folders.
func (b *box) Close() (err error) {
	for _, root := range []*os.Root{b.in, b.out} {
		if root != nil {
			err = errors.Join(err, root.Close())
		}
	}
	return err
}

// forgotten is how long an upload that was never completed is left: it holds
// people's data in the clear.
const forgotten = 7 * 24 * time.Hour

// answersKept is how long answers are left in the folder "out".
const answersKept = 90 * 24 * time.Hour

// sweep removes what nobody will complete, and old answers. What was taken is
// ours to resume.
func (b *box) sweep(now time.Time, taken func(string) bool) error {
	for _, place := range []struct {
		root   *os.Root
		before time.Time
		ours   func(string) bool
	}{
		{b.in, now.Add(-forgotten), func(name string) bool { return underWay(name) && !taken(name) }},
		{b.out, now.Add(-answersKept), func(string) bool { return true }},
	} {
		entries, err := list(place.root, ".")
		if err != nil {
			return err
		}
		for _, entry := range entries {
			info, err := entry.Info()
			if err != nil || !place.ours(entry.Name()) || !info.ModTime().Before(place.before) {
				continue // removed meanwhile, or not to be
			}
			if err := place.root.RemoveAll(entry.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

// underWay tells whether a name is that of an upload which is not complete,
// or of a checksum, which is no delivery.
func underWay(name string) bool {
	if strings.HasPrefix(name, ".") {
		return true
	}
	name = strings.ToLower(name)
	for _, end := range []string{".part", ".filepart", ".partial", ".tmp", checksumEnd} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// taken begins the names of what the watcher took: ".taken-", the arrival's
// identifier, a seal, a safe name, with dashes between. The seal is ours: a
// sender who gave such a name would choose what is resumed.
const taken = ".taken-"

// misnamed begins the safe name of what had another: no safe name begins so.
const misnamed = "_"

func (v *Vault) takenName(account string, it item) string {
	name := it.name
	if it.misnamed {
		name = misnamed + name
	}
	seal := v.key.MAC("reception taken", []byte(account), []byte(it.id.String()), []byte(name))
	return fmt.Sprintf("%s%s-%x-%s", taken, it.id, seal[:8], name)
}

// takenAs reads such a name.
func (v *Vault) takenAs(account, name string) (it item, ok bool) {
	parts := strings.SplitN(strings.TrimPrefix(name, taken), "-", 3)
	if len(parts) != 3 {
		return it, false
	}
	id, err := school.ParseID(parts[0])
	it = item{id: id, taken: name}
	it.name, it.misnamed = strings.CutPrefix(parts[2], misnamed)
	return it, err == nil && hmac.Equal([]byte(name), []byte(v.takenName(account, it)))
}
