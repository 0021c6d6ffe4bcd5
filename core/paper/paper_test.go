package paper

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

// A document is a PDF; a text of one line is made as small as its column asks,
// and one that is drawn is drawn once however many pages have it.
func TestADocument(t *testing.T) {
	size := func(pages int) int {
		d := New("Lettres", noon)
		for range pages {
			d.Page()
			d.Write(Margin, 20, 100, Plain, Left, "École Les Lilas : été, œuvre, Łódź, Київ, 𠮷")
			if next := d.WriteShaped(Margin, 40, 100, Small, strings.Repeat("اختاروا كلمة مرور ", 20)); next <= 40 {
				t.Fatal("a text that is drawn takes no room")
			}
			d.QR(Margin, 100, 40, "https://ent.example.fr/activate#zoe.martin/K7QX-M3PZ-9RTB")
		}
		body, err := d.Bytes()
		if err != nil || !bytes.HasPrefix(body, []byte("%PDF-")) {
			t.Fatalf("%.20q, %v", body, err)
		}
		return len(body)
	}
	if one, ten := size(1), size(10); ten > 3*one {
		t.Errorf("ten pages are %d bytes, and one %d", ten, one)
	}
	d := New("Badges", noon)
	if face := d.Fits(20, Title, strings.Repeat("Wolfeschlegel", 3)); face.Size >= Title.Size {
		t.Errorf("a long name is written at %v points in a narrow column", face.Size)
	}
	if face := d.Fits(100, Title, "Zoé"); face != Title {
		t.Errorf("a short one at %v", face.Size)
	}
	d.QR(0, 0, 40, strings.Repeat("x", 5000))
	if _, err := d.Bytes(); err == nil {
		t.Error("a code that cannot be drawn is left out in silence")
	}
}
