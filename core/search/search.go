package search

import (
	"embed"
	"fmt"
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/personal"
	"preau/core/school"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the migrations of the table search_thing.
func Schema() db.Schema { return db.Schema{Name: "search", Files: files} }

// Holdings declares the table. A row is about a thing, not about people, and goes
// when the room removes the thing.
var Holdings = personal.Tables{{
	Name:       "search_thing",
	Plain:      []string{"room", "thing"},
	Things:     []string{"thing"},
	Says:       true,
	Personal:   map[string]personal.Category{"title": personal.Content, "rest": personal.Content},
	Purpose:    personal.Portal,
	Recipients: []personal.Recipient{personal.Nobody},
}}

// What is kept of a thing.
const (
	mostKept    = 2000 // words
	longestWord = 40   // letters
)

// Put keeps the words of a thing of a room, in place of those that were kept of
// it. The first text is its title: what has the words there comes first. A thing
// without a word is not kept.
func Put(tx *db.Tx, room string, thing school.ID, text ...string) error {
	return PutAll(tx, room, []school.ID{thing}, text...)
}

// PutAll is [Put] of several things that have the same words.
func PutAll(tx *db.Tx, room string, things []school.ID, text ...string) error {
	title, rest := keep(text)
	if title+rest == "" {
		return Remove(tx, room, things...)
	}
	_, err := tx.Put("search_thing", []string{"room", "thing", "title", "rest"}, 2, func(yield func([]any) bool) {
		for _, thing := range things {
			if !yield([]any{room, thing, title, rest}) {
				return
			}
		}
	})
	return err
}

// Add keeps the words of texts with those that are kept of a thing already. The first text is its
// title, where nothing of it is kept yet. It costs what the words of the thing do, however long
// what they were taken from is.
func Add(tx *db.Tx, room string, thing school.ID, text ...string) error {
	var title, rest string
	err := tx.Get([]any{&title, &rest}, `SELECT title, rest FROM search_thing WHERE room = $1 AND thing = $2`, room, thing)
	if err != nil && !fail.Is(err, fail.NotFound) {
		return err
	}
	if err == nil {
		text = append([]string{title, rest}, text[1:]...)
	}
	return Put(tx, room, thing, text...)
}

// Remove forgets things of a room.
func Remove(tx *db.Tx, room string, things ...school.ID) error {
	_, err := tx.Exec(fmt.Sprintf(`DELETE FROM search_thing WHERE room = $1 AND thing %s`, tx.Among(2)), room, db.List(tx, things))
	return err
}

// keep folds texts into what is kept of them: each word once, in the title when
// it is there.
func keep(text []string) (title, rest string) {
	known := map[string]bool{}
	fold := func(text string) string {
		var b strings.Builder
		for word := range strings.FieldsSeq(school.Fold(text)) {
			if word = cut(word, longestWord); known[word] || len(known) == mostKept {
				continue
			}
			known[word] = true
			b.WriteString(" " + word)
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		return b.String()
	}
	if len(text) > 0 {
		title = fold(text[0])
		rest = fold(strings.Join(text[1:], "\n"))
	}
	return title, rest
}

// cut gives the first letters of a text.
func cut(text string, most int) string {
	letters := 0
	for at := range text {
		if letters == most {
			return text[:at]
		}
		letters++
	}
	return text
}
