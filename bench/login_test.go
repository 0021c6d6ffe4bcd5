package bench

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
	"golang.org/x/crypto/argon2"

	"preau/account"
	"preau/app"
	"preau/core/db"
	"preau/core/rank"
	"preau/test/village"
)

// loginPassword is that of everybody who signs in.
const loginPassword = "un préau sous la pluie"

// BenchmarkLogins measures how many people sign in within a second, beside the
// bare argon2id of the same cost, which is the floor; what a request costs to
// find its session; and the pages of those who are in while ten times as many
// people sign in as the machine can take.
func BenchmarkLogins(b *testing.B) {
	preau := program(b)
	rank.Widen() // as the server does
	dir := b.TempDir()
	if _, err := village.Write(dir, village.Options{Schools: 20, Seed: 1, Date: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)}); err != nil {
		b.Fatal(err)
	}
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		at := install(b, engine, preau)
		at.feed(b, dir)
		at.signIn(b)
	}
}

func (at installation) signIn(b *testing.B) {
	b.Helper()
	ctx := b.Context()
	house, err := app.Open(ctx, app.Place{Data: at.data, DB: at.db}, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer house.Close()
	visitors, err := letIn(ctx, house)
	if err != nil {
		b.Fatal(err)
	}
	logins, err := loginsOf(ctx, house, visitors)
	if err != nil {
		b.Fatal(err)
	}
	floor := perSecondOf(b, rank.Processors, func() error {
		argon2.IDKey([]byte(loginPassword), []byte("a salt of sixteen"), 2, 19*1024, 1, 32) // as account hashes
		return nil
	})
	var next atomic.Int64
	rate := perSecondOf(b, 8*rank.Processors, func() error {
		_, err := house.Accounts.SignIn(ctx, logins[int(next.Add(1))%len(logins)], loginPassword, account.Origin{})
		return err
	})
	b.Logf("%-10s %6.1f logins a second, %6.1f hashes: %.2f of the floor", at.engine, rate, floor, rate/floor)
	session := costOf(b, house, func(tx *db.Tx) error {
		_, err := house.Accounts.Resolve(tx, visitors[0].token)
		return err
	})
	bare := costOf(b, house, func(tx *db.Tx) error {
		var one int
		return tx.Get([]any{&one}, `SELECT 1`)
	})
	b.Logf("%-10s a session is found in %s; the database answers to nothing in %s", at.engine, session, bare)

	site, stop := at.serve(b)
	defer stop()
	load(site, visitors, 2*time.Second)
	before := load(site, visitors, 15*time.Second)
	end := begin(site, visitors)
	answers := storm(site, logins, int(10*rate), 15*time.Second)
	during := end()
	if during[allPages].errors > 0 {
		b.Errorf("%d pages failed", during[allPages].errors)
	}
	b.Logf("%-10s pages, p95: %.1f ms, and %.1f while %d people a second sign in: %d pages failed; answers to who signs in: %v",
		at.engine, before[allPages].at(.95), during[allPages].at(.95), int(10*rate), during[allPages].errors, answers)
}

// loginsOf lists what the visitors type.
func loginsOf(ctx context.Context, house *app.House, visitors []visitor) (logins []string, err error) {
	err = house.DB.Read(ctx, func(tx *db.Tx) error {
		for _, v := range visitors {
			session, err := house.Accounts.Resolve(tx, v.token)
			if err != nil {
				return err
			}
			accounts, err := account.Of(tx, session.Person)
			if err != nil {
				return err
			}
			logins = append(logins, accounts[session.Person].Login.String())
		}
		return nil
	})
	return logins, err
}

// perSecondOf counts how often something is done in a second by so many at once.
func perSecondOf(b *testing.B, many int, act func() error) float64 {
	b.Helper()
	const long = 5 * time.Second
	var done atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range many {
		all.Go(func() {
			for time.Since(began) < long {
				if err := act(); err != nil {
					b.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	return float64(done.Load()) / time.Since(began).Seconds()
}

// costOf is how long a question takes in a transaction that reads.
func costOf(b *testing.B, house *app.House, ask func(*db.Tx) error) time.Duration {
	b.Helper()
	const times = 5000
	began := time.Now()
	err := house.DB.Read(b.Context(), func(tx *db.Tx) error {
		for range times {
			if err := ask(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(began) / times
}

// storm has people sign in at a constant rate, each from home, whatever becomes of
// those before, and counts the answers by their status.
func storm(site string, logins []string, rate int, long time.Duration) []string {
	var targets []vegeta.Target
	for i, login := range logins {
		targets = append(targets, vegeta.Target{
			Method: http.MethodPost, URL: site + "/login", Body: []byte(url.Values{"login": {login}, "password": {loginPassword}}.Encode()),
			Header: http.Header{
				"Content-Type":    {"application/x-www-form-urlencoded"},
				"X-Forwarded-For": {fmt.Sprintf("198.51.100.%d", i)},
			},
		})
	}
	attacker := vegeta.NewAttacker(vegeta.Redirects(vegeta.NoFollow), vegeta.MaxBody(0), vegeta.Timeout(60*time.Second), vegeta.MaxWorkers(2000))
	counts := map[uint16]int{}
	for r := range attacker.Attack(vegeta.NewStaticTargeter(targets...), vegeta.ConstantPacer{Freq: rate, Per: time.Second}, long, "") {
		counts[r.Code]++
	}
	var said []string
	for code, n := range counts {
		said = append(said, fmt.Sprintf("%s: %d", strings.TrimSpace(strconv.Itoa(int(code))+" "+http.StatusText(int(code))), n))
	}
	slices.Sort(said)
	return said
}
