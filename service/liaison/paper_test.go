package liaison_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/paper"
	"preau/core/school"
	"preau/directory"
	"preau/service/liaison"
	"preau/test/house"
	"preau/test/printed"
)

// idOf is the identifier at the end of the address of a word.
func idOf(t *testing.T, word string) school.ID {
	t.Helper()
	id, err := school.ParseID(word[strings.LastIndex(word, "/")+1:])
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// token is what the code of a talon says.
func (h *town) token(word string, child, person school.ID) string {
	return liaison.Slip{Word: idOf(h.T, word), Child: child, Person: person}.Token(h.Key)
}

// onSheet is a picture of a sheet that has some codes, as a scanner gives it.
func onSheet(t *testing.T, tokens ...string) []byte {
	t.Helper()
	d := paper.New("codes", dbtest.Noon)
	d.Page()
	for i, token := range tokens {
		d.QR(20, 20+float64(i)*60, 30, token)
	}
	made, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return pictured(t, printed.Sheets(t, printed.Keep(t, made))[0])
}

func pictured(t *testing.T, sheet *image.Gray) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, sheet); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a small PNG that says it is huge.
func bomb(side uint32) []byte {
	var b bytes.Buffer
	chunk := func(kind string, data []byte) {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(data)))
		body := append([]byte(kind), data...)
		b.Write(body)
		_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(body))
	}
	b.WriteString("\x89PNG\r\n\x1a\n")
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, side), side)
	chunk("IHDR", append(head, 8, 0, 0, 0, 0))
	var points bytes.Buffer
	w := zlib.NewWriter(&points)
	_, _ = w.Write(make([]byte, 1<<20))
	_ = w.Close()
	chunk("IDAT", points.Bytes())
	chunk("IEND", nil)
	return b.Bytes()
}

// Nobody prints talons, takes them back or enters answers for a class that is not theirs;
// what is no talon of the word is said, and nothing is kept of it.
func TestWhatIsRefusedOnPaper(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, other, mother := h.Enter(f.teacher, school.Teacher), h.Enter(h.Teachers(h.near[0])[1], school.Teacher), h.Enter(f.mother, school.Guardian)
		word := publish(teacher, f.class, outing(f.class))
		second := outing(f.class)
		second.Set("title", "Piscine")
		pool := publish(teacher, f.class, second)
		class := h.Classes(h.near[1])[0].ID
		colleague := h.Teachers(h.near[1])[0]
		h.Attach(class, colleague)
		elsewhere := publish(h.Enter(colleague, school.Teacher), class, outing(class))
		stranger := h.Pupils(class)[0].ID
		mine := url.Values{"slip": {h.token(word, f.pupil, 0)}, "answer-0": {"yes"}}
		forged := h.token(word, f.pupil, 0)
		if last := forged[len(forged)-2]; last == 'A' {
			forged = forged[:len(forged)-2] + "B" + forged[len(forged)-1:]
		} else {
			forged = forged[:len(forged)-2] + "A" + forged[len(forged)-1:]
		}
		for name, c := range map[string]struct {
			reply  house.Reply
			status int
		}{
			"another teacher prints":                 {other.Post(word+"/slips", url.Values{"who": {"all"}}), http.StatusNotFound},
			"and asks to":                            {other.Get(word + "/slips"), http.StatusNotFound},
			"and takes back":                         {sendPictures(other, word, []byte("x")), http.StatusNotFound},
			"and asks to take back":                  {other.Get(word + "/scan"), http.StatusNotFound},
			"and enters":                             {other.Post(word+"/paper", mine), http.StatusNotFound},
			"and asks to enter":                      {other.Get(word + "/paper"), http.StatusNotFound},
			"and withdraws":                          {other.Post(word+"/paper/withdraw", url.Values{"child": {f.pupil.String()}}), http.StatusNotFound},
			"a parent prints":                        {mother.Post(word+"/slips", url.Values{"who": {"all"}}), http.StatusNotFound},
			"and enters ":                            {mother.Post(word+"/paper", mine), http.StatusNotFound},
			"a token that we did not make":           {teacher.Post(word+"/paper", url.Values{"slip": {forged}, "answer-0": {"yes"}}), http.StatusNotFound},
			"one of another word":                    {teacher.Post(word+"/paper", url.Values{"slip": {h.token(pool, f.pupil, 0)}, "answer-0": {"yes"}}), http.StatusNotFound},
			"one of a child of another class":        {teacher.Post(word+"/paper", url.Values{"slip": {h.token(word, stranger, 0)}, "answer-0": {"yes"}}), http.StatusNotFound},
			"one of one parent, where one is enough": {teacher.Post(word+"/paper", url.Values{"slip": {h.token(word, f.pupil, f.mother)}, "answer-0": {"yes"}}), http.StatusNotFound},
			"an answer that is none":                 {teacher.Post(word+"/paper", url.Values{"slip": mine["slip"], "answer-0": {"maybe"}}), http.StatusUnprocessableEntity},
			"what was never entered":                 {teacher.Post(word+"/paper/withdraw", url.Values{"child": {f.pupil.String()}}), http.StatusNotFound},
			"no picture":                             {sendPictures(teacher, word), http.StatusUnprocessableEntity},
			"what is no picture":                     {sendPictures(teacher, word, []byte("%PDF-1.7 a scan")), http.StatusUnprocessableEntity},
			"a small file of huge a picture":         {sendPictures(teacher, word, bomb(30000)), http.StatusUnprocessableEntity},
			"one that has no such points":            {sendPictures(teacher, word, bomb(5000)), http.StatusUnprocessableEntity},
			"too many pictures":                      {sendPictures(teacher, word, make11(t)...), http.StatusUnprocessableEntity},
		} {
			if c.reply.StatusCode != c.status {
				t.Errorf("%s: %d, want %d\n%.300s", name, c.reply.StatusCode, c.status, c.reply.Text())
			}
		}
		if n := h.One(`SELECT count(*) FROM liaison_paper`); n != 0 {
			t.Errorf("%d answers were kept", n)
		}

		white := image.NewGray(image.Rect(0, 0, 800, 600))
		for i := range white.Pix {
			white.Pix[i] = 250
		}
		sendPictures(teacher, word, pictured(t, white)).Wants(http.StatusOK, "Aucun talon n’a été lu")
		seen := sendPictures(teacher, word, onSheet(t, forged, h.token(pool, f.pupil, 0), h.token(elsewhere, stranger, 0), h.token(word, stranger, 0)))
		seen.Wants(http.StatusOK, "n’est pas celui d’un talon", "d’un autre mot, « Piscine »", "pas d’une de vos classes", "ne s’adresse plus à cet enfant", "Aucun talon n’a été lu")
		seen.Lacks(http.StatusOK, h.Who(stranger).Name())
		teacher.Post(word+"/cancel", url.Values{"why": {"Il pleut"}})
		for _, path := range []string{"/slips", "/scan", "/paper"} {
			teacher.Get(word + path).Wants(http.StatusConflict)
		}
	})
}

// make11 are more pictures than may come at once.
func make11(t *testing.T) (all [][]byte) {
	for range 11 {
		all = append(all, pictured(t, image.NewGray(image.Rect(0, 0, 10, 10))))
	}
	return all
}

// An answer on paper closes what is awaited, is said to be one to whoever follows, to the
// spreadsheet and to the parents; a later one on screen is shown instead, and both are kept.
// Taken back, it is awaited again.
func TestAnAnswerOnPaper(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher := h.Enter(f.teacher, school.Teacher)
		mother, father := h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		word := publish(teacher, f.class, outing(f.class))
		by := h.Who(f.teacher).Formal()
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Sur papier", "ne sont pas encore venus", "Répondu sur papier")
		teacher.Get(word+"/paper?child="+f.pupil.String()).Wants(http.StatusOK, h.Who(f.pupil).Name())
		no := url.Values{"slip": {h.token(word, f.pupil, 0)}, "answer-0": {"no"}}
		teacher.Post(word+"/paper", no).Wants(http.StatusSeeOther)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Répondu pour 1 enfant sur", "Non, sur papier", "saisi par "+by)
		teacher.Get("/liaison/").Wants(http.StatusOK, "Répondu pour 1 enfant sur")
		csv := teacher.Get(word + "/follow.csv")
		csv.Wants(http.StatusOK, "Sur papier, saisi par "+by)
		for _, parent := range []house.Visitor{mother, father} {
			parent.Get("/").Lacks(http.StatusOK, "On attend votre réponse")
			page := parent.Get(word)
			page.Wants(http.StatusOK, "Répondu sur papier le")
			page.Lacks(http.StatusOK, by+" a saisi")
		}
		h.Later(60 * 1e9)
		mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}).Wants(http.StatusSeeOther)
		follow := teacher.Get(word + "/follow")
		follow.Wants(http.StatusOK, "Répondu pour 1 enfant sur", "Oui", "saisi par "+by)
		follow.Lacks(http.StatusOK, "Non, sur papier")
		withdraw := url.Values{"child": {f.pupil.String()}, "person": {"0"}}
		teacher.Post(word+"/paper/withdraw", withdraw).Wants(http.StatusSeeOther)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Répondu pour 1 enfant sur", "Oui") // somebody answered on screen
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`DELETE FROM liaison_answer`)
			if err == nil {
				err = audience.MarkUndone(tx, idOf(t, word), f.pupil, f.mother)
			}
			return err
		})
		teacher.Post(word+"/paper", no).Wants(http.StatusSeeOther)
		teacher.Post(word+"/paper/withdraw", withdraw).Wants(http.StatusSeeOther)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Répondu pour 0 enfant sur")
		father.Get("/").Wants(http.StatusOK, "On attend votre réponse")
	})
}

// Where each parent signs, each has a talon of their own, and one does not answer for the
// other; who may not sign by a judge's decision has none.
func TestEachParentSignsOnPaper(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, father := h.Enter(f.teacher, school.Teacher), h.Enter(f.father, school.Guardian)
		form := outing(f.class)
		form.Set("asks", "sign")
		form.Set("each", "person")
		form.Del("to")
		form["family"] = []string{f.pupil.String()}
		word := publish(teacher, f.class, form)
		page := teacher.Get(word + "/paper")
		page.Wants(http.StatusOK, h.Who(f.mother).Name(), h.Who(f.father).Name())
		teacher.Post(word+"/paper", url.Values{"slip": {h.token(word, f.pupil, f.mother)}, "answer-0": {"signed"}}).Wants(http.StatusSeeOther)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Signé pour 0 enfant sur 1", "Signé, sur papier")
		father.Get("/").Wants(http.StatusOK, "On attend votre réponse")
		father.Get(word).Lacks(http.StatusOK, "Répondu sur papier")
		teacher.Get(word+"/paper").Lacks(http.StatusOK, h.Who(f.mother).Name())
		teacher.Post(word+"/paper", url.Values{"slip": {h.token(word, f.pupil, f.father)}, "answer-0": {"signed"}}).Wants(http.StatusSeeOther)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Signé pour 1 enfant sur 1")
		father.Get(word).Wants(http.StatusOK, "Répondu sur papier")
		teacher.Post(word+"/paper/withdraw", url.Values{"child": {f.pupil.String()}, "person": {f.father.String()}}).Wants(http.StatusSeeOther)
		teacher.Get(word+"/follow").Wants(http.StatusOK, "Signé pour 0 enfant sur 1")
	})
}

// What is printed are talons of those who are awaited: of those without an account, of all,
// of some. A word that is only to be read, one to choose in and one to answer freely have
// theirs. What leaves is journalled.
func TestTalonsArePrinted(t *testing.T) {
	h := onSQLite(t)
	f := h.two()
	teacher := h.Enter(f.teacher, school.Teacher)
	h.Enter(f.mother, school.Guardian) // has an account
	word := publish(teacher, f.class, outing(f.class))
	pages := func(word string, form url.Values) string {
		got := teacher.Post(word+"/slips", form)
		got.Wants(http.StatusOK)
		return printedText(t, got)
	}
	classes := h.Classes(h.near[0])
	label := classes[slices.IndexFunc(classes, func(c directory.ClassView) bool { return c.ID == f.class })].Label
	all := pages(word, url.Values{"who": {"all"}})
	if n := strings.Count(all, "À rendre avant la fin du vendredi 9 octobre"); n != len(h.Pupils(f.class)) {
		t.Errorf("%d talons of %d children", n, len(h.Pupils(f.class)))
	}
	for _, text := range []string{h.Who(f.pupil).Name(), label, "Sortie au musée", "Nous partons à 9 h.", "Oui", "Non", "Signature"} {
		if !strings.Contains(all, text) {
			t.Errorf("the talons lack %q:\n%s", text, all)
		}
	}
	if offline := pages(word, url.Values{"who": {"offline"}}); strings.Contains(offline, h.Who(f.pupil).Name()+" ·") {
		t.Error("a family that has an account has a talon among those that have none")
	}
	some := pages(word, url.Values{"who": {"some"}, "child": {f.pupil.String(), "1"}})
	if n := strings.Count(some, "Sortie au musée"); n != 1 || !strings.Contains(some, h.Who(f.pupil).Name()) {
		t.Errorf("one talon was chosen:\n%s", some)
	}
	teacher.Post(word+"/slips", url.Values{"who": {"some"}}).Wants(http.StatusSeeOther)
	if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'liaison.print-slips'`); n != 3 {
		t.Errorf("three prints are journalled %d times", n)
	}
	for asks, want := range map[string]string{"read": "J’ai lu ce mot.", "sign": "J’ai lu, et je signe.", "text": "Votre réponse", "choice": "nous ne pourrons pas venir"} {
		form := outing(f.class)
		form.Set("asks", asks)
		form.Set("choices", "mardi à 18 h\njeudi à 18 h\nnous ne pourrons pas venir")
		if text := pages(publish(teacher, f.class, form), url.Values{"who": {"all"}}); !strings.Contains(text, want) {
			t.Errorf("a talon of %s says\n%s", asks, text)
		}
	}
	long := outing(f.class)
	long.Set("body", strings.Repeat("Une phrase qui compte, et que chacun lira.\n\n", 90))
	text := pages(publish(teacher, f.class, long), url.Values{"who": {"some"}, "child": {f.pupil.String()}})
	if !strings.Contains(text, "La suite sur le carnet") || strings.Count(text, "\f") != 0 {
		t.Errorf("a long word is not cut:\n%s", text)
	}
	each := outing(f.class)
	each.Set("each", "person")
	text = pages(publish(teacher, f.class, each), url.Values{"who": {"some"}, "child": {f.pupil.String()}})
	for _, parent := range []school.ID{f.mother, f.father} {
		if !strings.Contains(text, "Réponse d") {
			t.Errorf("no talon of %s:\n%s", h.Who(parent).Name(), text)
		}
	}
}

// printedText is what a document says.
func printedText(t *testing.T, got house.Reply) string {
	t.Helper()
	return strings.Join(printed.Pages(t, printed.Keep(t, []byte(got.Body))), "\f")
}

// A talon that was printed before a judge decided is not taken of whoever may not answer any more:
// their own, nor that of a child whom nobody else answers for.
func TestATalonOfBeforeAJudge(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher := h.Enter(f.teacher, school.Teacher)
		both := outing(f.class)
		both.Set("each", "person")
		each, one := publish(teacher, f.class, both), publish(teacher, f.class, outing(f.class))
		enter := func(word string, by school.ID) int {
			return teacher.Post(word+"/paper", url.Values{"slip": {h.token(word, f.pupil, by)}, "answer-0": {"yes"}}).StatusCode
		}
		h.restrict(f, directory.Restriction{InformedOnly: true})
		if status := enter(each, f.mother); status != http.StatusNotFound {
			t.Errorf("her own, where she is told only: %d", status)
		}
		if status := enter(each, f.father); status != http.StatusSeeOther {
			t.Errorf("his: %d", status)
		}
		if status := enter(one, 0); status != http.StatusSeeOther {
			t.Errorf("the child's, for whom he answers: %d", status)
		}
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{Pupil: f.pupil, Guardian: f.father, Reference: "jugement", From: db.At(h.DB.Now()), InformedOnly: true})
			return err
		})
		if status := enter(one, 0); status != http.StatusNotFound {
			t.Errorf("the child's, for whom nobody answers: %d", status)
		}
		sendPictures(teacher, each, onSheet(t, h.token(each, f.pupil, f.mother))).Wants(http.StatusOK, "ce n’est plus à ce parent d’y répondre", "Aucun talon n’a été lu")
	})
}
