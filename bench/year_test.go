package bench

import (
	"fmt"
	"iter"
	"testing"
	"time"

	"preau/app"
	"preau/core/db"
	"preau/core/school"
)

// What a year leaves behind: words to each class, of which every third is to be
// signed, news of each school, and conversations of a teacher with the family of
// some children of their class, of a few messages each. They are spread from the
// first day of the year to this morning.
const (
	wordsOfAClass = 40
	newsOfASchool = 30
	talksOfAClass = 12
	postsOfATalk  = 3
)

// livelySchools is of how many schools' worth of classes the families have read and
// signed what they were sent. Beyond, receipts would fill the disk and no page
// would read them: those who come are of the classes that have some.
const livelySchools = 200

// wordText is what a word says: the length of those that schools write.
const wordText = `<p>Bonjour,</p><p>Nous visitons le musée mardi avec un guide, puis nous dessinons ce qui nous a plu.` +
	` Merci de prévoir un pique-nique, une gourde et de bonnes chaussures. Nous partons à 9 h et nous rentrons pour 16 h.</p>`

// kin is a child of a class and one of the adults around them.
type kin struct{ child, guardian school.ID }

// classroom is a class: its school, its teacher, who is in it, and what was published
// to it.
type classroom struct {
	id, school, teacher school.ID
	families            []kin
	lively              bool
	words               []school.ID // from the oldest on
	talks               []talk
}

// talk is a conversation of a teacher with a guardian about a child.
type talk struct {
	id school.ID
	kin
}

// signed tells whether a word of this rank is to be signed.
func signed(rank int) bool { return rank%3 == 0 }

// live gives classes their teachers, and a year to everybody.
func live(b *testing.B, house *app.House) (classes []*classroom, news map[school.ID]school.ID) {
	b.Helper()
	news = map[school.ID]school.ID{}
	err := house.DB.Write(b.Context(), func(tx *db.Tx) (err error) {
		if classes, err = classrooms(tx); err != nil {
			return err
		}
		began := time.Date(int(school.YearOf(tx.Now)), time.September, 1, 8, 0, 0, 0, time.UTC)
		y := year{tx: tx, began: began, step: tx.Now.Sub(began)}
		y.teach(classes)
		y.write(classes)
		y.tell(classes, news)
		y.talk(classes)
		y.answer(classes)
		if y.err != nil {
			return y.err
		}
		return tx.Analyze("liaison_word", "news_item", "message_thread", "message_post", "message_seat",
			"audience_address", "audience_receipt", "liaison_answer", "directory_membership")
	})
	if err != nil {
		b.Fatal(err)
	}
	return classes, news
}

// classrooms reads the classes of the register with whoever is in them, and gives each
// a teacher of its school: those who have the least classes first, so that where
// there are more classes than teachers some have two.
func classrooms(tx *db.Tx) (classes []*classroom, err error) {
	teachers := map[school.ID][]school.ID{}
	if err := tx.Each(func(row db.Row) error {
		var at, person school.ID
		err := row.Scan(&at, &person)
		teachers[at] = append(teachers[at], person)
		return err
	}, `SELECT structure_id, person_id FROM directory_function WHERE profile = $1 AND until_at IS NULL ORDER BY structure_id, person_id`, school.Teacher); err != nil {
		return nil, err
	}
	ranks := map[school.ID]int{}
	of := map[school.ID]*classroom{}
	if err := tx.Each(func(row db.Row) error {
		c := new(classroom)
		if err := row.Scan(&c.id, &c.school); err != nil {
			return err
		}
		if some := teachers[c.school]; len(some) > 1 {
			c.teacher = some[ranks[c.school]%(len(some)-1)] // one has no class: another has two
			ranks[c.school]++
			classes, of[c.id] = append(classes, c), c
		}
		return nil
	}, `SELECT id, school_id FROM directory_class WHERE kind = 'class' AND until_at IS NULL ORDER BY school_id, id`); err != nil {
		return nil, err
	}
	const perSchool = 7 // classes, more or less
	every := max(1, len(classes)/(livelySchools*perSchool))
	for i, c := range classes {
		c.lively = i%every == 0
	}
	return classes, tx.Each(func(row db.Row) error {
		var class school.ID
		var k kin
		err := row.Scan(&class, &k.child, &k.guardian)
		if c := of[class]; c != nil {
			c.families = append(c.families, k)
		}
		return err
	}, `SELECT m.class_id, m.person_id, b.guardian_id FROM directory_membership m
		JOIN directory_bond b ON b.pupil_id = m.person_id AND b.until_at IS NULL AND b.authority
		JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		WHERE m.role = 'pupil' AND m.until_at IS NULL ORDER BY m.class_id, m.person_id, b.guardian_id`)
}

// year writes what happened; after an error it writes nothing.
type year struct {
	tx    *db.Tx
	began time.Time
	step  time.Duration
	err   error
}

// at is when the thing of a rank among so many happened, and an identifier made then:
// things of one instant differ by their number.
func (y year) at(rank, of, number int) (time.Time, school.ID) {
	at := y.began.Add(y.step / time.Duration(of) * time.Duration(rank+1)).Add(-time.Hour).Truncate(time.Millisecond)
	epoch := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	return at, school.ID(at.Sub(epoch).Milliseconds()<<21 | int64(number))
}

// put writes the rows that a function gives.
func (y *year) put(table string, columns []string, rows iter.Seq[[]any]) {
	if y.err == nil {
		_, y.err = y.tx.Bulk(table, columns, rows)
	}
	if y.err != nil {
		y.err = fmt.Errorf("%s: %w", table, y.err)
	}
}

// teach puts the teachers into their classes.
func (y *year) teach(classes []*classroom) {
	y.put("directory_membership", []string{"person_id", "class_id", "role", "from_at"}, func(yield func([]any) bool) {
		for _, c := range classes {
			if !yield([]any{c.teacher, c.id, "teacher", db.At(y.began)}) {
				return
			}
		}
	})
}

var addressColumns = []string{"audience", "published_at", "thing_id", "room", "school_id", "subject_id", "news_until_at", "expects", "due_at"}

// fortnight is how long things are news.
const fortnight = 14 * 24 * time.Hour

// write writes the words of the classes.
func (y *year) write(classes []*classroom) {
	y.put("liaison_word", []string{"id", "school_id", "class_id", "pupil_id", "author_id", "category", "title", "body", "asks", "choices", "each", "due_at", "published_at"},
		func(yield func([]any) bool) {
			for i, c := range classes {
				for rank := range wordsOfAClass {
					at, id := y.at(rank, wordsOfAClass, i<<2)
					c.words = append(c.words, id)
					asks, due := "read", db.Time{}
					if signed(rank) {
						asks, due = "sign", db.At(at.Add(fortnight/2))
					}
					if !yield([]any{id, c.school, c.id, 0, c.teacher, "outing", fmt.Sprintf("Sortie au musée, groupe %d", rank), wordText, asks, "", "family", due, db.At(at)}) {
						return
					}
				}
			}
		})
	y.put("audience_address", addressColumns, func(yield func([]any) bool) {
		for i, c := range classes {
			for rank := range wordsOfAClass {
				at, id := y.at(rank, wordsOfAClass, i<<2)
				expects, due, until := "", db.Time{}, at.Add(fortnight)
				if signed(rank) {
					expects, due, until = "family", db.At(at.Add(fortnight/2)), at.Add(fortnight/2+fortnight)
				}
				if !yield([]any{fmt.Sprintf("class:%d:families", c.id), db.At(at), id, "liaison", c.school, 0, db.At(until), expects, due}) {
					return
				}
			}
		}
	})
}

// tell writes the news of the schools, and gives the last item of each.
func (y *year) tell(classes []*classroom, last map[school.ID]school.ID) {
	first := func(yield func(int, *classroom) bool) { // class of each school
		for i, c := range classes {
			if (i == 0 || classes[i-1].school != c.school) && !yield(i, c) {
				return
			}
		}
	}
	y.put("news_item", []string{"id", "school_id", "commune_id", "author_id", "circles", "title", "body", "event_timed", "event_place", "published_at", "until_at", "front", "faceless_by"},
		func(yield func([]any) bool) {
			for i, c := range first {
				for rank := range newsOfASchool {
					at, id := y.at(rank, newsOfASchool, i<<2|1)
					last[c.school] = id
					if !yield([]any{id, c.school, 0, c.teacher, "families pupils team", fmt.Sprintf("Les nouvelles de la cour, %d", rank), wordText, false, "", db.At(at), db.At(at.Add(fortnight)), false, 0}) {
						return
					}
				}
			}
		})
	y.put("audience_address", addressColumns, func(yield func([]any) bool) {
		for i, c := range first {
			for rank := range newsOfASchool {
				at, id := y.at(rank, newsOfASchool, i<<2|1)
				for _, side := range []string{"families", "pupils", "teaching", "school-staff"} {
					if !yield([]any{fmt.Sprintf("school:%d:%s", c.school, side), db.At(at), id, "news", c.school, 0, db.At(at.Add(fortnight)), "", db.Time{}}) {
						return
					}
				}
			}
		}
	})
}

// talk writes the conversations: the family, the teacher, the family.
func (y *year) talk(classes []*classroom) {
	y.put("message_thread", []string{"id", "school_id", "class_id", "child_id", "author_id", "parent_id", "kind", "subject", "begun_at", "last_at"},
		func(yield func([]any) bool) {
			for i, c := range classes {
				for rank := range min(talksOfAClass, len(c.families)) {
					with := c.families[rank*len(c.families)/talksOfAClass]
					at, id := y.at(rank, talksOfAClass, i<<2|2)
					c.talks = append(c.talks, talk{id, with})
					if !yield([]any{id, c.school, 0, with.child, with.guardian, 0, "pair", "Le cahier de lecture", db.At(at), db.At(at)}) {
						return
					}
				}
			}
		})
	y.put("message_seat", []string{"thread_id", "person_id", "profile", "child_id"}, func(yield func([]any) bool) {
		for c, t := range talks(classes) {
			if !yield([]any{t.id, t.guardian, string(school.Guardian), t.child}) || !yield([]any{t.id, c.teacher, string(school.Teacher), 0}) {
				return
			}
		}
	})
	y.put("message_post", []string{"id", "thread_id", "author_id", "body", "state", "why", "posted_at"}, func(yield func([]any) bool) {
		for c, t := range talks(classes) {
			for n := range postsOfATalk {
				by := t.guardian
				if n%2 == 1 {
					by = c.teacher
				}
				id := t.id + school.ID(n)<<21 // a millisecond later
				if !yield([]any{id, t.id, by, wordText, "said", "", y.when(id)}) {
					return
				}
			}
		}
	})
	y.put("audience_address", addressColumns, func(yield func([]any) bool) {
		for c, t := range talks(classes) {
			for _, person := range []school.ID{t.guardian, c.teacher} {
				at := y.when(t.id)
				if !yield([]any{fmt.Sprintf("person:%d", person), at, t.id, "message", c.school, person, db.At(at.Add(fortnight)), "", db.Time{}}) {
					return
				}
			}
		}
	})
}

// talks are the conversations of all classes.
func talks(classes []*classroom) iter.Seq2[*classroom, talk] {
	return func(yield func(*classroom, talk) bool) {
		for _, c := range classes {
			for _, t := range c.talks {
				if !yield(c, t) {
					return
				}
			}
		}
	}
}

// when is the instant in an identifier.
func (y year) when(id school.ID) db.Time {
	return db.At(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(id>>21) * time.Millisecond))
}

// answer has the families read what is older than some days, and sign it.
func (y *year) answer(classes []*classroom) {
	const fresh = 4 // words, the last ones, that nobody has opened
	old := func(yield func(word school.ID, rank int, k kin) bool) {
		for _, c := range classes {
			if !c.lively {
				continue
			}
			for rank, word := range c.words[:len(c.words)-fresh] {
				for _, k := range c.families {
					if !yield(word, rank, k) {
						return
					}
				}
			}
		}
	}
	y.put("audience_receipt", []string{"thing_id", "child_id", "person_id", "read_at", "done_at"}, func(yield func([]any) bool) {
		old(func(word school.ID, rank int, k kin) bool {
			done := db.Time{}
			if signed(rank) {
				done = y.when(word)
			}
			return yield([]any{word, k.child, k.guardian, y.when(word), done})
		})
	})
	y.put("liaison_answer", []string{"word_id", "child_id", "person_id", "answer", "answered_at"}, func(yield func([]any) bool) {
		old(func(word school.ID, rank int, k kin) bool {
			return !signed(rank) || yield([]any{word, k.child, k.guardian, "signed", y.when(word)})
		})
	})
}
