package notify_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/notify"
	"preau/core/school"
	"preau/directory"
)

// exchange is a gateway of text messages: a real server, over TLS, that checks what it is
// given.
type exchange struct {
	t      *testing.T
	server *httptest.Server
	key    []byte

	mu     sync.Mutex
	status int
	refuse string   // number that it refuses
	refs   []string // of the messages of the last batch
	keys   []string // idempotency keys, in the order in which batches came
	took   []string // "phone text" of the messages of the last batch
}

func newExchange(t *testing.T) *exchange {
	t.Helper()
	e := &exchange{t: t, key: []byte(strings.Repeat("secret", 6)), status: http.StatusOK}
	e.server = httptest.NewTLSServer(e)
	t.Cleanup(e.server.Close)
	return e
}

func (e *exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	mac := hmac.New(sha256.New, e.key)
	mac.Write([]byte(r.Header.Get("Preau-Timestamp") + "."))
	mac.Write(body)
	if got, want := r.Header.Get("Preau-Signature"), "sha256="+hex.EncodeToString(mac.Sum(nil)); err != nil || got != want {
		e.t.Errorf("signed %q, want %q (%v)", got, want, err)
	}
	var batch struct {
		Batch    string
		Until    time.Time
		Messages []struct{ Ref, Phone, Text string }
	}
	if err := json.Unmarshal(body, &batch); err != nil || batch.Batch == "" || batch.Until.IsZero() {
		e.t.Errorf("a batch that is none: %s (%v)", body, err)
	}
	e.keys, e.took, e.refs = append(e.keys, r.Header.Get("Idempotency-Key")), nil, nil
	var refused struct {
		Refused []string `json:"refused"`
	}
	for _, m := range batch.Messages {
		e.took, e.refs = append(e.took, m.Phone+" "+m.Text), append(e.refs, m.Ref)
		if m.Phone == e.refuse {
			refused.Refused = append(refused.Refused, m.Ref)
		}
	}
	w.WriteHeader(e.status)
	_ = json.NewEncoder(w).Encode(refused)
}

// urges has the town tell one notice, of a class, until noon of the next day.
func (h *town) urges(class school.ID) (notice school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		notice = school.NewID(tx.Now)
		until := tx.Now.Add(12 * time.Hour)
		h.Notice = func(tx *db.Tx, _ i18n.Printer, id school.ID) (notify.Urgent, error) {
			if id != notice || tx.Now.After(until) {
				return notify.Urgent{}, fail.New(fail.NotFound, "it is said no more")
			}
			return notify.Urgent{
				Room: "board", To: []audience.Audience{families(class), {Place: audience.Class, Of: class, Side: audience.Pupils}},
				Title: "École fermée", Text: "La chaudière est en panne.", Path: "/board/1", Until: until,
			}, nil
		}
		return h.Urge(tx, notice)
	})
	return notice
}

// fates is what became of a notice for a person, by channel.
func (h *town) fates(notice, person school.ID) map[notify.Channel]notify.State {
	h.T.Helper()
	of := map[notify.Channel]notify.State{}
	h.Read(func(tx *db.Tx) error {
		all, err := h.Fates(tx, notice)
		for _, fate := range all {
			if fate.Person == person {
				of[fate.Channel] = fate.State
			}
		}
		return err
	})
	return of
}

// An urgent notice leaves at night, to whoever wants no mail and to every browser, whatever they
// muted; the sweep and the evening tell it no more.
func TestWhatIsUrgentWaitsForNothing(t *testing.T) {
	onBoth(t, func(h *town) {
		p := newPhone(h.T)
		h.Write(func(tx *db.Tx) (err error) {
			h.Push, err = notify.OpenPusher(tx, h.House.Key)
			return err
		})
		h.Push.Through(p.server.Client())
		f := h.separated()
		h.choose(f.mother, func(c *notify.Choice) { c.Mail, c.Muted["board"] = notify.Never, true })
		h.choose(f.father, func(c *notify.Choice) { c.Rooms["board"] = notify.Now })
		h.Write(func(tx *db.Tx) error { return h.SubscribeHere(tx, f.mother, 1, p.at()) })
		h.sweep("2026-10-10 02:58")
		h.at("2026-10-10 03:00")
		notice := h.urges(f.class)
		h.publish(families(f.class))
		mails := h.left()
		for _, person := range []school.ID{f.mother, f.father} {
			if got := to(person, mails); len(got) != 1 || !strings.Contains(got[0].Text, "chaudière") || !strings.Contains(got[0].Text, "https://ent.preau.test/board/1") {
				h.T.Errorf("%d urgent mails of %s", len(got), person)
			}
		}
		if len(p.came) != 1 || !strings.Contains(p.came[0], "chaudière") || !strings.Contains(p.came[0], `"urgent":true`) || p.header.Get("Urgency") != "high" {
			h.T.Errorf("pushed %q, %q", p.came, p.header)
		}
		if got := h.fates(notice, f.mother); got[notify.Mail] != notify.Taken || got[notify.Push] != notify.Taken {
			h.T.Errorf("of the mother it is known that %v", got)
		}
		if mails := h.sweep("2026-10-10 08:00"); len(mails) > 0 {
			h.T.Errorf("the sweep tells it again: %d", len(mails))
		}
		if again := to(f.father, h.evening("2026-10-10 18:30")); len(again) > 0 {
			h.T.Errorf("the evening tells it again")
		}
		// The mail came back after all; where it came back twice nothing is sent.
		h.Write(func(tx *db.Tx) error { return h.Returned(tx, f.father, address(f.father)) })
		if got := h.fates(notice, f.father); got[notify.Mail] != notify.Refused {
			h.T.Errorf("of the father it is known that %v", got)
		}
		h.at("2026-10-10 21:00")
		h.Write(func(tx *db.Tx) error { return h.Returned(tx, f.father, address(f.father)) })
		h.urges(f.class)
		if got := to(f.father, h.left()); len(got) > 0 {
			h.T.Errorf("%d mails to where it comes back", len(got))
		}
	})
}

// Text messages leave in one batch, signed; the gateway that is down is tried again with the
// same key until the notice is of no use, and what it refuses is known, by person.
func TestTextMessages(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		e := newExchange(h.T)
		gateway, err := notify.NewGateway(e.server.URL, e.key)
		if err != nil {
			h.T.Fatal(err)
		}
		gateway.Client = e.server.Client()
		h.Gateway, h.Mobiles = gateway, directory.Mobiles
		h.Write(func(tx *db.Tx) error {
			if _, err := tx.Exec(`UPDATE directory_person SET mobile_phone = ''`); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE directory_person SET mobile_phone = CASE WHEN id = $1 THEN '06 12 34 56 78' ELSE '+33 (0)7.00.00.00.01' END WHERE id IN ($1, $2)`, f.mother, f.father)
			return err
		})
		h.at("2026-10-05 08:00")
		e.status = http.StatusServiceUnavailable
		notice := h.urges(f.class)
		h.left()
		if got := h.fates(notice, f.mother); got[notify.SMS] != notify.Leaving {
			h.T.Errorf("while the gateway is down, %v", got)
		}
		refs := e.refs
		e.status, e.refuse = http.StatusAccepted, "+33700000001"
		h.at("2026-10-05 08:05")
		h.left()
		if want := []string{"+33612345678 École fermée\nLa chaudière est en panne.", "+33700000001 École fermée\nLa chaudière est en panne."}; !slices.Equal(slices.Sorted(slices.Values(e.took)), want) {
			h.T.Errorf("the gateway took %q", e.took)
		}
		if len(e.keys) != 2 || e.keys[0] != e.keys[1] {
			h.T.Errorf("the keys of one batch: %q", e.keys)
		}
		if len(refs) != 2 || !slices.Equal(refs, e.refs) {
			h.T.Errorf("the references of one batch: %q, then %q", refs, e.refs)
		}
		states := []notify.State{h.fates(notice, f.mother)[notify.SMS], h.fates(notice, f.father)[notify.SMS]}
		if !slices.Equal(states, []notify.State{notify.Taken, notify.Refused}) {
			h.T.Errorf("the states %v", states)
		}
		// A gateway that refuses the batch is not asked again.
		e.status, e.refuse = http.StatusBadRequest, ""
		notice = h.urges(f.class)
		h.left()
		h.at("2026-10-05 09:30")
		h.left()
		if got := h.fates(notice, f.mother); got[notify.SMS] != notify.Refused || len(e.keys) != 3 {
			h.T.Errorf("refused: %v, after %d batches", got, len(e.keys))
		}
		// What another notice replaced meanwhile does not leave.
		e.status = http.StatusServiceUnavailable
		notice = h.urges(f.class)
		h.left()
		e.status, h.Notice = http.StatusOK, func(*db.Tx, i18n.Printer, school.ID) (notify.Urgent, error) {
			return notify.Urgent{}, fail.New(fail.NotFound, "replaced")
		}
		h.at("2026-10-05 11:00")
		if h.left(); len(e.keys) != 4 {
			h.T.Errorf("%d batches, the last of what was replaced", len(e.keys))
		}
		if got := h.fates(notice, f.mother); got[notify.SMS] != notify.Refused {
			h.T.Errorf("what was replaced %v still", got)
		}
		// Whom a judge bars while the gateway is down is told nothing, and does not wait for ever;
		// the reference of the other one is what it was.
		e.status = http.StatusServiceUnavailable
		notice = h.urges(f.class)
		h.left()
		refs = e.refs
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{Pupil: f.pupil, Guardian: f.mother, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now)})
			return err
		})
		e.status = http.StatusOK
		h.at("2026-10-05 11:05")
		h.left()
		if len(e.took) != 1 || !strings.HasPrefix(e.took[0], "+33700000001") || len(refs) != 2 || !slices.Contains(refs, e.refs[0]) {
			h.T.Errorf("once she is barred, the gateway took %q as %q of %q", e.took, e.refs, refs)
		}
		if hers, his := h.fates(notice, f.mother)[notify.SMS], h.fates(notice, f.father)[notify.SMS]; hers != notify.Refused || his != notify.Taken {
			h.T.Errorf("the states %q and %q", hers, his)
		}
	})
}

// What no push service takes does not wait for ever.
func TestAPushThatFailsIsSettled(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		p := h.pushes(f.mother, 1)
		h.at("2026-10-05 08:00")
		p.status = http.StatusBadRequest
		notice := h.urges(f.class)
		h.left()
		if got := h.fates(notice, f.mother); got[notify.Push] != notify.Refused {
			h.T.Errorf("refused: %v", got)
		}
		p.status = http.StatusServiceUnavailable
		notice = h.urges(f.class)
		h.left()
		if got := h.fates(notice, f.mother); got[notify.Push] != notify.Leaving {
			h.T.Errorf("while it is down: %v", got)
		}
		h.Write(func(tx *db.Tx) error { return notify.SignedOut(tx, 1) })
		h.at("2026-10-05 08:30")
		h.left()
		if got := h.fates(notice, f.mother); got[notify.Push] != notify.Refused {
			h.T.Errorf("signed out: %v", got)
		}
	})
}

// What is no gateway.
func TestWhatIsNoGateway(t *testing.T) {
	key := []byte(strings.Repeat("k", 32))
	for _, address := range []string{"", "http://sms.example.fr", "https://", "https://user@sms.example.fr", "ftp://sms.example.fr"} {
		if _, err := notify.NewGateway(address, key); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
	if _, err := notify.NewGateway("https://sms.example.fr/send", key[1:]); err == nil {
		t.Error("a short key is taken")
	}
	if _, err := notify.NewGateway("https://sms.example.fr/send", key); err != nil {
		t.Error(err)
	}
}
