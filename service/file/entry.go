package file

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"preau/core/photo"
	"preau/core/school"
)

// entry is a folder or a file.
type entry struct {
	ID              school.ID
	Space, Parent   school.ID // Parent is 0 at the top of the space
	Owner           school.ID // whose alone it is; 0: the space's
	Author          school.ID // 0: somebody who was erased
	Folder          bool
	Name            string
	Made, Changed   time.Time
	Bin             school.ID // with which entry it was put in the bin; 0: it was not
	Binned          time.Time // of that one alone
	BinnedBy        school.ID
	Holds           version // of a file
	Starred, Opened bool    // to the visitor: they want it at hand; it is opened to others by itself
}

// version is what a file holds, or held.
type version struct {
	ID, Entry, Author school.ID
	Made              time.Time
	held
}

// held is some bytes and what is known of them: the same wherever they are put.
type held struct {
	Sum    [32]byte
	Size   int64  // in bytes
	Type   string // by the bytes
	Looked time.Time
	Virus  string // empty: none was found
	Words  string
	Photo  photo.Kept // without a width, there is none
}

func (e entry) path() string { return inPath(e.ID.String()) }

// inPath is the page of a spot.
func inPath(spot string) string { return "/file/in/" + spot }

// deepest is how many folders may be in one another.
const deepest = 24

// nameKey sorts names as people count: "page 2" before "page 10".
func nameKey(name string) string {
	var key strings.Builder
	folded := school.Fold(name)
	for len(folded) > 0 {
		n := 0
		for n < len(folded) && '0' <= folded[n] && folded[n] <= '9' {
			n++
		}
		if n == 0 {
			key.WriteByte(folded[0])
			folded = folded[1:]
			continue
		}
		if digits := strings.TrimLeft(folded[:n], "0"); len(digits) < 12 {
			key.WriteString(strings.Repeat("0", 12-len(digits)))
		}
		key.WriteString(strings.TrimLeft(folded[:n], "0"))
		folded = folded[n:]
	}
	return key.String()
}

// numbered is a name that no entry of a folder has yet: "photo (2).jpg".
func numbered(name string, taken map[string]bool) string {
	if !taken[name] {
		return name
	}
	ending := path.Ext(name)
	stem := strings.TrimSuffix(name, ending)
	for n := 2; ; n++ {
		if next := stem + " (" + strconv.Itoa(n) + ")" + ending; !taken[next] {
			return next
		}
	}
}

// chain is the folders around an entry, from the top of its space to itself.
type chain []entry

// last is the entry itself; the zero one at the top of a space.
func (c chain) last() (e entry) {
	if len(c) > 0 {
		e = c[len(c)-1]
	}
	return e
}

func (c chain) ids() []school.ID {
	ids := make([]school.ID, len(c))
	for n, e := range c {
		ids[n] = e.ID
	}
	return ids
}

// has tells whether an entry is in the chain.
func (c chain) has(id school.ID) bool {
	return slices.ContainsFunc(c, func(e entry) bool { return e.ID == id })
}
