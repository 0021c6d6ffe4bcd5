package removal_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/blob"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/seal"
	"preau/directory"
	"preau/office/removal"
	"preau/test/house"
)

// Nobody takes anything back alone, nor in a school that is not theirs, nor whose account it
// is; and nothing is gone meanwhile.
func TestNobodyDoesItAlone(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.steal()
		before := h.stored()
		refused := func(name string, reply house.Reply, status int) {
			t.Helper()
			if reply.StatusCode != status {
				t.Errorf("%s: %d, want %d\n%s", name, reply.StatusCode, status, reply.Main())
			}
		}
		refused("who is signed out looks", house.Visitor{House: h.House}.Get(s.path()), http.StatusSeeOther)
		for name, v := range map[string]house.Visitor{"a teacher": s.asTeacher, "a parent": s.asMother, "another head": s.farHead} {
			refused(name+" looks", v.Get(s.path()), http.StatusNotFound)
			refused(name+" asks", v.Post(s.path(), url.Values{"thing": {"1"}, "why": {"x"}}), http.StatusNotFound)
		}
		refused("a head looks everywhere", s.head.Get("/removal/person/"+s.thief.String()), http.StatusNotFound)
		refused("a head looks for somebody of elsewhere", s.head.Get("/removal/school/"+s.at.String()+"/person/"+h.Head(h.far[0]).String()), http.StatusNotFound)
		refused("a window that ends before it begins", s.head.Get(s.path()+"?since=2026-10-02T10:00&until=2026-10-01T10:00"), http.StatusUnprocessableEntity)
		refused("a window of a year", s.head.Get(s.path()+"?since=2025-10-02T10:00"), http.StatusUnprocessableEntity)
		refused("no instant", s.head.Get(s.path()+"?since=demain"), http.StatusUnprocessableEntity)
		things := found(s.head.Get(s.path()))
		refused("without a reason", s.head.Post(s.path(), url.Values{"thing": things}), http.StatusUnprocessableEntity)
		refused("without a thing", s.head.Post(s.path(), url.Values{"why": {"x"}}), http.StatusUnprocessableEntity)
		refused("a thing of another", s.head.Post(s.path(), url.Values{"why": {"x"}, "thing": {s.pupil.String()}}), http.StatusUnprocessableEntity)

		kase := s.asked(s.head)
		agree, decline := kase+"/agree", kase+"/decline"
		refused("who asked agrees", s.head.Post(agree, nil), http.StatusForbidden)
		refused("who asked declines", s.head.Post(decline, url.Values{"answer": {"x"}}), http.StatusForbidden)
		for name, v := range map[string]house.Visitor{"a teacher": s.asTeacher, "a parent": s.asMother, "another head": s.farHead} {
			refused(name+" reads the case", v.Get(kase), http.StatusNotFound)
			refused(name+" agrees", v.Post(agree, nil), http.StatusNotFound)
			refused(name+" undoes", v.Post(kase+"/undo", nil), http.StatusNotFound)
		}
		s.farHead.Get("/").Lacks(http.StatusOK, "à retirer")
		s.farHead.Get("/removal/").Lacks(http.StatusOK, h.Who(s.thief).Name())
		refused("a decline without a reason", s.operator.Post(decline, url.Values{}), http.StatusUnprocessableEntity)
		refused("another withdraws", s.operator.Post(kase+"/withdraw", nil), http.StatusForbidden)
		refused("what was not removed is put back", s.operator.Post(kase+"/undo", nil), http.StatusConflict)
		h.Name(s.thief, school.Head, s.at) // whose account it is comes to hold the right
		refused("whose account it is agrees", h.Enter(s.thief, school.Head).Post(agree, nil), http.StatusForbidden)
		if is := s.outcome(); is != "" {
			t.Errorf("the case is %q", is)
		}
		tired := s.operator.Tired()
		tired.Post(agree, nil)
		for _, path := range []string{s.path(), "/removal/person/" + s.thief.String(), kase} {
			if reply := tired.Get(path); reply.StatusCode == http.StatusOK {
				t.Errorf("an old proof is enough to read %s", path)
			}
		}
		if is := s.outcome(); is != "" {
			t.Errorf("an old proof is enough: the case is %q", is)
		}
		if diff := cmp.Diff(before, h.stored()); diff != "" {
			t.Errorf("something is gone already:\n%s", diff)
		}
	})
}

// What the account sent is found whatever its service, by its words as one remembers them;
// who looked is in the journal of whose account it is.
func TestWhatIsFound(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.steal()
		who := h.Who(s.thief)
		s.head.Get("/removal/?q="+url.QueryEscape(who.Usual)).Wants(http.StatusOK, who.Name(), s.path()+`"`)
		s.operator.Get("/removal/?q="+url.QueryEscape(h.Login(s.thief))).Wants(http.StatusOK, who.Name(), "/removal/person/"+s.thief.String())
		all := s.head.Get(s.path())
		all.Wants(http.StatusOK, "5 envois", "Payez la sortie ici", "Votre mot de passe", "Urgent", "Gagnez un vélo", "Les familles de", h.Who(s.mother).Name())
		all.Lacks(http.StatusOK, "Qui êtes-vous") // what others said is theirs
		all.Wants(http.StatusOK, "/opened/"+s.thief.String()+"/contest", "Tout cocher")
		for query, want := range map[string]int{"": 0, "?tick=all": 5} { // nothing goes that nobody ticked
			if got := strings.Count(s.head.Get(s.path()+query).Main(), " checked"); got != want {
				t.Errorf("%q ticks %d things, want %d", query, got, want)
			}
		}
		for query, want := range map[string]int{
			"words=velos": 1, "words=arnaqe": 1, "words=vite": 2, "words=girafe": 0, "since=2026-10-01T00:00&until=2026-10-01T00:01": 0,
		} {
			if got := found(s.head.Get(s.path() + "?" + query)); len(got) != want {
				t.Errorf("%s finds %d things, want %d", query, len(got), want)
			}
		}
		if got := found(s.operator.Get("/removal/person/" + s.thief.String())); len(got) != 5 {
			t.Errorf("everywhere, %d things are found", len(got))
		}
		if acts := h.Acts(s.thief); !slices.Contains(acts, "removal.look-sent") {
			t.Errorf("the journal does not say who looked: %v", acts)
		}
	})
}

// Who reads what an account sent acts on as many people as it sent things, each time: whoever holds the right, or has stolen it, does not read a whole school. The journal has each window, once
// an hour, but those in one that it has.
func TestReadingIsCounted(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.steal()
		head := h.Head(s.at)
		reads := func(name string, page house.Reply, people, looks int) {
			t.Helper()
			if n := h.Acted(head); n != people {
				t.Errorf("%s counts for %d people, want %d", name, n, people)
			}
			if n := int(h.One(`SELECT count(*) FROM audit_entry WHERE action = 'removal.look-sent' AND detail LIKE '%"since"%'`)); n != looks {
				t.Errorf("%s: the journal has %d looks, want %d\n%s", name, n, looks, page.Main())
			}
		}
		day := func(days int) string {
			return "since=" + url.QueryEscape(h.DB.Now().AddDate(0, 0, days).In(school.Paris).Format("2006-01-02T15:04"))
		}
		reads("what is asked without a thing", s.head.Post(s.path(), url.Values{"why": {"x"}}), 5, 1)
		reads("the same window", s.head.Get(s.path()), 5, 1)
		reads("some of it", s.head.Get(s.path()+"?words=velos"), 1, 1)
		reads("a larger one", s.head.Get(s.path()+"?"+day(-9)), 5, 2)
		reads("one in it", s.head.Get(s.path()+"?"+day(-9)+"&until=2026-10-01T10:00"), 0, 2)
		reads("an empty one", s.head.Get(s.path()+"?"+day(-20)+"&until="+strings.TrimPrefix(day(-19), "since=")), 0, 3)
		reads("all", s.head.Get(s.path()+"?"+day(-20)), 5, 4)
		h.Later(time.Hour + time.Minute)
		s.head = h.Enter(head, school.Head)
		reads("one thing, an hour later", s.head.Get(s.path()+"?words=velos"), 1, 5)
		kase := s.asked(h.Enter(s.operator.Person, school.Operator))
		h.Acted(head)
		reads("a case", s.head.Get(kase), 5, 7) // one is the operator's
		reads("a case again", s.head.Get(kase), 5, 7)
		reads("a decline without a reason", s.head.Post(kase+"/decline", url.Values{}), 5, 7)
	})
}

// What two people agree on is gone for whoever received it, its files are kept, and all of it
// comes back as it was.
func TestTakenBackAndRestored(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.steal()
		before := h.stored()
		kase := s.asked(s.head)
		s.head.Get(kase).Wants(http.StatusOK, "En attente", "Payez la sortie ici")
		s.head.Get("/").Lacks(http.StatusOK, "à retirer")
		s.operator.Get("/").Wants(http.StatusOK, h.Who(s.thief).Name(), kase)
		s.operator.Get(kase).Wants(http.StatusOK, "Retirer 5 envois", "Cliquez sur arnaque.example.", "Le compte a été volé ce matin.")
		if diff := cmp.Diff(before, h.stored()); diff != "" {
			t.Fatalf("something is gone before anybody agreed:\n%s", diff)
		}
		s.operator.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		s.operator.Get("/").Lacks(http.StatusOK, kase)

		for _, path := range []string{s.word, s.word + "/photo/1", s.item, s.item + "/photo/1"} {
			s.asMother.Get(path).Wants(http.StatusNotFound)
		}
		s.asFather.Get(s.lost).Wants(http.StatusNotFound)
		s.asMother.Get(s.talk).Wants(http.StatusOK, "Qui êtes-vous ?")
		for _, path := range []string{"/", "/message/", "/message/archived", "/liaison/", "/news/", s.talk, "/search?q=vite", "/search?q=velo", "/search?q=arnaque"} {
			for _, v := range []house.Visitor{s.asMother, s.asFather} {
				if reply := v.Get(path); reply.StatusCode == http.StatusOK {
					reply.Lacks(http.StatusOK, "Payez la sortie", "arnaque.example", "Envoyez-le vite", "La maîtresse, vite", "Urgent", "Gagnez un vélo")
				}
			}
		}
		if n := sweep(h); n != 0 {
			t.Errorf("%d files of the evidence were swept", n)
		}
		s.operator.Post(kase+"/agree", nil).Wants(http.StatusConflict)
		s.head.Get("/removal/").Wants(http.StatusOK, "5 envois retirés")
		s.head.Get(kase).Wants(http.StatusOK, "Demander la remise en place", "/liaison/new")

		s.backs(s.head, s.operator, kase)
		if diff := cmp.Diff(before, h.stored()); diff != "" {
			t.Errorf("it did not come back as it was:\n%s", diff)
		}
		s.asMother.Get(s.word).Wants(http.StatusOK, "Cliquez sur")
		s.asMother.Get(s.word + "/photo/1").Wants(http.StatusOK)
		if h.One(`SELECT count(*) FROM removal_file`) == 0 || h.evidence() == 0 {
			t.Error("nothing is left of the evidence")
		}
		s.head.Post(kase+"/undo", nil).Wants(http.StatusConflict)
		want := []string{"removal.ask-removal", "removal.remove-sent", "removal.ask-restore", "removal.restore-sent"}
		if acts := h.Acts(s.thief); slices.ContainsFunc(want, func(act string) bool { return !slices.Contains(acts, act) }) {
			t.Errorf("the journal says %v", acts)
		}
	})
}

// sweep removes the files that nothing refers to, and gives their number.
func sweep(h *town) int {
	h.T.Helper()
	swept, err := blob.Sweep(h.T.Context(), h.files, func(ctx context.Context, sums []blob.Sum) (kept map[blob.Sum]bool, err error) {
		err = h.DB.Read(ctx, func(tx *db.Tx) error {
			kept, err = personal.Keeps(tx, h.office.Tables, sums...)
			return err
		})
		return kept, err
	}, time.Now().Add(time.Hour))
	if err != nil {
		h.T.Fatal(err)
	}
	return swept
}

// A case that is declined, or withdrawn, takes nothing, and is settled once.
func TestDeclinedOrWithdrawn(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.steal()
		before := h.stored()
		first := s.asked(s.head)
		s.operator.Post(first+"/decline", url.Values{"answer": {"Ce mot est bien de la maîtresse."}}).Wants(http.StatusSeeOther)
		s.head.Get(first).Wants(http.StatusOK, "Refusé", "Ce mot est bien de la maîtresse.")
		s.operator.Post(first+"/agree", nil).Wants(http.StatusConflict)
		second := s.asked(s.operator)
		s.operator.Post(second+"/withdraw", nil).Wants(http.StatusSeeOther)
		s.head.Post(second+"/agree", nil).Wants(http.StatusConflict)
		if diff := cmp.Diff(before, h.stored()); diff != "" {
			t.Errorf("something is gone:\n%s", diff)
		}
	})
}

// What is kept opens with the key of the house and in its case alone; it ends with its term,
// and is put back for ninety days.
func TestEvidence(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.steal()
		kase := s.asked(s.operator)
		s.head.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		id, err := school.ParseID(strings.TrimPrefix(kase, "/removal/case/"))
		if err != nil {
			t.Fatal(err)
		}
		h.Write(func(tx *db.Tx) error {
			e, err := h.office.Evidence(tx, id)
			if err != nil || len(e.Rows) < 10 || len(e.Files) < 3 || e.People[s.thief] != h.Who(s.thief).Name() {
				t.Errorf("%d rows, %d files, of %v: %v", len(e.Rows), len(e.Files), e.People, err)
			}
			other := *h.office
			if other.Key, err = seal.Open(filepath.Join(t.TempDir(), "key")); err != nil {
				return err
			}
			if _, err := other.Evidence(tx, id); !fail.Is(err, fail.Invalid) {
				t.Errorf("with another key: %v", err)
			}
			if _, err := tx.Exec(`UPDATE removal_case SET id = id + 1`); err != nil {
				return err
			}
			if _, err := tx.Exec(`UPDATE removal_part SET case_id = case_id + 1`); err != nil {
				return err
			}
			if _, err := h.office.Evidence(tx, id+1); !fail.Is(err, fail.Invalid) {
				t.Errorf("in another case: %v", err)
			}
			_, err = tx.Exec(`UPDATE removal_case SET id = id - 1`)
			return err
		})
		if acts := h.Acts(s.thief); !slices.Contains(acts, "removal.open-evidence") {
			t.Errorf("the journal does not say that it was opened: %v", acts)
		}
		h.Later(90 * 24 * time.Hour)
		head := h.Enter(h.Head(s.at), school.Head)
		head.Get(kase).Lacks(http.StatusOK, kase+"/undo")
		head.Post(kase+"/undo", nil).Wants(http.StatusConflict)
		if n := purge(h); n != 0 {
			t.Errorf("%d rows ended before their term", n)
		}
		h.Later(276 * 24 * time.Hour)
		if n := purge(h); n == 0 || sweep(h) == 0 {
			t.Errorf("%d rows ended at their term, and files stay", n)
		}
	})
}

func purge(h *town) (n int64) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) (err error) {
		n, err = removal.Holdings.Purge(tx)
		return err
	})
	return n
}

// Nothing of somebody who was erased meanwhile comes back: what they answered stays away, and
// what they wrote is nobody's.
func TestWhoIsErasedStaysErased(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.steal()
		kase := s.asked(s.head)
		s.operator.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		h.Write(func(tx *db.Tx) error {
			for _, person := range []school.ID{s.thief, s.mother} {
				for _, tables := range []interface {
					Erase(*db.Tx, school.ID) error
				}{h.tables, removal.Holdings, directory.Holdings} {
					if err := tables.Erase(tx, person); err != nil {
						return err
					}
				}
			}
			return nil
		})
		s.backs(s.head, s.operator, kase)
		for what, query := range map[string]string{
			"answers": `SELECT count(*) FROM liaison_answer`, "receipts": `SELECT count(*) FROM audience_receipt WHERE person_id = $1`,
			"the author of words": `SELECT count(*) FROM liaison_word WHERE author_id IN ($1, $2)`,
			"the author of posts": `SELECT count(*) FROM message_post WHERE author_id IN ($1, $2)`,
		} {
			args := []any{s.mother, s.thief}[:strings.Count(query, "$")]
			if n := h.One(query, args...); n != 0 {
				t.Errorf("%s: %d came back", what, n)
			}
		}
		if h.evidence() == 0 {
			t.Error("what stays away is in no evidence any more")
		}
		s.asFather.Get(s.word).Wants(http.StatusOK, "Payez la sortie ici")
	})
}

// Whose record is merged with another is the same person: they do not settle their own case,
// what they sent is found, and all of it comes back.
func TestWhoIsMergedIsNotErased(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.steal()
		kase, kept := s.asked(s.head), h.Teachers(s.at)[1]
		h.Write(func(tx *db.Tx) error {
			return errors.Join(directory.Merge(tx, kept, s.thief), directory.Merge(tx, s.father, s.mother))
		})
		before := h.stored()
		h.Name(kept, school.Head, s.at)
		thief := h.Enter(kept, school.Head)
		thief.Get("/").Lacks(http.StatusOK, kase)
		thief.Post(kase+"/agree", nil).Wants(http.StatusForbidden)
		s.operator.Get(kase).Wants(http.StatusOK, "Retirer 5 envois")
		if got := found(s.operator.Get("/removal/person/" + kept.String())); len(got) != 5 {
			t.Errorf("%d things are found under both records", len(got))
		}
		s.operator.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		thief.Post(kase+"/undo", nil).Wants(http.StatusForbidden)
		s.backs(s.head, s.operator, kase)
		if diff := cmp.Diff(before, h.stored()); diff != "" {
			t.Errorf("it did not come back as it was:\n%s", diff)
		}
	})
}
