package file_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/test/house"
)

// Refusals come first: what nobody was given looks as what does not exist.
func TestWhatIsNotOpenedIsNotThere(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher := h.Enter(h.teacher, school.Teacher)
		own := puts(teacher, mine(h.teacher), "notes.txt", "à moi")
		folder := makes(teacher, ofClass(h.class), "Sorties")
		inside := puts(teacher, folder, "liste.txt", "la liste")
		to := url.Values{"to": {spot(folder)}}
		for name, v := range map[string]house.Visitor{
			"a pupil of the class":              h.Enter(h.pupil, school.Pupil),
			"a parent of the class":             h.Enter(h.parent, school.Guardian),
			"the teacher of another class":      h.Enter(h.nextTeacher, school.Teacher),
			"a teacher of another school":       h.Enter(h.farTeacher, school.Teacher),
			"an agent of the commune":           h.Enter(h.agent, school.Municipal),
			"a pupil of another class":          h.Enter(h.stranger, school.Pupil),
			"a parent of another class's pupil": h.Enter(h.otherParent, school.Guardian),
		} {
			for _, entry := range []string{own, folder, inside, mine(h.teacher), ofClass(h.class)} {
				if got := v.Get(entry); got.StatusCode != http.StatusNotFound {
					t.Errorf("%s opens %s: %d", name, entry, got.StatusCode)
				}
				if got := taken(v, entry); got.StatusCode != http.StatusNotFound {
					t.Errorf("%s takes %s: %d", name, entry, got.StatusCode)
				}
				for _, act := range []string{"/move", "/name", "/bin", "/star", "/folder", "/restore"} {
					if got := v.Post(entry+act, to); got.StatusCode != http.StatusNotFound {
						t.Errorf("%s posts to %s%s: %d", name, entry, act, got.StatusCode)
					}
				}
				if got := send(v, entry, "intrus.txt", "x"); got.StatusCode != http.StatusNotFound {
					t.Errorf("%s puts something in %s: %d", name, entry, got.StatusCode)
				}
			}
		}
		taken(teacher, inside).Wants(http.StatusOK, "la liste")
	})
}

func TestAFolderIsOpenedToRead(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher, parent, pupil := h.Enter(h.teacher, school.Teacher), h.Enter(h.parent, school.Guardian), h.Enter(h.pupil, school.Pupil)
		folder := makes(teacher, ofClass(h.class), "Pour les familles")
		inside := puts(teacher, makes(teacher, folder, "Octobre"), "liste.txt", "la liste")
		beside := puts(teacher, ofClass(h.class), "secret.txt", "un secret")
		opens(teacher, folder, h.class, "read", "families")

		parent.Get("/").Wants(http.StatusOK, "Pour les familles")
		parent.Get("/file/").Wants(http.StatusOK, "Pour les familles")
		taken(parent, inside).Wants(http.StatusOK, "la liste")
		parent.Get(inside).Lacks(http.StatusOK, "Sorties")
		for _, entry := range []string{beside, ofClass(h.class)} {
			parent.Get(entry).Wants(http.StatusNotFound)
		}
		for _, v := range []house.Visitor{pupil, h.Enter(h.otherParent, school.Guardian)} {
			v.Get(inside).Wants(http.StatusNotFound)
		}
		parent.Post(inside+"/bin", nil).Wants(http.StatusNotFound)
		send(parent, folder, "x.txt", "x").Wants(http.StatusNotFound)
		parent.Post(folder+"/share/class/"+h.class.String(), url.Values{"to": {"pupils"}, "level": {"read"}}).Wants(http.StatusNotFound)

		// It is closed again.
		page := teacher.Get(folder + "/share")
		page.Wants(http.StatusOK, "Les familles")
		teacher.Post(endOf(page), nil).Wants(http.StatusSeeOther)
		taken(parent, inside).Wants(http.StatusNotFound)
		parent.Get("/").Lacks(http.StatusOK, "Pour les familles")
	})
}

func TestACasierShowsEachPupilTheirsAlone(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher, pupil, mate := h.Enter(h.teacher, school.Teacher), h.Enter(h.pupil, school.Pupil), h.Enter(h.classmate, school.Pupil)
		folder := makes(teacher, ofClass(h.class), "À rendre")
		rule := puts(teacher, folder, "consigne.txt", "un dessin")
		opens(teacher, folder, h.class, "drop", "pupils")

		taken(pupil, rule).Wants(http.StatusOK, "un dessin")
		drawn := puts(pupil, folder, "dessin.txt", "mon dessin")
		same := puts(mate, folder, "dessin.txt", "un autre dessin")
		taken(pupil, drawn).Wants(http.StatusOK, "mon dessin")
		taken(mate, same).Wants(http.StatusOK, "un autre dessin")
		taken(pupil, same).Wants(http.StatusNotFound)
		taken(mate, drawn).Wants(http.StatusNotFound)
		mate.Get(folder).Lacks(http.StatusOK, h.Who(h.pupil).First)
		for _, entry := range []string{drawn, same} {
			if got := taken(teacher, entry); got.StatusCode != http.StatusOK {
				t.Errorf("the teacher takes what was dropped: %d", got.StatusCode)
			}
		}
		// The pupil changes their own, and neither the rule nor their part itself.
		pupil.Post(drawn+"/name", url.Values{"name": {"dessin 2.txt"}}).Wants(http.StatusSeeOther)
		for _, act := range []string{"/name", "/bin", "/move"} {
			pupil.Post(rule+act, url.Values{"name": {"x"}, "to": {spot(mine(h.pupil))}}).Wants(http.StatusNotFound)
		}
		pupil.Post(drawn+"/bin", nil).Wants(http.StatusSeeOther)
		taken(pupil, drawn).Wants(http.StatusOK, "mon dessin") // it is in the bin, and theirs still
	})
}

func TestWhatIsReplacedAndThrownAwayIsNotLost(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher := h.Enter(h.teacher, school.Teacher)
		folder := makes(teacher, mine(h.teacher), "Projet")
		entry := puts(teacher, folder, "texte.txt", "le premier")
		again := func(text string) {
			teacher.SendFiles(entry+"/again", nil, house.Upload{Field: "file", Name: "texte.txt", Content: []byte(text)}).Wants(http.StatusSeeOther)
		}
		again("le second")
		taken(teacher, entry).Wants(http.StatusOK, "le second")
		h.uses(h.teacher, len("le premier")+len("le second"))
		again("le second")
		h.uses(h.teacher, len("le premier")+len("le second"))
		version := formTo(teacher.Get(entry), "/version/")
		teacher.Post(version, nil).Wants(http.StatusSeeOther)
		taken(teacher, entry).Wants(http.StatusOK, "le premier")
		h.uses(h.teacher, 2*len("le premier")+len("le second"))

		teacher.Post(folder+"/bin", nil).Wants(http.StatusSeeOther)
		teacher.Get(mine(h.teacher)).Lacks(http.StatusOK, "Projet")
		teacher.Get("/file/search?q=texte").Lacks(http.StatusOK, "texte.txt")
		// Its name is free meanwhile; it comes back beside the one that took it.
		makes(teacher, mine(h.teacher), "Projet")
		teacher.Get(mine(h.teacher)+"/bin").Wants(http.StatusOK, "Projet")
		teacher.Post(folder+"/restore", nil).Wants(http.StatusSeeOther)
		find(teacher, mine(h.teacher), "Projet (2)")
		taken(teacher, entry).Wants(http.StatusOK, "le premier")
		teacher.Get("/file/search?q=texte").Wants(http.StatusOK, "texte.txt")

		teacher.Post(folder+"/bin", nil).Wants(http.StatusSeeOther)
		asks := teacher.Post(mine(h.teacher)+"/bin/empty", nil)
		asks.Wants(http.StatusOK)
		teacher.Post(mine(h.teacher)+"/bin/empty", url.Values{"confirm": {"1"}}).Wants(http.StatusSeeOther)
		taken(teacher, entry).Wants(http.StatusNotFound)
		h.uses(h.teacher, 0)
	})
}

func TestMovingBetweenSpaces(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher, parent, pupil := h.Enter(h.teacher, school.Teacher), h.Enter(h.parent, school.Guardian), h.Enter(h.pupil, school.Pupil)
		folder := makes(teacher, ofClass(h.class), "Sorties")
		inside := puts(teacher, folder, "liste.txt", "la liste")
		opens(teacher, folder, h.class, "write", "pupils")
		opens(teacher, folder, h.class, "read", "families")

		// Who writes there takes nothing away; a copy is a copy.
		to := url.Values{"to": {spot(mine(h.pupil))}}
		pupil.Post(inside+"/move", to).Wants(http.StatusNotFound)
		pupil.Post(inside+"/move", url.Values{"to": to["to"], "copy": {"1"}}).Wants(http.StatusSeeOther)
		taken(pupil, find(pupil, mine(h.pupil), "liste.txt")).Wants(http.StatusOK, "la liste")
		h.uses(h.pupil, len("la liste"))
		// Nor into a space that is not theirs.
		own := puts(pupil, mine(h.pupil), "blague.txt", "une blague")
		for _, there := range []string{ofClass(h.class), ofClass(h.other), mine(h.teacher), "/file/in/school-" + h.school.String()} {
			pupil.Post(own+"/move", url.Values{"to": {spot(there)}}).Wants(http.StatusNotFound)
			pupil.Post(own+"/move", url.Values{"to": {spot(there)}, "copy": {"1"}}).Wants(http.StatusNotFound)
		}
		taken(parent, inside).Wants(http.StatusOK, "la liste")
		// What its keeper takes to another space is opened there to nobody.
		teacher.Post(folder+"/move", url.Values{"to": {spot(mine(h.teacher))}}).Wants(http.StatusSeeOther)
		taken(teacher, inside).Wants(http.StatusOK, "la liste")
		for _, v := range []house.Visitor{parent, pupil, h.Enter(h.head, school.Head)} {
			taken(v, inside).Wants(http.StatusNotFound)
		}
		h.uses(h.teacher, len("la liste"))
		teacher.Post(folder+"/move", url.Values{"to": {spot(folder)}}).Wants(http.StatusUnprocessableEntity)
	})
}

func TestAQuotaIsKept(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher := h.Enter(h.teacher, school.Teacher)
		puts(teacher, mine(h.teacher), "un.txt", "0123456789")
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE file_space SET quota = 25 WHERE of_id = $1`, h.teacher)
			return err
		})
		send(teacher, mine(h.teacher), "deux.txt", "0123456789abcdef").Wants(http.StatusUnprocessableEntity)
		h.uses(h.teacher, 10)
		puts(teacher, mine(h.teacher), "trois.txt", "0123456789")
		sent := teacher.SendFiles(mine(h.teacher)+"/files", nil, house.Upload{Field: "file", Name: "a.txt", Content: []byte("abc")}, house.Upload{Field: "file", Name: "b.txt", Content: []byte("defg")})
		sent.Wants(http.StatusUnprocessableEntity)
		teacher.Get(mine(h.teacher)).Lacks(http.StatusOK, "a.txt")
		h.uses(h.teacher, 20)
	})
}

func TestACopyIsHandedOutToEachPupil(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher, pupil, mate := h.Enter(h.teacher, school.Teacher), h.Enter(h.pupil, school.Pupil), h.Enter(h.classmate, school.Pupil)
		entry := puts(teacher, mine(h.teacher), "exercice.txt", "deux et deux")
		hand := func(v house.Visitor, class school.ID) house.Reply {
			return v.Post(entry+"/hand/class/"+class.String(), nil)
		}
		for _, v := range []house.Visitor{pupil, h.Enter(h.nextTeacher, school.Teacher), h.Enter(h.parent, school.Guardian)} {
			hand(v, h.class).Wants(http.StatusNotFound)
		}
		hand(teacher, h.other).Wants(http.StatusNotFound)
		sent := hand(teacher, h.class)
		sent.Wants(http.StatusSeeOther)
		casier := sent.Header.Get("Location")
		pupil.Get("/file/").Wants(http.StatusOK, "Casier")
		theirs := find(pupil, casier, "exercice.txt")
		if other := find(mate, casier, "exercice.txt"); other == theirs || theirs == entry {
			t.Errorf("two pupils have one copy")
		}
		taken(pupil, theirs).Wants(http.StatusOK, "deux et deux")
		pupil.SendFiles(theirs+"/again", nil, house.Upload{Field: "file", Name: "exercice.txt", Content: []byte("quatre")}).Wants(http.StatusSeeOther)
		taken(teacher, theirs).Wants(http.StatusOK, "quatre")
		taken(mate, find(mate, casier, "exercice.txt")).Wants(http.StatusOK, "deux et deux")
		taken(mate, theirs).Wants(http.StatusNotFound)
		// A second one goes to the same casier, beside the first.
		if again := hand(teacher, h.class); again.Header.Get("Location") != casier {
			t.Errorf("a second casier: %s", again.Header.Get("Location"))
		}
		find(pupil, casier, "exercice (2).txt")
	})
}

// A share of a folder does not open the casier that is in it, and who left the class sees of it what is theirs.
func TestACasierIsNotOpenedWithWhatIsAround(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher, pupil, mate, parent := h.Enter(h.teacher, school.Teacher), h.Enter(h.pupil, school.Pupil), h.Enter(h.classmate, school.Pupil), h.Enter(h.parent, school.Guardian)
		around := makes(teacher, ofClass(h.class), "Trimestre")
		casier := makes(teacher, around, "À rendre")
		rule := puts(teacher, casier, "consigne.txt", "un dessin")
		opens(teacher, casier, h.class, "drop", "pupils")
		opens(teacher, around, h.class, "read", "families", "pupils")
		own, others := puts(pupil, casier, "dessin.txt", "mon dessin"), puts(mate, casier, "tableau.txt", "mon tableau")

		taken(parent, rule).Wants(http.StatusOK, "un dessin")
		for _, hidden := range []string{own, others} {
			taken(parent, hidden).Wants(http.StatusNotFound)
		}
		parent.Get(casier).Lacks(http.StatusOK, h.Who(h.classmate).Name(), h.Who(h.pupil).Name())
		taken(pupil, others).Wants(http.StatusNotFound)
		for _, v := range []house.Visitor{parent, pupil} {
			for _, folder := range []string{around, casier} {
				zip := v.Get("/file/zip/" + spot(folder))
				if zip.StatusCode != http.StatusOK || strings.Contains(zip.Body, "tableau") {
					t.Errorf("what a classmate dropped leaves in a zip: %d", zip.StatusCode)
				}
			}
			v.Get("/file/search?q=tableau").Lacks(http.StatusOK, "tableau.txt")
		}
		pupil.Post(around+"/move", url.Values{"to": {spot(mine(h.pupil))}, "copy": {"1"}}).Wants(http.StatusSeeOther)
		pupil.Get("/file/search?q=tableau").Lacks(http.StatusOK, "tableau.txt")

		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_membership SET until_at = $2 WHERE person_id = $1`, h.pupil, db.At(tx.Now))
			return err
		})
		h.Later(time.Hour)
		pupil = h.Enter(h.pupil, school.Pupil)
		taken(pupil, own).Wants(http.StatusOK, "mon dessin")
		taken(pupil, others).Wants(http.StatusNotFound)
		if left := pupil.Get(casier); strings.Contains(left.Text(), h.Who(h.classmate).Name()) {
			t.Errorf("who left the class sees who dropped something: %d", left.StatusCode)
		}
		send(pupil, casier, "tard.txt", "x").Wants(http.StatusNotFound)
	})
}
