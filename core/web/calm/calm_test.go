package calm_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/seal"
	"preau/core/web/calm"
)

// room is a room whose words are as long as a test wants, titled by their thing.
type room struct {
	size    int
	posters map[school.ID]string
}

func (r room) Sample(_ *db.Tx, things []school.ID) (words []calm.Word, err error) {
	for _, thing := range things {
		words = append(words, calm.Word{
			Thing: thing, Title: calm.Titled(thing.String()), Size: r.size, Poster: r.posters[thing], From: func(i18n.Printer) string { return "" },
			Body: func(time.Time) templ.Component { return templ.NopComponent },
		})
	}
	return words, nil
}

// of is a Calm of a room, on a database, with what voids tickets.
func of(t *testing.T, d *db.DB, r room, voided *[]calm.Voided) *calm.Calm {
	t.Helper()
	key, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	c := &calm.Calm{
		DB: d, Key: key, Log: slog.New(slog.DiscardHandler), Rooms: map[string]calm.Sampler{"yard": r},
		Voided: func(*db.Tx, time.Time) ([]calm.Voided, error) { return *voided, nil },
	}
	return c.Ready()
}

func class(of school.ID) audience.Audience {
	return audience.Audience{Place: audience.Class, Of: of, Side: audience.Families}
}

func publish(t *testing.T, d *db.DB, addresses ...audience.Address) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, a := range addresses {
			if a.NewsUntil.IsZero() {
				a.NewsUntil = dbtest.Noon.AddDate(0, 0, 9)
			}
			if err := audience.Publish(tx, a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func refresh(t *testing.T, c *calm.Calm) {
	t.Helper()
	if err := c.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// titles are those of what somebody reads who holds some audiences, as a parent of 7.
func titles(c *calm.Calm, held ...audience.Audience) (titles []string) {
	t := calm.Ticket{Profile: school.Guardian}
	for _, a := range held {
		t.Held = append(t.Held, calm.Held{Audience: a.ID(), Child: 7})
	}
	for _, line := range c.Words(t).Lines {
		titles = append(titles, line.Title(i18n.Printer{}))
	}
	return titles
}

// What is read is what was published lately to what one holds, at its hour and no longer
// than it is news, the latest first; by whoever holds nothing of it, nothing.
func TestWhatIsRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := func(hours int) time.Time { return dbtest.Noon.Add(time.Duration(hours) * time.Hour) }
		publish(t, d,
			audience.Address{Room: "yard", Thing: 101, Audiences: []audience.Audience{class(3)}, Published: at(-20)},
			audience.Address{Room: "yard", Thing: 102, Audiences: []audience.Audience{class(3), class(4)}, Published: at(-1)},
			audience.Address{Room: "yard", Thing: 103, Audiences: []audience.Audience{class(4)}, Published: at(-2)},
			audience.Address{Room: "yard", Thing: 104, Audiences: []audience.Audience{class(3)}, Published: at(-100)},
			audience.Address{Room: "yard", Thing: 105, Audiences: []audience.Audience{class(3)}, Published: at(2)},
			audience.Address{Room: "yard", Thing: 106, Audiences: []audience.Audience{class(3)}, Published: at(-3), NewsUntil: at(1)},
			audience.Address{Room: "shed", Thing: 107, Audiences: []audience.Audience{class(3)}, Published: at(-1)},
			audience.Address{Room: "yard", Thing: 108, School: 9, Audiences: []audience.Audience{class(3)}, Published: at(-4)},
		)
		var voided []calm.Voided
		c := of(t, d, room{size: 1}, &voided)
		if got := titles(c, class(3)); got != nil {
			t.Errorf("read before anything is: %v", got)
		}
		refresh(t, c)
		wants := func(held []audience.Audience, want ...string) {
			t.Helper()
			if got := titles(c, held...); !slices.Equal(got, want) {
				t.Errorf("at %s, %v reads %v, want %v", d.Now(), held, got, want)
			}
		}
		wants(nil)
		wants([]audience.Audience{class(5), {Place: audience.Class, Of: 3, Side: audience.Pupils}})
		wants([]audience.Audience{class(3), class(3)}, "102", "106", "108", "101")
		wants([]audience.Audience{class(4), class(3)}, "102", "103", "106", "108", "101")
		if page := c.Words(calm.Ticket{}); !page.At.Equal(dbtest.Noon) {
			t.Errorf("as of %s", page.At)
		}
		d.Now = func() time.Time { return at(3) } // nothing was read since
		wants([]audience.Audience{class(3)}, "105", "102", "108", "101")
		d.Now = func() time.Time { return at(5) }
		wants([]audience.Audience{class(3)})

		d.Now = func() time.Time { return dbtest.Noon }
		c.Shut = func(*db.Tx) ([]calm.Shut, error) {
			return []calm.Shut{{School: 9, Room: "yard", Profile: school.Guardian}, {School: 0, Room: "yard", Profile: school.Pupil}}, nil
		}
		refresh(t, c)
		wants([]audience.Audience{class(3)}, "102", "106", "101")
	}, audience.Schema())
}

// On a public page anybody reads what is there, unless its service is shut to everybody.
func TestWhatAnybodyReads(t *testing.T) {
	d := dbtest.SQLite(t, audience.Schema())
	for thing := range school.ID(2) {
		publish(t, d, audience.Address{Room: "yard", Thing: 101 + thing, Audiences: []audience.Audience{class(3)}, Published: dbtest.Noon})
	}
	var voided []calm.Voided
	c := of(t, d, room{1, map[school.ID]string{102: "/open"}}, &voided)
	for _, step := range []struct {
		shut []calm.Shut
		want int
	}{{nil, 1}, {[]calm.Shut{{Room: "yard", Profile: school.Pupil}, {Room: "shed"}}, 1}, {[]calm.Shut{{Room: "yard"}}, 0}} {
		c.Shut = func(*db.Tx) ([]calm.Shut, error) { return step.shut, nil }
		refresh(t, c)
		if lines := c.Poster("/open").Lines; len(lines) != step.want || step.want == 1 && (lines[0].Title(i18n.Printer{}) != "102" || lines[0].Children != nil) {
			t.Errorf("with %v shut, anybody reads %+v", step.shut, lines)
		}
		if lines := c.Poster("").Lines; len(lines) > 0 {
			t.Errorf("anywhere, anybody reads %+v", lines)
		}
	}
}

// A snapshot has a bounded number of words and of bytes, the latest, and says since when.
func TestASnapshotIsBounded(t *testing.T) {
	d := dbtest.SQLite(t, audience.Schema())
	var all []audience.Address
	for i := range 25_000 {
		all = append(all, audience.Address{Room: "yard", Thing: school.ID(1 + i), Audiences: []audience.Audience{class(school.ID(1 + i%2))},
			Published: dbtest.Noon.Add(-time.Duration(i) * time.Second)})
	}
	publish(t, d, all...)
	var voided []calm.Voided
	for name, test := range map[string]struct {
		size  int
		since time.Time
	}{
		"words": {100, dbtest.Noon.Add(-19_999 * time.Second)},
		"bytes": {1 << 20, dbtest.Noon.Add(-31 * time.Second)},
	} {
		c := of(t, d, room{size: test.size}, &voided)
		refresh(t, c)
		page := c.Words(calm.Ticket{Held: []calm.Held{{Audience: class(1).ID()}}})
		if !page.Since.Equal(test.since) || page.Lines[0].Title(i18n.Printer{}) != "1" {
			t.Errorf("%s: since %s, want %s; first %s", name, page.Since, test.since, page.Lines[0].Title(i18n.Printer{}))
		}
		if len(page.Lines) > 60 {
			t.Errorf("%s: %d on a page", name, len(page.Lines))
		}
	}
}

// A ticket opens with the session to which it was given, under the key that sealed it, for
// half an hour at most and no longer than what is held.
func TestATicketOpensNowhereElse(t *testing.T) {
	d := dbtest.SQLite(t, audience.Schema())
	var voided []calm.Voided
	c, other := of(t, d, room{size: 1}, &voided), of(t, d, room{size: 1}, &voided)
	holder := calm.Holder{
		Person: 1, Session: 2, Profile: school.Guardian, Names: map[school.ID]string{7: "Louise"},
		Held: audience.Holdings{{Audience: class(3), Child: 7}},
	}
	issue := func(h calm.Holder) string {
		t.Helper()
		sealed, err := c.Issue(h, d.Now(), "token")
		if err != nil {
			t.Fatal(err)
		}
		return sealed
	}
	sealed := issue(holder)
	got, ok := c.Open(sealed, "token")
	if !ok || got.Person != 1 || got.Names[7] != "Louise" || !slices.Equal(got.Held, []calm.Held{{Audience: "class:3:families", Child: 7}}) {
		t.Fatalf("%+v %t", got, ok)
	}
	if strings.Contains(sealed, "Louise") || len(sealed) > 400 {
		t.Errorf("%d bytes: %s", len(sealed), sealed)
	}
	for name, one := range map[string]struct{ sealed, token string }{
		"another session": {sealed, "other"}, "no session": {sealed, ""}, "nothing": {"", "token"}, "cut": {sealed[:len(sealed)-2], "token"},
		"changed": {strings.Replace(sealed, sealed[40:41], "_", 1) + "A", "token"}, "no ticket": {"not base64 !", "token"},
		"endless": {strings.Repeat("A", 1<<20), "token"},
	} {
		if _, ok := c.Open(one.sealed, one.token); ok {
			t.Errorf("%s opens", name)
		}
	}
	if _, ok := other.Open(sealed, "token"); ok {
		t.Error("it opens in another installation")
	}
	var crowd audience.Holdings
	for i := range 4000 {
		crowd = append(crowd, audience.Held{Audience: class(school.ID(i * 7919))})
	}
	if sealed := issue(calm.Holder{Person: 1, Held: crowd}); sealed != "" {
		t.Errorf("a ticket of %d bytes", len(sealed))
	}
	holder.Held[0].Until = dbtest.Noon.Add(10 * time.Minute)
	short := issue(holder)
	holder.Until = dbtest.Noon.Add(5 * time.Minute)
	shorter := issue(holder)
	for _, step := range []struct {
		after              time.Duration
		long, short, least bool
	}{
		{4 * time.Minute, true, true, true}, {5 * time.Minute, true, true, false}, {10 * time.Minute, true, false, false}, {30 * time.Minute, false, false, false},
		{-time.Minute, false, false, false},
	} {
		d.Now = func() time.Time { return dbtest.Noon.Add(step.after) }
		for sealed, want := range map[string]bool{sealed: step.long, short: step.short, shorter: step.least} {
			if _, ok := c.Open(sealed, "token"); ok != want {
				t.Errorf("after %s, it opens: %t", step.after, ok)
			}
		}
	}
}

// What is void is so of the tickets that were issued before the node knew, whatever the
// instant that is written, for whom it is about, and of no other.
func TestWhatVoidsATicket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var voided []calm.Voided
		c := of(t, d, room{size: 1}, &voided)
		now := dbtest.Noon
		d.Now = func() time.Time { return now }
		issue := func() string {
			sealed, err := c.Issue(calm.Holder{Person: 1, Session: 2, Held: audience.Holdings{{Audience: class(3), Child: 7}}}, now, "token")
			if err != nil {
				t.Fatal(err)
			}
			return sealed
		}
		for _, about := range []school.ID{0, 1, 2, 3, 7} {
			sealed := issue()
			now = now.Add(time.Minute)
			refresh(t, c)
			if _, ok := c.Open(sealed, "token"); !ok {
				t.Fatalf("before %d is void, it does not open", about)
			}
			voided = append(voided, calm.Voided{At: now.Add(-time.Hour), About: 99}, calm.Voided{At: now.Add(-time.Hour), About: about})
			refresh(t, c)
			if _, ok := c.Open(sealed, "token"); ok {
				t.Errorf("%d is void, and it opens", about)
			}
			now = now.Add(time.Minute)
			if _, ok := c.Open(issue(), "token"); !ok {
				t.Errorf("%d is void, and a new one does not open", about)
			}
		}
	}, audience.Schema())
}

// Whoever waits for the database when it goes away waits no longer, and nobody asks it again
// before it answers.
func TestTheCircuit(t *testing.T) {
	d := dbtest.SQLite(t, audience.Schema())
	var voided []calm.Voided
	c := of(t, d, room{size: 1}, &voided)
	var gone error
	c.Alive = func(context.Context) error { return gone }
	ctx, let := c.While(t.Context())
	defer let()
	if c.Probe(t.Context()) || c.Away() || ctx.Err() != nil {
		t.Fatal("it is away")
	}
	gone = errors.New("no route")
	if !c.Probe(t.Context()) || !c.Away() {
		t.Fatal("it is not away")
	}
	if <-ctx.Done(); !errors.Is(context.Cause(ctx), calm.ErrAway) {
		t.Errorf("who waits is stopped for %v", context.Cause(ctx))
	}
	gone = nil
	if c.Probe(t.Context()) || c.Away() {
		t.Error("it is away still")
	}
	again, let := c.While(t.Context())
	defer let()
	if again.Err() != nil {
		t.Error("what begins now is stopped")
	}
}

// That the database went away is noticed while the words of the day are being read, however
// long it takes.
func TestTheCircuitWaitsForNoReading(t *testing.T) {
	d := dbtest.SQLite(t, audience.Schema())
	c := of(t, d, room{size: 1}, &[]calm.Voided{})
	reading, over := make(chan struct{}), make(chan struct{})
	c.Voided = func(*db.Tx, time.Time) ([]calm.Voided, error) {
		close(reading)
		<-over
		return nil, nil
	}
	c.Alive = func(context.Context) error { return errors.New("no route") }
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- c.Run(ctx) }()
	<-reading
	here, let := c.While(ctx)
	defer let()
	<-here.Done()
	if !errors.Is(context.Cause(here), calm.ErrAway) || !c.Away() {
		t.Errorf("who waits is stopped for %v", context.Cause(here))
	}
	stop()
	close(over)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A gate lets in as many as it has places, and one more when one leaves, once.
func TestTheGate(t *testing.T) {
	d := dbtest.SQLite(t, audience.Schema())
	var voided []calm.Voided
	c := of(t, d, room{size: 1}, &voided)
	c.Capacity, c.Waiting = 2, 1
	c.Ready()
	first, ok := c.Enter(t.Context(), false, true)
	_, ok2 := c.Enter(t.Context(), false, true)
	if !ok || !ok2 {
		t.Fatal("it is full at once")
	}
	if _, ok := c.Enter(t.Context(), true, true); !ok {
		t.Error("readers keep who writes out")
	}
	if _, ok := c.Enter(t.Context(), false, true); ok {
		t.Error("a third is let in")
	}
	first()
	first()
	if _, ok := c.Enter(t.Context(), false, true); !ok {
		t.Error("nobody is let in in the place of who left")
	}
	if _, ok := c.Enter(t.Context(), false, true); ok {
		t.Error("who leaves twice leaves two places")
	}
}

// However many strangers come, half of the places are for whoever is signed in; a stranger has
// any of the other half.
func TestStrangersKeepNobodyOut(t *testing.T) {
	d := dbtest.SQLite(t, audience.Schema())
	var voided []calm.Voided
	c := of(t, d, room{size: 1}, &voided)
	c.Capacity, c.Waiting = 4, 2
	c.Ready()
	leave, _ := c.Enter(t.Context(), false, false)
	c.Enter(t.Context(), false, false)
	let := make(chan bool)
	for range 8 {
		go func() {
			_, ok := c.Enter(t.Context(), false, false)
			let <- ok
		}()
	}
	for range 2 {
		if _, ok := c.Enter(t.Context(), false, true); !ok {
			t.Error("strangers keep out who is signed in")
		}
	}
	for range 8 {
		if <-let {
			t.Error("strangers have more than half of the places")
		}
	}
	leave()
	leave()
	if _, ok := c.Enter(t.Context(), false, false); !ok {
		t.Error("no stranger is let in in the place of one who left")
	}
	if _, ok := c.Enter(t.Context(), false, false); ok {
		t.Error("a stranger who leaves twice leaves two places")
	}
}

// What a room publishes that has no words of the day takes no place of those that have some.
func TestOtherRoomsTakeNoPlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		publish(t, d, audience.Address{Room: "yard", Thing: 101, Audiences: []audience.Audience{class(3)}, Published: dbtest.Noon.Add(-time.Hour)})
		for thing := range school.ID(3) {
			publish(t, d, audience.Address{Room: "shed", Thing: 201 + thing, Audiences: []audience.Audience{class(3)}, Published: dbtest.Noon})
		}
		for _, x := range []struct {
			rooms []string
			want  int
			all   bool
		}{{nil, 0, true}, {[]string{"attic"}, 0, true}, {[]string{"yard"}, 1, true}, {[]string{"shed", "yard"}, 1, false}} {
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				list, all, err := audience.Recent(tx, dbtest.Noon.Add(-2*time.Hour), dbtest.Noon, 2, x.rooms...)
				if len(list) != x.want || all != x.all {
					t.Errorf("%v: %+v, all of it: %t", x.rooms, list, all)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}, audience.Schema())
}
