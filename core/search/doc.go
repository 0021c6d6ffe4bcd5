// Package search is the one home of full text: what one may look for in the things
// of a room, whatever the case, the accents, the plurals, and a slip of the
// finger.
//
// A room puts the words of each thing that it keeps, and removes them with it:
//
//	search.Put(tx, "liaison", word.ID, word.Title, word.Text)
//	search.Remove(tx, "liaison", word.ID)
//
// and looks among what its visitor may read, which it says as it does for its own
// lists, by a query of identifiers:
//
//	found, more, err := search.Read(typed).Among(r.Tx, "liaison", "SELECT w.id FROM liaison_word w WHERE "+mine, 5, args...)
//
// Nothing else than what the visitor may read is looked at, whether to find things
// or to guess what was meant: the words of others tell nothing. Identifiers are those of
// [school.NewID], so that the greatest is the newest.
//
// It owns the table search_thing. Who is found by name is the register's: see
// directory.Find.
package search
