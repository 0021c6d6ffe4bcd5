package file_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"preau/core/content"
	"preau/core/preview"
	"preau/core/school"
	"preau/core/virus"
	"preau/core/virus/virustest"
	"preau/test/house"
)

// does does the jobs that are due.
func (h *town) does() {
	h.T.Helper()
	for did := true; did; {
		var err error
		if did, err = h.jobs.Do(h.T.Context()); err != nil {
			h.T.Fatal(err)
		}
	}
}

// What a virus was found in is given to nobody, and what was not looked into yet to its sender alone.
func TestAVirusIsGivenToNobody(t *testing.T) {
	clamd := virustest.Start(t)
	h := onSQLite(t)
	var err error
	if h.files.Scanner, err = virus.Open(clamd.Address()); err != nil {
		t.Fatal(err)
	}
	teacher, parent := h.Enter(h.teacher, school.Teacher), h.Enter(h.parent, school.Guardian)
	folder := makes(teacher, ofClass(h.class), "Sorties")
	opens(teacher, folder, h.class, "read", "families")
	bad := puts(teacher, folder, "facture.txt", string(virustest.Harmless))
	good := puts(teacher, folder, "liste.txt", "la liste")
	taken(teacher, good).Wants(http.StatusOK, "la liste")
	taken(parent, good).Wants(http.StatusConflict, "vérifié")

	clamd.Stop()
	h.does()
	taken(parent, good).Wants(http.StatusConflict, "vérifié") // nobody looked
	clamd.Again()
	h.Later(time.Hour)
	h.does()
	taken(parent, good).Wants(http.StatusOK, "la liste")
	for _, v := range []house.Visitor{parent, teacher} {
		taken(v, bad).Wants(http.StatusConflict, "virus")
		v.Get(bad).Wants(http.StatusOK, "Fichier mis de côté")
	}
	zip := teacher.Get(strings.Replace(folder, "/in/", "/zip/", 1))
	if zip.StatusCode != http.StatusOK || strings.Contains(zip.Body, "facture") || !strings.Contains(zip.Body, "liste.txt") {
		t.Errorf("the folder leaves with the virus, or without the rest: %d", zip.StatusCode)
	}
}

// photo is a picture that says where it was taken, as telephones write it.
func picture(t *testing.T) []byte {
	t.Helper()
	drawn := image.NewRGBA(image.Rect(0, 0, 600, 400))
	for x := range 600 {
		for y := range 400 {
			drawn.Set(x, y, color.RGBA{uint8(x), uint8(y), 90, 255})
		}
	}
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, drawn, nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00"), "GPS 48.85 2.35"...)
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(append([]byte{0xff, 0xd8}, segment...), jpg.Bytes()[2:]...)
}

func TestAPhotoSaysNothingOfItsSender(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher := h.Enter(h.teacher, school.Teacher)
		sent := picture(t)
		send := func(name string, form url.Values) string {
			teacher.SendFiles(mine(h.teacher)+"/files", form, house.Upload{Field: "file", Name: name, Content: sent}).Wants(http.StatusSeeOther)
			return find(teacher, mine(h.teacher), name)
		}
		clean, original := send("sortie.jpg", nil), send("original.jpg", url.Values{"original": {"on"}})
		if got := taken(teacher, clean); strings.Contains(got.Body, "GPS") || !strings.HasPrefix(got.Body, "\xff\xd8") || got.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("a photo is kept with where it was taken, or is none: %q", got.Header.Get("Content-Type"))
		}
		if got := taken(teacher, original); got.Body != string(sent) {
			t.Errorf("the original that was asked for is another: %d bytes of %d", len(got.Body), len(sent))
		}
		teacher.Get(clean).Wants(http.StatusOK, "/look/large")
		look := teacher.Get(strings.Replace(clean, "/in/", "/get/", 1) + "/look/small")
		if look.StatusCode != http.StatusOK || !strings.HasPrefix(look.Body, "\xff\xd8") {
			t.Errorf("its small picture: %d", look.StatusCode)
		}
	})
}

func TestAFileIsFoundByWhatItSays(t *testing.T) {
	onBoth(t, func(h *town) {
		t := h.T
		maker := preview.New(t.Context(), preview.Options{Studio: h.files.Album.Studio, Folder: t.TempDir()})
		h.files.Maker = func() *preview.Maker { return maker }
		if !maker.Makes(content.PDF) {
			if os.Getenv("PREAU_TEST_ALL") == "1" {
				t.Fatal("no PDF is read on this machine")
			}
			t.Skip("no PDF is read on this machine")
		}
		teacher, parent := h.Enter(h.teacher, school.Teacher), h.Enter(h.parent, school.Guardian)
		pdf, err := os.ReadFile("testdata/poesie.pdf")
		if err != nil {
			t.Fatal(err)
		}
		entry := puts(teacher, ofClass(h.class), "recueil.pdf", string(pdf))
		h.does()
		teacher.Get("/file/search?q=hippopotame").Wants(http.StatusOK, "recueil.pdf")
		parent.Get("/file/search?q=hippopotame").Lacks(http.StatusOK, "recueil.pdf")
		opens(teacher, entry, h.class, "read", "families")
		parent.Get("/file/search?q=hippopotame").Wants(http.StatusOK, "recueil.pdf")
		parent.Get("/search?q=hippopotame").Wants(http.StatusOK, "recueil.pdf")
		teacher.Get(entry).Wants(http.StatusOK, "/look/large")
		teacher.Post(entry+"/name", url.Values{"name": {"poésies.pdf"}}).Wants(http.StatusSeeOther)
		teacher.Get("/file/search?q=hippopotame").Wants(http.StatusOK, "poésies.pdf")
	})
}

// What a browser could run is given as bytes, whatever it is called.
func TestWhatRunsIsNeverShown(t *testing.T) {
	h := onSQLite(t)
	teacher := h.Enter(h.teacher, school.Teacher)
	for name, text := range map[string]string{
		"page.html":   "<!DOCTYPE html><script>alert(1)</script>",
		"dessin.svg":  `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`,
		"photo.jpg":   "<html><script>alert(1)</script></html>",
		"feuille.xml": `<?xml version="1.0"?><a xmlns="http://www.w3.org/1999/xhtml"/>`,
	} {
		sent := send(teacher, mine(h.teacher), name, text)
		if sent.StatusCode == http.StatusUnprocessableEntity {
			continue // it is refused
		}
		got := taken(teacher, find(teacher, mine(h.teacher), name))
		kind := got.Header.Get("Content-Type")
		if kind != "application/octet-stream" && kind != "text/plain; charset=utf-8" || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") ||
			got.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s is given as %q, %v", name, kind, got.Header)
		}
	}
	for name, text := range map[string]string{
		"../../etc/passwd": "x", "..\\..\\x.txt": "x", "a/b.txt": "x",
	} {
		send(teacher, mine(h.teacher), name, text)
	}
	teacher.Get(mine(h.teacher)).Lacks(http.StatusOK, "etc/passwd", "..", "a/b")
}
