package liaison_test

import (
	"bytes"
	"fmt"
	"image"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"preau/core/db"
	"preau/core/school"
	"preau/service/liaison"
	"preau/test/house"
	"preau/test/printed"
)

// sendPictures sends pictures of talons.
func sendPictures(v house.Visitor, word string, pictures ...[]byte) house.Reply {
	v.T.Helper()
	return v.Send(word+"/scan", nil, "picture", pictures...)
}

// slipsOf prints talons.
func slipsOf(v house.Visitor, word string, form url.Values) []*image.Gray {
	v.T.Helper()
	got := v.Post(word+"/slips", form)
	got.Wants(http.StatusOK)
	if kind := got.Header.Get("Content-Type"); kind != "application/pdf" {
		v.T.Fatalf("talons are %s", kind)
	}
	if dir := os.Getenv("PREAU_SHOTS"); dir != "" {
		_ = os.WriteFile(dir+"/talons-"+strings.ReplaceAll(v.T.Name(), "/", "-")+".pdf", []byte(got.Body), 0o600)
	}
	return printed.Sheets(v.T, printed.Keep(v.T, []byte(got.Body)))
}

// Talons of a word with answers at choice come back on two pictures, one of them on both, and
// what the teacher keeps is what is followed; those of a free answer are copied.
func TestTalonsComeBack(t *testing.T) {
	h := onSQLite(t)
	f := h.two()
	teacher := h.Enter(f.teacher, school.Teacher)
	form := outing(f.class)
	choices := []string{"mardi à 18 h", "jeudi à 18 h", "nous ne pourrons pas venir", "peu importe", "samedi", "par téléphone"}
	form.Set("asks", "choice")
	form.Set("choices", strings.Join(choices, "\n"))
	word := publish(teacher, f.class, form)
	pages := slipsOf(teacher, word, url.Values{"who": {"all"}})
	at, height := liaison.TickPlaces("choice", choices, 4)
	for row, answer := range []string{choices[5], choices[2], choices[0]} { // the fourth stays empty
		printed.Tick(pages[0], printed.Ball, at[answer][0], at[answer][1]+float64(row)*height)
	}
	printed.Tick(pages[1], printed.Ball, at[choices[3]][0], at[choices[3]][1])
	side := printed.Camera{Width: 1700, Height: 2270, Corners: [4][2]float64{{0.12, 0.10}, {0.92, 0.05}, {0.99, 0.93}, {0.02, 0.97}}, Noise: 3, Shadow: 0.3}
	review := sendPictures(teacher, word, side.Shoot(t, pages[0]), side.Shoot(t, pages[1]), side.Shoot(t, pages[0]))
	review.Wants(http.StatusOK, "4 réponses lues sur 8", "Enregistrer (4 réponses lues)", "Aucune case n’est cochée", "photo par photo (3)",
		"3 réponses lues · 1 talon sans réponse sûre", "1 réponse lue · 3 talons sans réponse sûre", "4 talons déjà lus sur une autre photo")
	white := image.NewGray(image.Rect(0, 0, 800, 600))
	for i := range white.Pix {
		white.Pix[i] = 250
	}
	some := sendPictures(teacher, word, side.Shoot(t, pages[0]), pictured(t, white), []byte("no picture at all"))
	some.Wants(http.StatusOK, "3 réponses lues sur 4", "Enregistrer (3 réponses lues)", "aucun talon vu : reprenez la photo", "n’est pas une photo")
	if n := strings.Count(review.Body, "data:image/jpeg;base64,"); n != 8 {
		t.Errorf("%d talons are shown, of 8", n)
	}
	if n := h.One(`SELECT count(*) FROM liaison_paper`); n != 0 {
		t.Errorf("%d answers are kept before anybody has checked them", n)
	}
	checked := review.Hidden("paper")
	for _, input := range regexp.MustCompile(`<input[^>]* name="answer-[^>]* checked[^>]*>`).FindAllString(review.Body, -1) {
		value := regexp.MustCompile(`name="([^"]*)" value="([^"]*)"`).FindStringSubmatch(input)
		checked.Set(value[1], value[2])
	}
	teacher.Post(word+"/paper", checked).Wants(http.StatusSeeOther)
	follow := teacher.Get(word + "/follow")
	follow.Wants(http.StatusOK, "Répondu pour 4 enfants sur", "par téléphone, sur papier", "nous ne pourrons pas venir, sur papier", "mardi à 18 h, sur papier", "peu importe, sur papier")
	again := sendPictures(teacher, word, pdfOf(t, side.Shoot(t, pages[1]), side.Shoot(t, pages[0])))
	again.Wants(http.StatusOK, "4 réponses lues sur 8")
	again.Wants(http.StatusOK, "Déjà répondu")

	form.Set("asks", "text")
	word = publish(teacher, f.class, form)
	sheet := slipsOf(teacher, word, url.Values{"who": {"some"}, "child": {f.pupil.String()}})[0]
	printed.Stroke(sheet, printed.Ball, 60, 50, 120, 56)
	copied := sendPictures(teacher, word, side.Shoot(t, sheet))
	copied.Wants(http.StatusOK, "Recopiez ce qui est écrit", "1 talon sans réponse sûre", "data:image/jpeg")
	said := copied.Hidden("paper")
	said.Set("answer-0", "Mamie viendra")
	teacher.Post(word+"/paper", said).Wants(http.StatusSeeOther)
	teacher.Get(word+"/follow").Wants(http.StatusOK, "Mamie viendra, sur papier")
}

// pdfOf is a document as a copier makes it: a picture a page.
func pdfOf(t *testing.T, pictures ...[]byte) []byte {
	t.Helper()
	pdf := fpdf.New("P", "mm", "A4", "")
	for i, picture := range pictures {
		name, options := fmt.Sprint(i), fpdf.ImageOptions{ImageType: "JPG"}
		pdf.AddPage()
		pdf.RegisterImageOptionsReader(name, options, bytes.NewReader(picture))
		pdf.ImageOptions(name, 0, 0, 210, 297, false, options, 0, "")
	}
	var b bytes.Buffer
	if err := pdf.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Pictures of talons count among the bytes of an hour: who has sent too many is told so in the form. Who
// goes on far beyond is refused by the length that the form says, before any of it is read.
func TestPicturesOfTalonsCountInTheBytesOfAnHour(t *testing.T) {
	h := onSQLite(t)
	f := h.two()
	teacher, head := h.Enter(f.teacher, school.Teacher), h.Enter(h.Head(h.near[0]), school.Head)
	word := publish(teacher, f.class, outing(f.class))
	junk := bytes.Repeat([]byte("a"), 2<<20)
	counted := func() (keys []string) {
		h.Read(func(tx *db.Tx) (err error) {
			keys, err = db.All(tx, db.Column[string], `SELECT hex(key) FROM account_attempt`)
			return err
		})
		return keys
	}
	before := counted()
	sendPictures(teacher, word, junk).Wants(http.StatusUnprocessableEntity, "n’est pas une photo")
	kept := slices.DeleteFunc(counted(), func(key string) bool { return slices.Contains(before, key) })
	if len(kept) != 1 { // what is read was counted before, when the word was published
		t.Fatalf("pictures of talons are counted in %d places", len(kept))
	}
	full := func(keys ...string) {
		t.Helper()
		for _, key := range keys {
			h.Write(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE account_attempt SET free_at = free_at + 3600000 WHERE hex(key) = $1`, key)
				return err
			})
		}
	}
	full(kept...)
	sendPictures(teacher, word, junk).Wants(http.StatusUnprocessableEntity, "trop de photos et de fichiers en une heure", "saisissez les réponses à la main")
	full(before...)
	for _, length := range []int64{98 << 20, -1} { // -1: it does not say, and may be as long as any
		r := teacher.Form(word+"/scan", nil)
		body := &listened{Reader: strings.NewReader(strings.Repeat("a", 98<<20))}
		r.Body, r.ContentLength = io.NopCloser(body), length
		r.Header.Set("Content-Type", "multipart/form-data; boundary=talons")
		r.Header.Set("Expect", "100-continue") // the server says so once it reads
		if teacher.Do(r).Wants(http.StatusTooManyRequests, "cet envoi n’a pas été pris"); body.read {
			t.Errorf("a form of %d bytes is read before it is refused", length)
		}
	}
	sendPictures(head, word, junk).Wants(http.StatusUnprocessableEntity, "n’est pas une photo") // others are not concerned
}

// listened is a body that tells whether anybody read it.
type listened struct {
	io.Reader
	read bool
}

func (l *listened) Read(b []byte) (int, error) {
	l.read = true
	return l.Reader.Read(b)
}
