package liaison_test

import (
	"bytes"
	"fmt"
	"image"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"preau/core/school"
	"preau/service/liaison"
	"preau/test/house"
)

// sendPictures sends pictures of talons.
func sendPictures(v house.Visitor, word string, pictures ...[]byte) house.Reply {
	v.T.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, picture := range pictures {
		part, err := w.CreateFormFile("picture", "IMG_0001.jpg")
		if err == nil {
			_, err = part.Write(picture)
		}
		if err != nil {
			v.T.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		v.T.Fatal(err)
	}
	r := v.Form(word+"/scan", nil)
	r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.Do(r)
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
	return sheets(v.T, []byte(got.Body))
}

// chosenIn are the answers that a review has chosen, by child.
func chosenIn(page house.Reply) map[string]string {
	read := map[string]string{}
	for _, part := range strings.Split(page.Body, "<fieldset")[1:] {
		part, _, _ = strings.Cut(part, "</fieldset>")
		who := regexp.MustCompile(`<legend>([^<]*)</legend>`).FindStringSubmatch(part)
		if who == nil {
			continue
		}
		read[who[1]] = "?"
		for _, input := range regexp.MustCompile(`<input[^>]*>`).FindAllString(part, -1) {
			if strings.Contains(input, " checked") {
				read[who[1]] = regexp.MustCompile(`value="([^"]*)"`).FindStringSubmatch(input)[1]
			}
		}
	}
	return read
}

// A simulated photograph of a sheet is read whatever the way in which it was taken, or says
// that it is not.
func TestSimulatedPhotographs(t *testing.T) {
	h := onSQLite(t)
	f := h.two()
	teacher := h.Enter(f.teacher, school.Teacher)
	word := publish(teacher, f.class, outing(f.class))
	pages := slipsOf(teacher, word, url.Values{"who": {"all"}})
	sheet := pages[0]
	at, height := liaison.TickPlaces("yes-no", nil, 4)
	fill := func(row int, answer string, mark func(*image.Gray, pen, float64, float64), p pen) {
		mark(sheet, p, at[answer][0], at[answer][1]+float64(row)*height)
	}
	fill(0, "yes", tickAt, ball)
	fill(1, "no", crossAt, ball)
	fill(2, "yes", tickAt, pencil)
	fill(3, "yes", crossAt, ball) // both: it is for the teacher to say
	fill(3, "no", crossAt, ball)
	want := "map[?:1 no:1 yes:2]"
	side := [4][2]float64{{0.12, 0.10}, {0.92, 0.05}, {0.99, 0.93}, {0.02, 0.97}}
	steep := [4][2]float64{{0.20, 0.16}, {0.80, 0.16}, {0.98, 0.95}, {0.02, 0.95}}
	for name, c := range map[string]camera{
		"a scan of 200 dpi":          {width: 1654, height: 2339, corners: [4][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}}},
		"a scan of 150 dpi":          {width: 1240, height: 1754, corners: [4][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}}},
		"from above":                 {width: 1700, height: 2270, corners: flatly, noise: 3},
		"upside down":                {width: 1700, height: 2270, corners: [4][2]float64{{0.97, 0.97}, {0.03, 0.97}, {0.03, 0.03}, {0.97, 0.03}}, noise: 3},
		"lying on its side":          {width: 2270, height: 1700, corners: [4][2]float64{{0.97, 0.03}, {0.97, 0.97}, {0.03, 0.97}, {0.03, 0.03}}, noise: 3},
		"askew":                      {width: 1900, height: 2270, corners: [4][2]float64{{0.18, 0.02}, {0.98, 0.14}, {0.82, 0.98}, {0.02, 0.86}}, noise: 3},
		"from the side":              {width: 1700, height: 2270, corners: side, noise: 3},
		"from where one sits":        {width: 1700, height: 2270, corners: steep, noise: 3},
		"in a shadow":                {width: 1700, height: 2270, corners: side, shadow: 0.8, noise: 3},
		"in a dark room":             {width: 1700, height: 2270, corners: side, light: 0.4, noise: 6},
		"a little blurred":           {width: 1700, height: 2270, corners: side, blur: 1, noise: 3},
		"much compressed":            {width: 1700, height: 2270, corners: side, quality: 25, noise: 3},
		"on a sheet that was curled": {width: 1700, height: 2270, corners: side, curl: 4, noise: 3},
		"of eight megapixels":        {width: 2450, height: 3270, corners: side, shadow: 0.4, blur: 1, noise: 4, quality: 70},
		"all of it at once":          {width: 1700, height: 2270, corners: steep, shadow: 0.5, light: 0.8, blur: 1, noise: 5, curl: 2, quality: 50},
	} {
		t.Run(name, func(t *testing.T) {
			shot := c.shoot(t, sheet)
			if dir := os.Getenv("PREAU_SHOTS"); dir != "" {
				_ = os.WriteFile(dir+"/"+strings.ReplaceAll(name, " ", "-")+".jpg", shot, 0o600)
			}
			page := sendPictures(teacher.In(t), word, shot)
			page.Wants(http.StatusOK, "Relire les talons")
			count := map[string]int{}
			for _, answer := range chosenIn(page) {
				if answer != "" {
					count[answer]++
				}
			}
			if got := fmt.Sprint(count); got != want {
				t.Errorf("%s was read, want %s", got, want)
			}
		})
	}
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
		tickAt(pages[0], ball, at[answer][0], at[answer][1]+float64(row)*height)
	}
	tickAt(pages[1], ball, at[choices[3]][0], at[choices[3]][1])
	side := camera{width: 1700, height: 2270, corners: [4][2]float64{{0.12, 0.10}, {0.92, 0.05}, {0.99, 0.93}, {0.02, 0.97}}, noise: 3, shadow: 0.3}
	review := sendPictures(teacher, word, side.shoot(t, pages[0]), side.shoot(t, pages[1]), side.shoot(t, pages[0]))
	review.Wants(http.StatusOK, "4 réponses lues sur 8", "Enregistrer les 8 réponses", "Aucune case n’est cochée")
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
	follow.Wants(http.StatusOK, "4 réponses sur", "par téléphone, sur papier", "nous ne pourrons pas venir, sur papier", "mardi à 18 h, sur papier", "peu importe, sur papier")
	again := sendPictures(teacher, word, pdfOf(t, side.shoot(t, pages[1]), side.shoot(t, pages[0])))
	again.Wants(http.StatusOK, "4 réponses lues sur 8")
	again.Wants(http.StatusOK, "Déjà répondu")

	form.Set("asks", "text")
	word = publish(teacher, f.class, form)
	sheet := slipsOf(teacher, word, url.Values{"who": {"some"}, "child": {f.pupil.String()}})[0]
	stroke(sheet, ball, 60, 50, 120, 56)
	copied := sendPictures(teacher, word, side.shoot(t, sheet))
	copied.Wants(http.StatusOK, "Recopiez ce qui est écrit", "Enregistrer la réponse", "data:image/jpeg")
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
