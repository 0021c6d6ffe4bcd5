package house

import (
	"io/fs"
	"slices"
	"sync"
	"testing"

	"preau/core/audience"
	"preau/core/i18n"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/portal"
)

// read are the words that the tests of the binary have read: a catalogue never changes.
var read struct {
	sync.Mutex
	all []catalogue
}

type catalogue struct {
	rooms []fs.FS
	words *i18n.Catalogue
}

// wordsOf are the words of every page, the register's, the hall's, and those of some rooms. They
// are read once for all the tests that have the same rooms.
func wordsOf(t *testing.T, rooms []fs.FS) *i18n.Catalogue {
	t.Helper()
	read.Lock()
	defer read.Unlock()
	for _, c := range read.all {
		if slices.Equal(c.rooms, rooms) {
			return c.words
		}
	}
	words, err := i18n.Load(append([]fs.FS{audience.Words, ui.Words, web.Words, directory.Words, portal.Words}, rooms...)...)
	if err != nil {
		t.Fatal(err)
	}
	read.all = append(read.all, catalogue{slices.Clone(rooms), words})
	return words
}
