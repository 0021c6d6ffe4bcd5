package sheet

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	var out strings.Builder
	err := Write(&out, slices.Values([][]string{
		{"École", "Détail"},
		{"Les Lilas", "1;2"},
		{`=HYPERLINK("//evil.test")`, "@SUM(A1)"},
		{"+33 1 99 00 12 34", "-3,5"},
		{"-cmd|' /C calc'!A0", "\tétoile"},
	}))
	want := "\ufeffÉcole;Détail\r\n" +
		"Les Lilas;\"1;2\"\r\n" +
		"\"'=HYPERLINK(\"\"//evil.test\"\")\";'@SUM(A1)\r\n" +
		"+33 1 99 00 12 34;-3,5\r\n" +
		"'-cmd|' /C calc'!A0;'\tétoile\r\n"
	if err != nil || out.String() != want {
		t.Errorf("%q, %v, want %q", out.String(), err, want)
	}
}

// full is a disk with little room.
type full struct{ room int }

func (f *full) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

func TestWriteTellsAFullDisk(t *testing.T) {
	rows := slices.Values([][]string{{strings.Repeat("a", 10_000)}})
	for _, room := range []int{0, 3, 5000} {
		if err := Write(&full{room}, rows); err == nil {
			t.Errorf("%d bytes were enough", room)
		}
	}
}
