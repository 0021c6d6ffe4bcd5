package house

import (
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"preau/account"
	"preau/core/audience"
	"preau/core/audit"
	"preau/core/config"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/job"
	"preau/core/mail"
	"preau/core/notify"
	"preau/core/past"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/seal"
	"preau/core/search"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/portal"
	"preau/test/village"
)

// House is an installation, seen from a test.
type House struct {
	T        *testing.T
	DB       *db.DB
	Key      *seal.Key
	Audit    *audit.Log
	Accounts *account.Accounts
	Feeder   *feed.Feeder
	Words    *i18n.Catalogue
	URL      string      // of the site, once it is served
	Fed      feed.Result // in a copy of a village

	cut     *atomic.Bool // nobody reaches the site
	sever   func()       // cuts what is on its way
	asked   *requests
	breaker *counter
	ahead   *web.Ahead // see [House.Later]
}

// Schemas are the tables that every house has.
func Schemas() []db.Schema {
	return []db.Schema{directory.Schema(), feed.Schema(), account.Schema(), audit.Schema(), job.Schema(), mail.Schema(), audience.Schema(), search.Schema(), past.Schema(), notify.Schema(), config.Schema(), portal.Schema()}
}

// New makes a house on a database, which has the tables of [Schemas]. Its
// words are those of every page, the register's, the hall's, and those that are
// given.
func New(t *testing.T, d *db.DB, words ...fs.FS) *House {
	t.Helper()
	key, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	return withKey(t, d, key, words)
}

// withKey makes a house whose database was made under a key.
func withKey(t *testing.T, d *db.DB, key *seal.Key, words []fs.FS) *House {
	t.Helper()
	h := &House{T: t, DB: d, Key: key, Audit: audit.New(key), Words: wordsOf(t, words)}
	h.Audit.Replaces = directory.Replaces
	h.Accounts = account.New(d, key, h.Audit, directory.Hats, directory.Standing)
	h.Accounts.Gone = directory.Gone
	h.breaker = &counter{Accounts: h.Accounts, acted: map[school.ID]int{}}
	h.Accounts.Quick(t)
	h.Feeder = &feed.Feeder{
		DB: d, Log: slog.New(slog.DiscardHandler), Caps: feed.DefaultCaps, Key: key, Audit: h.Audit,
		Newcomers: h.Accounts.MakeLogins, Ended: h.Accounts.EndPost,
	}
	return h
}

// Deliver writes a complete delivery of a village, and gives its folder.
func (h *House) Deliver(options village.Options) (dir string) {
	h.T.Helper()
	dir = h.T.TempDir()
	if _, err := village.Write(dir, options); err != nil {
		h.T.Fatal(err)
	}
	return dir
}

// Feed feeds the delivery of a folder.
func (h *House) Feed(dir string) feed.Result {
	h.T.Helper()
	results, err := h.Feeder.Feed(h.T.Context(), dir, feed.Options{})
	if err != nil {
		h.T.Fatal(err)
	}
	return results[len(results)-1]
}

// Serve opens a site until the end of the test. The configuration needs the
// rooms only: its address, database and words are the house's, and so are the
// doors, the log and the rights of the services, unless it has its
// own.
func (h *House) Serve(config web.Config) { h.ServeAs("127.0.0.1", config) }

// ServeAs is Serve under another name of this machine: "localhost", where
// browsers have passkeys, which they make for no address.
func (h *House) ServeAs(name string, config web.Config) {
	h.T.Helper()
	h.watch()
	server := httptest.NewUnstartedServer(nil)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		h.T.Fatal(err)
	}
	h.URL = "http://" + net.JoinHostPort(name, port)
	config.URL, config.DB, config.Words = h.URL, h.DB, h.Words
	if config.Rights == nil {
		var tables []rights.Table
		var rooms []web.Room
		for _, service := range config.Services {
			tables, rooms = append(tables, service.Rights()), append(rooms, service)
		}
		if config.Rights, err = rights.New(tables...); err == nil {
			err = web.Lend(config.Rights, rooms...)
		}
		if err != nil {
			h.T.Fatal(err)
		}
	}
	if config.Doors == nil {
		config.Doors = portal.Doors{Accounts: h.Accounts}
	}
	if config.Audiences == nil {
		config.Audiences = directory.Audiences{}
	}
	if config.Breaker == nil {
		config.Breaker = h.breaker
	}
	if config.Marks == nil {
		config.Marks = portal.Marks{}
	}
	if config.Log == nil {
		config.Log = slog.New(slog.NewTextHandler(h.T.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	}
	h.looksAhead(config)
	site, err := web.New(config)
	if err != nil {
		h.T.Fatal(err)
	}
	h.cut, h.asked = new(atomic.Bool), new(requests)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.cut.Load() {
			panic(http.ErrAbortHandler)
		}
		h.asked.add(r.Method + " " + r.URL.Path)
		site.ServeHTTP(w, r)
	})
	server.Start()
	h.sever = server.CloseClientConnections
	h.T.Cleanup(server.Close)
}

// requests are what was asked of the site, each as "GET /path".
type requests struct {
	mu  sync.Mutex
	all []string
}

func (q *requests) add(one string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.all = append(q.all, one)
}

// Asked gives what was asked of the site since it was called before, each as "GET /path".
func (h *House) Asked() []string {
	h.asked.mu.Lock()
	defer h.asked.mu.Unlock()
	all := h.asked.all
	h.asked.all = nil
	return all
}

// Cut puts the site out of reach of everybody, or back; what was on its way is cut too.
func (h *House) Cut(gone bool) {
	h.cut.Store(gone)
	if gone && h.sever != nil {
		h.sever()
	}
}

// Read runs a function in a transaction that reads.
func (h *House) Read(f func(*db.Tx) error) {
	h.T.Helper()
	if err := h.DB.Read(h.T.Context(), f); err != nil {
		h.T.Fatal(err)
	}
}

// Write runs a function in a transaction that writes.
func (h *House) Write(f func(*db.Tx) error) {
	h.T.Helper()
	if err := h.DB.Write(h.T.Context(), f); err != nil {
		h.T.Fatal(err)
	}
}

// Some reads identifiers.
func (h *House) Some(query string, args ...any) (ids []school.ID) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) (err error) {
		ids, err = db.All(tx, db.Column[school.ID], query, args...)
		return err
	})
	return ids
}

// One reads the only identifier that a query finds.
func (h *House) One(query string, args ...any) school.ID {
	h.T.Helper()
	ids := h.Some(query, args...)
	if len(ids) != 1 {
		h.T.Fatalf("%d found by %s", len(ids), query)
	}
	return ids[0]
}
