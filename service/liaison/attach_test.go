package liaison_test

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"preau/core/blob"
	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
	"preau/service/liaison"
	"preau/test/house"
)

// The photos of a word are made small, and shown to whom the word is for alone; what is no
// photo is said beside its field, and nothing is published.
func TestPhotos(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		outsider := h.Enter(h.outsider(), school.Guardian)
		to := "/liaison/new/class/" + f.class.String()
		send(teacher, to, outing(f.class), []byte("no picture at all")).Wants(http.StatusUnprocessableEntity, "Sortie au musée", "Ce fichier n’est pas une photo")
		five := [][]byte{house.Shot(h.T, 10, 10), house.Shot(h.T, 11, 10), house.Shot(h.T, 12, 10), house.Shot(h.T, 13, 10), house.Shot(h.T, 14, 10)}
		send(teacher, to, outing(f.class), five...).Wants(http.StatusUnprocessableEntity, "4 photos au plus")
		if n := h.One(`SELECT count(*) FROM liaison_word`); n != 0 {
			t.Errorf("%d words were published", n)
		}
		word := publish(teacher, f.class, outing(f.class), house.Shot(h.T, 2000, 1000))
		mother.Get(word).Wants(http.StatusOK, word+"/photo/1", `width="480"`, `height="240"`)
		for path, side := range map[string]int{word + "/photo/1": 480, word + "/photo/1?whole": 1600} {
			got := mother.Get(path)
			size, err := jpeg.DecodeConfig(bytes.NewReader([]byte(got.Body)))
			if err != nil || size.Width != side || got.Header.Get("Content-Type") != "image/jpeg" {
				t.Errorf("%s is %d wide, %s: %v", path, size.Width, got.Header.Get("Content-Type"), err)
			}
			outsider.Get(path).Wants(http.StatusNotFound)
		}
		for _, none := range []string{"/photo/0", "/photo/2", "/photo/x"} {
			mother.Get(word + none).Wants(http.StatusNotFound)
		}
	})
}

// The files of a word are given to whom the word is for alone, to be kept and never shown as
// a page; what is refused is said beside its field.
func TestFiles(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		outsider := h.Enter(h.outsider(), school.Guardian)
		to := "/liaison/new/class/" + f.class.String()
		for name, c := range map[string]struct {
			content []byte
			says    string
		}{
			"a page":  {[]byte("<html><script>alert(1)</script></html>"), "Préau n’accepte pas ce fichier"},
			"nothing": {nil, "Ce fichier est vide"},
			"a photo": {house.Shot(t, 10, 10), "C’est une photo"},
			"a film":  {append(house.PDF(""), make([]byte, 10<<20)...), "Ce fichier est trop gros"},
		} {
			sent := teacher.SendFiles(to, outing(f.class), house.Upload{Field: "file", Name: "mot.pdf", Content: c.content})
			if sent.Wants(http.StatusUnprocessableEntity, "Sortie au musée", c.says); !strings.Contains(sent.Text(), `id="field-file-error"`) {
				t.Errorf("%s is not said beside its field", name)
			}
		}
		five := make([]house.Upload, 5)
		for i := range five {
			five[i] = house.Upload{Field: "file", Name: "mot.pdf", Content: house.PDF(strconv.Itoa(i))}
		}
		teacher.SendFiles(to, outing(f.class), five...).Wants(http.StatusUnprocessableEntity, "4 fichiers au plus")
		for i := range 4 {
			five[i].Content = []byte("<html>")
		}
		many := teacher.SendFiles(to, outing(f.class), five...)
		if many.Wants(http.StatusUnprocessableEntity, "4 fichiers au plus"); len(ticked(many, "file-kept")) != 0 {
			t.Error("a fifth file was looked at")
		}
		if n := h.One(`SELECT count(*) FROM liaison_word`); n != 0 {
			t.Errorf("%d words were published", n)
		}
		sent := teacher.SendFiles(to, outing(f.class), house.Upload{Field: "file", Name: "../Programme été.html", Content: house.PDF("le musée")}, house.Upload{Field: "photo", Name: "IMG.jpg", Content: house.Shot(t, 60, 40)})
		word, _ := strings.CutSuffix(sent.Header.Get("Location"), "/follow")
		mother.Get(word).Wants(http.StatusOK, word+"/photo/1", word+"/file/1", "Programme été.html.pdf", "PDF, 1\u00a0ko")
		got := mother.Get(word + "/file/1")
		if got.Wants(http.StatusOK); got.Body != string(house.PDF("le musée")) {
			t.Errorf("it is %.80q", got.Body)
		}
		for header, want := range map[string]string{
			"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename*=utf-8''Programme%20%C3%A9t%C3%A9.html.pdf", "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store",
		} {
			if got := got.Header.Get(header); got != want {
				t.Errorf("%s: %q, not %q", header, got, want)
			}
		}
		part := mother.Form(word+"/file/1", nil)
		part.Method, part.Body = http.MethodGet, nil
		part.Header.Set("Range", "bytes=1-3")
		if got := mother.Do(part); got.StatusCode != http.StatusPartialContent || got.Body != "PDF" {
			t.Errorf("a part of it: %d, %q", got.StatusCode, got.Body)
		}
		teacher.Get(word + "/file/1").Wants(http.StatusOK)
		outsider.Get(word + "/file/1").Wants(http.StatusNotFound)
		for _, none := range []string{"/file/0", "/file/2", "/file/x"} {
			mother.Get(word + none).Wants(http.StatusNotFound)
		}
	})
}

// ticked are the values of the boxes of a field that are ticked.
func ticked(page house.Reply, field string) (values []string) {
	for _, found := range regexp.MustCompile(`name="`+field+`" value="([^"]+)" checked`).FindAllStringSubmatch(page.Text(), -1) {
		values = append(values, found[1])
	}
	return values
}

// What was received is not lost when the form comes back, whatever is wrong in it: it is sent
// once, and its sender may leave some out. Nobody else sends it in their place.
func TestWhatWasReceivedIsKept(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher := h.Enter(f.teacher, school.Teacher)
		to := "/liaison/new/class/" + f.class.String()
		form := outing(f.class)
		form.Del("title")
		back := teacher.SendFiles(to, form, house.Upload{Field: "photo", Name: "IMG_7.jpg", Content: house.Shot(t, 60, 40)},
			house.Upload{Field: "file", Name: "un.pdf", Content: house.PDF("un")}, house.Upload{Field: "file", Name: "faux.pdf", Content: []byte("<html>")},
			house.Upload{Field: "file", Name: "deux.pdf", Content: house.PDF("deux")})
		back.Wants(http.StatusUnprocessableEntity, "IMG_7.jpg", "un.pdf", "deux.pdf")
		back.Lacks(http.StatusUnprocessableEntity, "faux.pdf")
		photos, files := ticked(back, "photo-kept"), ticked(back, "file-kept")
		if len(photos) != 1 || len(files) != 2 {
			t.Fatalf("%d photos and %d files are kept", len(photos), len(files))
		}
		form = outing(f.class)
		form["photo-kept"], form["file-kept"] = photos, files[1:]
		colleague := h.Teachers(h.near[0])[1]
		h.Attach(f.class, colleague)
		h.Enter(colleague, school.Teacher).SendFiles(to, form).Wants(http.StatusUnprocessableEntity, "n’a pas pu attendre si longtemps")
		form["file-kept"] = []string{files[1][:len(files[1])-2]}
		teacher.SendFiles(to, form).Wants(http.StatusUnprocessableEntity, "n’a pas pu attendre si longtemps")
		form["file-kept"] = files[1:]
		word, _ := strings.CutSuffix(teacher.SendFiles(to, form).Header.Get("Location"), "/follow")
		teacher.Get(word).Wants(http.StatusOK, "deux.pdf", word+"/photo/1")
		teacher.Get(word).Lacks(http.StatusOK, "un.pdf")
		h.Later(21 * time.Hour)
		teacher = h.Enter(f.teacher, school.Teacher)
		teacher.SendFiles(to, form).Wants(http.StatusUnprocessableEntity, "n’a pas pu attendre si longtemps")
	})
}

// A word that is changed keeps what it carried, loses what is unticked, and gains what is
// added. Nothing refers to the bytes of what goes, which are swept.
func TestWhatAWordCarriesIsChanged(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		sent := teacher.SendFiles("/liaison/new/class/"+f.class.String(), outing(f.class), house.Upload{Field: "photo", Name: "IMG.jpg", Content: house.Shot(t, 60, 40)},
			house.Upload{Field: "file", Name: "un.pdf", Content: house.PDF("un")}, house.Upload{Field: "file", Name: "deux.pdf", Content: house.PDF("deux")})
		word, _ := strings.CutSuffix(sent.Header.Get("Location"), "/follow")
		page := teacher.Get(word + "/amend")
		form := outing(f.class)
		form["photo-kept"], form["file-kept"] = ticked(page, "photo-kept"), ticked(page, "file-kept")[1:]
		teacher.SendFiles(word+"/amend", form, house.Upload{Field: "file", Name: "trois.pdf", Content: house.PDF("trois")}).Wants(http.StatusSeeOther)
		shown := mother.Get(word)
		shown.Wants(http.StatusOK, word+"/photo/1", "deux.pdf", "trois.pdf", word+"/file/2")
		shown.Lacks(http.StatusOK, "un.pdf", word+"/file/3")
		if kept := h.kept(); kept != 3 { // the photo, so small that it is its own preview, and two files
			t.Errorf("%d blobs are referred to", kept)
		}
		h.Later(3 * 365 * 24 * time.Hour)
		h.Write(func(tx *db.Tx) error { _, err := liaison.Holdings.Purge(tx); return err })
		if kept := h.kept(); kept != 0 {
			t.Errorf("%d blobs are referred to by what is gone", kept)
		}
		if n := h.One(`SELECT count(*) FROM liaison_file`); n != 0 {
			t.Errorf("%d files of no word", n)
		}
	})
}

// kept is how many blobs some row refers to: the others are swept.
func (h *town) kept() (n int) {
	h.T.Helper()
	err := h.files.Each(h.T.Context(), blob.Sum{}, func(b blob.Info) error {
		h.Read(func(tx *db.Tx) error {
			kept, err := personal.Keeps(tx, liaison.Holdings.Tables, b.Sum)
			n += len(kept)
			return err
		})
		return nil
	})
	if err != nil {
		h.T.Fatal(err)
	}
	return n
}
