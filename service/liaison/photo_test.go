package liaison_test

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"testing"

	"preau/core/school"
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
		send(teacher, to, outing(f.class), []byte("no picture at all")).Wants(http.StatusUnprocessableEntity, "Sortie au musée", "Choisissez de nouveau vos photos")
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
