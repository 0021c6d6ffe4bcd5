package removal_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/past"
	"preau/core/school"
	"preau/office/removal"
	"preau/test/house"
)

// tampered is a school where the account of the head was stolen, and changed what a teacher had
// written.
type tampered struct {
	scene
	head                               school.ID
	amended, cancelled, fair, answered string // words: fair was amended before, answered by its author since
	item, gone                         string // news: gone was put in the bin
	note                               string
	since                              string // when the thief came, as it is typed
}

// tamper has a teacher write, and a thief change it.
func (h *town) tamper() (s tampered) {
	h.T.Helper()
	s.scene = h.settled()
	s.head = h.Head(s.at)
	families := string(audience.Audience{Place: audience.Class, Of: s.class, Side: audience.Families}.ID())
	writes := func(title, body string, photos ...[]byte) string {
		at := s.sends("/liaison/new/class/"+s.class.String(), url.Values{
			"to": {families}, "title": {title}, "body": {body}, "asks": {"sign"}, "each": {"family"}, "category": {"outing"},
		}, photos...)
		h.Later(time.Minute)
		path, _ := strings.CutSuffix(at, "/follow")
		return path
	}
	s.amended = writes("Sortie au zoo", "Prévoir un pique-nique.", shot(h.T, 40))
	s.cancelled = writes("Réunion de rentrée", "Lundi à dix-huit heures.")
	s.fair = writes("Piscine", "Prévoir un bonnet.")
	s.answered = writes("Photo de classe", "Mardi matin.")
	s.item = s.sends("/news/new/school/"+s.at.String(), url.Values{"to": {"families"}, "title": {"La kermesse"}, "body": {"Venez nombreux."}}, shot(h.T, 60))
	s.gone = s.sends("/news/new/school/"+s.at.String(), url.Values{"to": {"families"}, "title": {"La chorale"}, "body": {"Elle chante jeudi."}})
	s.asMother.Post("/liaison/tell", url.Values{"child": {s.pupil.String()}, "kind": {"appointment"}, "body": {"Peut-on se voir ?"}}).Wants(http.StatusSeeOther)
	h.Read(func(tx *db.Tx) error {
		id, err := db.One(tx, db.Column[school.ID], `SELECT id FROM liaison_note`)
		s.note = "/liaison/note/" + id.String()
		return err
	})
	for _, path := range []string{s.amended, s.cancelled, s.item, s.gone} {
		s.asMother.Get(path).Wants(http.StatusOK)
	}
	fair := h.Enter(s.head, school.Head)
	send(fair, s.fair+"/amend", url.Values{"title": {"Piscine"}, "body": {"Prévoir un bonnet et une serviette."}}).Wants(http.StatusSeeOther)

	h.Later(3 * time.Hour)
	s.since = h.DB.Now().In(school.Paris).Format("2006-01-02T15:04")
	h.Later(time.Minute)
	thief := h.Enter(s.head, school.Head)
	act := func(path string, form url.Values) {
		h.T.Helper()
		send(thief, path, form).Wants(http.StatusSeeOther)
		h.Later(time.Minute)
	}
	act(s.amended+"/amend", url.Values{"title": {"Sortie au zoo"}, "body": {"Prévoir un pique-nique et payer sur arnaque.example."}})
	act(s.amended+"/amend", url.Values{"title": {"Sortie payante"}, "body": {"Payez sur arnaque.example."}})
	thief.Post(s.cancelled+"/cancel", url.Values{"why": {"Le maître est un voleur."}}).Wants(http.StatusSeeOther)
	act(s.answered+"/amend", url.Values{"title": {"Photo de classe"}, "body": {"Trente euros par photo."}})
	act(s.item+"/amend", url.Values{"to": {"team"}, "title": {"La kermesse"}, "body": {"Donnez votre carte."}})
	thief.Post(s.gone+"/remove", nil).Wants(http.StatusSeeOther)
	thief.Post(s.note+"/seen", url.Values{"reply": {"Venez avec cent euros."}}).Wants(http.StatusSeeOther)
	h.Later(time.Minute)
	author := h.Enter(s.thief, school.Teacher)
	send(author, s.answered+"/amend", url.Values{"title": {"Photo de classe"}, "body": {"Mercredi, et c’est gratuit."}}).Wants(http.StatusSeeOther)
	h.Later(time.Minute)
	s.asMother, s.operator = h.Enter(s.mother, school.Guardian), h.Enter(s.operator.Person, school.Operator)
	return s
}

// path is where what the thief did is looked for.
func (s tampered) path() string {
	return "/removal/school/" + s.at.String() + "/person/" + s.head.String()
}

func (s tampered) window() string { return "?since=" + url.QueryEscape(s.since) }

var changeBoxes = regexp.MustCompile(`name="change"\s+value="(\d+)"`)

// mendable lists the things that a page offers to make what they were.
func mendable(page house.Reply) (things []string) {
	for _, box := range changeBoxes.FindAllStringSubmatch(page.Body, -1) {
		things = append(things, box[1])
	}
	return things
}

// asked has the operator ask that all that the thief changed be undone.
func (s tampered) asked() string {
	s.T.Helper()
	sent := s.operator.Post(s.path(), url.Values{"since": {s.since}, "change": mendable(s.operator.Get(s.path() + s.window())), "why": {"Le compte de la direction a été volé."}})
	if sent.StatusCode != http.StatusSeeOther {
		s.T.Fatalf("asked: %d\n%s", sent.StatusCode, sent.Main())
	}
	return sent.Header.Get("Location")
}

// second is another head of the school, who may agree.
func (s tampered) second() house.Visitor {
	other := s.Teachers(s.at)[1]
	s.Name(other, school.Head, s.at)
	return s.Enter(other, school.Head)
}

// What a thief changed in what others wrote is found by whose account it is and when, with what
// was there and what they made of it; what its author changed again since is said, and left.
func TestWhatWasChangedIsFound(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.tamper()
		page := s.operator.Get(s.path() + s.window())
		page.Wants(http.StatusOK, "Sortie au zoo", "Prévoir un pique-nique.", "Sortie payante", "Payez sur arnaque.example.", "1 photo", "Réunion de rentrée", "Le maître est un voleur",
			"La kermesse", "Venez nombreux", "Donnez votre carte", "Pour, avant", "La chorale", "Venez avec cent euros")
		page.Wants(http.StatusOK, "Changé de nouveau depuis", "Photo de classe", h.Who(s.thief).Name())
		page.Lacks(http.StatusOK, "serviette") // amended for good reason, before
		if got := mendable(page); len(got) != 5 || slices.Contains(got, idOf(s.answered)) || slices.Contains(got, idOf(s.fair)) {
			t.Errorf("%v may be undone", got)
		}
		for query, want := range map[string]int{"&words=arnaque": 1, "&words=nombreux": 1, "&words=girafe": 0, "&until=" + url.QueryEscape(s.since): 0} {
			if got := mendable(s.operator.Get(s.path() + s.window() + query)); len(got) != want {
				t.Errorf("%s finds %d changes, want %d", query, len(got), want)
			}
		}
		left := s.operator.Get(s.path() + s.window() + "&words=trente")
		left.Wants(http.StatusOK, "Changé de nouveau depuis", "Trente euros par photo")
		left.Lacks(http.StatusOK, "Demander l’accord")
		if got := mendable(s.operator.Get("/removal/person/" + s.head.String() + s.window())); len(got) != 5 {
			t.Errorf("everywhere, %d changes are found", len(got))
		}
		far := "/removal/school/" + h.far[0].String() + "/person/" + s.head.String()
		if reply := s.operator.Get(far + s.window()); reply.StatusCode != http.StatusNotFound {
			t.Errorf("in another school: %d", reply.StatusCode)
		}
		fair := s.operator.Post(s.path(), url.Values{"since": {s.since}, "change": {idOf(s.answered), idOf(s.fair)}, "why": {"x"}})
		if fair.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("what may not be undone is asked: %d", fair.StatusCode)
		}
	})
}

func idOf(path string) string { return path[strings.LastIndex(path, "/")+1:] }

// What two people agree on is what its author wrote again, with its photos, for whom it was;
// what the thief wrote is sealed, and nowhere else; a later act is not lost.
func TestWhatWasChangedIsUndone(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.tamper()
		s.asMother.Get(s.amended).Wants(http.StatusOK, "Payez sur arnaque")
		for _, path := range []string{s.amended + "/photo/1", s.item, s.gone} {
			s.asMother.Get(path).Wants(http.StatusNotFound)
		}
		sweep(h) // what only the past has is kept
		before := h.stored()
		kase := s.asked()
		s.operator.Get(kase).Wants(http.StatusOK, "En attente", "Payez sur arnaque.example.")
		if reply := s.operator.Post(kase+"/agree", nil); reply.StatusCode != http.StatusForbidden {
			t.Errorf("who asked agrees: %d", reply.StatusCode)
		}
		if reply := h.Enter(s.head, school.Head).Post(kase+"/agree", nil); reply.StatusCode != http.StatusForbidden {
			t.Errorf("whose account it is agrees: %d", reply.StatusCode)
		}
		if diff := cmp.Diff(before, h.stored()); diff != "" {
			t.Fatalf("something changed before anybody agreed:\n%s", diff)
		}
		second := s.second()
		second.Get(kase).Wants(http.StatusOK, "Annuler 5 changements", "Prévoir un pique-nique", "Payez sur arnaque.example.", "Le compte de la direction a été volé.")
		second.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)

		if n := h.One(`SELECT count(*) FROM audience_receipt WHERE thing_id = ` + idOf(s.item) + ` AND read_at IS NOT NULL`); n != 0 {
			t.Errorf("%d people have read already what the item says again", n)
		}
		s.asMother.Get(s.amended).Wants(http.StatusOK, "Sortie au zoo", "Prévoir un pique-nique.")
		s.asMother.Get(s.amended + "/photo/1").Wants(http.StatusOK)
		s.asMother.Get(s.cancelled).Lacks(http.StatusOK, "voleur", "Annulé")
		s.asMother.Get(s.item).Wants(http.StatusOK, "Venez nombreux")
		s.asMother.Get(s.item + "/photo/1").Wants(http.StatusOK)
		s.asMother.Get(s.gone).Wants(http.StatusOK, "Elle chante jeudi")
		s.asMother.Get(s.note).Lacks(http.StatusOK, "cent euros")
		s.asMother.Get(s.fair).Wants(http.StatusOK, "serviette")
		s.asMother.Get(s.answered).Wants(http.StatusOK, "c’est gratuit")
		s.asMother.Get("/search?q=nombreux").Wants(http.StatusOK, "La kermesse")
		s.asMother.Get("/search?q=arnaque").Lacks(http.StatusOK, s.amended)
		for _, line := range h.stored() {
			for _, theirs := range []string{"arnaque", "voleur", "votre carte", "cent euros"} {
				if strings.Contains(line, theirs) {
					t.Errorf("what the thief wrote is there still: %s", line)
				}
			}
		}
		if n := sweep(h); n != 0 {
			t.Errorf("%d files were swept", n)
		}
		second.Get("/removal/").Wants(http.StatusOK, "5 changements annulés")
		id, err := school.ParseID(idOf(kase))
		if err != nil {
			t.Fatal(err)
		}
		h.Write(func(tx *db.Tx) error {
			e, err := h.office.Evidence(tx, id)
			for _, theirs := range []string{"Payez sur arnaque.example.", "Prévoir un pique-nique et payer", "Le maître est un voleur.", "Donnez votre carte.", "Venez avec cent euros."} {
				if !says(t, e, theirs) {
					t.Errorf("the evidence does not say %q", theirs)
				}
			}
			return err
		})
		acts := h.Acts(s.head)
		if !slices.Contains(acts, "removal.remove-sent") || !slices.Contains(acts, "removal.mend") {
			t.Errorf("the journal says %v", acts)
		}

		h.Later(time.Minute)
		author := h.Enter(s.thief, school.Teacher)
		send(author, s.amended+"/amend", url.Values{"title": {"Sortie au zoo"}, "body": {"Le car part à neuf heures."}}).Wants(http.StatusSeeOther)
		s.backs(second, s.operator, kase)
		s.asMother.Get(s.amended).Wants(http.StatusOK, "Le car part à neuf heures.")
		s.asMother.Get(s.cancelled).Wants(http.StatusOK, "voleur")
		s.asMother.Get(s.item).Wants(http.StatusNotFound)
		if h.evidence() == 0 {
			t.Error("what stays away is in no evidence any more")
		}
	})
}

// What an undone change made comes back as it was, when nobody touched it since.
func TestWhatWasUndoneComesBack(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.tamper()
		h.Write(func(tx *db.Tx) error { // it will be new to everybody
			_, err := tx.Exec(`UPDATE audience_receipt SET read_at = NULL`)
			return err
		})
		before := h.stored()
		kase, second := s.asked(), s.second()
		second.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		s.backs(second, s.operator, kase)
		mended := h.Some(`SELECT object_id FROM audit_entry WHERE action = 'removal.mend' ORDER BY id`)
		if len(mended) != 10 || !slices.IsSorted(mended[5:]) {
			t.Errorf("what comes back is journalled in the order %v", mended)
		}
		if diff := cmp.Diff(before, h.stored()); diff != "" {
			t.Errorf("it is not as it was:\n%s", diff)
		}
		if got := mendable(s.operator.Get(s.path() + s.window())); len(got) != 5 {
			t.Errorf("%d changes are found again", len(got))
		}
	})
}

// What is done to a thing between the asking and the agreement was read by nobody: it is not
// lost, and the thing is left.
func TestWhatIsChangedMeanwhileIsLeft(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.tamper()
		kase := s.asked()
		h.Later(time.Minute)
		send(h.Enter(s.thief, school.Teacher), s.item+"/amend", url.Values{"to": {"families"}, "title": {"La kermesse"}, "body": {"Samedi, venez."}, "whole": {"on"}}).Wants(http.StatusSeeOther)
		send(h.Enter(s.head, school.Head), s.amended+"/amend", url.Values{"title": {"Sortie au zoo"}, "body": {"La direction y veille."}}).Wants(http.StatusSeeOther)
		second := s.second()
		second.Get(kase).Wants(http.StatusOK, "Annuler 3 changements", "Changé de nouveau depuis", "La kermesse", "Sortie au zoo")
		second.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		s.asMother.Get(s.item).Wants(http.StatusOK, "Samedi, venez.")
		s.asMother.Get(s.amended).Wants(http.StatusOK, "La direction y veille.")
		s.asMother.Get(s.gone).Wants(http.StatusOK, "Elle chante jeudi")
	})
}

// What the thief changed in what the account had sent long before is found; what it sent itself
// is taken away whole, whatever it made of it.
func TestWhatTheAccountHadWritten(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.settled()
		old := s.sends("/news/new/school/"+s.at.String(), url.Values{"to": {"families"}, "title": {"La chorale"}, "body": {"Elle chante jeudi."}})
		h.Later(3 * time.Hour)
		since := h.DB.Now().In(school.Paris).Format("2006-01-02T15:04")
		h.Later(time.Minute)
		s.asTeacher = h.Enter(s.thief, school.Teacher)
		send(s.asTeacher, old+"/amend", url.Values{"to": {"families"}, "title": {"La chorale"}, "body": {"Payez sur arnaque.example."}}).Wants(http.StatusSeeOther)
		fresh := s.sends("/news/new/school/"+s.at.String(), url.Values{"to": {"families"}, "title": {"Gagnez un vélo"}, "body": {"Donnez votre carte."}})
		h.Later(time.Minute)
		send(s.asTeacher, fresh+"/amend", url.Values{"to": {"families"}, "title": {"Gagnez deux vélos"}, "body": {"Donnez votre carte."}}).Wants(http.StatusSeeOther)
		s.head, s.operator = h.Enter(h.Head(s.at), school.Head), h.Enter(s.operator.Person, school.Operator)
		page := s.head.Get(s.path() + "?since=" + url.QueryEscape(since))
		sent, changed := found(page), mendable(page)
		if !slices.Equal(sent, []string{idOf(fresh)}) || !slices.Equal(changed, []string{idOf(old)}) {
			t.Fatalf("sent: %v, changed: %v", sent, changed)
		}
		kase := s.head.Post(s.path(), url.Values{"since": {since}, "thing": sent, "change": changed, "why": {"volé"}}).Header.Get("Location")
		s.operator.Get(kase).Wants(http.StatusOK, "Retirer 1 envoi et annuler les changements")
		s.operator.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		asMother := h.Enter(s.mother, school.Guardian)
		asMother.Get(old).Wants(http.StatusOK, "Elle chante jeudi")
		asMother.Get(fresh).Wants(http.StatusNotFound)
		s.head.Get("/removal/").Wants(http.StatusOK, "1 envoi retiré", "1 changement annulé")
	})
}

// What things were ends with its term, and with whom it is about.
func TestThePastEnds(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.tamper()
		count := func(table string) school.ID { return h.One(`SELECT count(*) FROM ` + table) }
		all := count("past_change")
		h.Write(func(tx *db.Tx) error { return past.Holdings.Erase(tx, s.pupil) })
		if left := count("past_change"); left != all-1 {
			t.Errorf("%d of %d are left once the child of a note is erased", left, all)
		}
		h.Later(91 * 24 * time.Hour)
		h.Write(func(tx *db.Tx) error {
			_, err := past.Holdings.Purge(tx)
			return err
		})
		if left := count("past_change") + count("past_file"); left != 0 {
			t.Errorf("%d rows are left after their term", left)
		}
	})
}

// says tells whether some row of an evidence, or some row that a change in it kept, has a text.
func says(t *testing.T, e removal.Evidence, text string) bool {
	t.Helper()
	for _, row := range e.Rows {
		if strings.Contains(fmt.Sprint(row.Values), text) {
			return true
		}
	}
	return false
}
