package feed

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// comparison is a survey beside the register.
type comparison struct {
	*survey
	source     Source
	population int // how many people of the source were live before
	// elsewhere is what the register knows and the delivery does not hold.
	elsewhere map[aaf.Category]map[aaf.Key]school.ID
	// absent is who was live and is not in a complete delivery, or is deleted
	// by a delta.
	absent map[aaf.Category][]absentee
	// formerly is the keys, absent now, of the people who came under a new one.
	formerly map[school.ID][]int64
	// makers are the deliveries that brought the keys known; makerRank is where
	// each is.
	makers    []school.ID
	makerRank map[school.ID]uint32
	// doubts are the records that have the INE or the mail of somebody who may
	// not be them: two people are kept, and proposed.
	doubts []doubt
	// opened is the bonds that begin.
	opened []directory.Kinship
	// moves are the people of the schools that the delivery takes over.
	moves map[school.ID]bool
}

// doubt is a record, and somebody known who may be the same person.
type doubt struct {
	category aaf.Category
	key      aaf.Key
	person   school.ID
	reason   string
}

// absentee is a live key that the delivery says, or implies, to be gone.
type absentee struct {
	key     aaf.Key
	subject school.ID
}

// compare finds what the register knows of each record.
func compare(tx *db.Tx, s *survey, source Source) (*comparison, error) {
	c := &comparison{
		survey: s, source: source,
		elsewhere: map[aaf.Category]map[aaf.Key]school.ID{},
		absent:    map[aaf.Category][]absentee{},
		formerly:  map[school.ID][]int64{},
		moves:     map[school.ID]bool{},
		makerRank: map[school.ID]uint32{},
	}
	for _, category := range categories {
		c.elsewhere[category] = map[aaf.Key]school.ID{}
	}
	var err error
	if c.population, err = source.population(tx); err != nil {
		return nil, err
	}
	load := c.meetAll
	if s.delivery.Mode == aaf.Delta {
		load = c.meetSome
	}
	if err := load(tx); err != nil {
		return nil, err
	}
	if err := c.fence.spare(tx, c); err != nil {
		return nil, err
	}
	if err := c.fence.evict(tx, c); err != nil {
		return nil, err
	}
	c.fence.strangers(c)
	if err := c.matchPupils(tx); err != nil {
		return nil, err
	}
	if err := c.matchStaff(tx); err != nil {
		return nil, err
	}
	if err := c.takeOver(tx); err != nil {
		return nil, err
	}
	c.ines, c.mails = nil, nil
	c.remember()
	c.report()
	c.fence.report(c.survey)
	return c, nil
}

const selectKeys = `SELECT category, jointure, subject_id, hash, live, made_by FROM directory_key WHERE source_id = $1`

// meetAll reads every key of the source.
func (c *comparison) meetAll(tx *db.Tx) error {
	return tx.Each(c.meet, selectKeys, c.source.ID)
}

// meetSome reads the keys that a delta names, and those of all structures,
// which a delta may leave out.
func (c *comparison) meetSome(tx *db.Tx) error {
	if err := tx.Each(c.meet, selectKeys+` AND category = $2`, c.source.ID, aaf.Structures); err != nil {
		return err
	}
	named := map[aaf.Category]map[aaf.Key]bool{}
	people := categories[1:]
	for _, category := range people {
		named[category] = map[aaf.Key]bool{}
		for key := range c.seen[category] {
			named[category][key] = true
		}
	}
	for _, l := range c.orphans {
		named[aaf.Guardians][l.to] = true
	}
	for _, l := range c.wards {
		named[aaf.Pupils][l.to] = true
	}
	for _, category := range people {
		keys := make([]aaf.Key, 0, len(named[category]))
		for key := range named[category] {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for chunk := range slices.Chunk(keys, chunkSize) {
			query := selectKeys + ` AND category = $2 AND jointure IN (` + db.In(chunk) + `)`
			if err := tx.Each(c.meet, query, c.source.ID, category); err != nil {
				return err
			}
		}
	}
	return nil
}

// chunkSize is how many keys or identifiers one query names.
const chunkSize = 500

// meet compares one key of the register with the delivery.
func (c *comparison) meet(row db.Row) error {
	var (
		category aaf.Category
		key      aaf.Key
		subject  school.ID
		hash     int64
		live     bool
		madeBy   school.ID
	)
	if err := row.Scan(&category, &key, &subject, &hash, &live, &madeBy); err != nil {
		return err
	}
	seen := c.seen[category][key]
	if seen == nil {
		c.elsewhere[category][key] = subject
		if live && c.delivery.Mode == aaf.Complete && category != aaf.Structures && !c.delivery.silent(category) {
			c.absent[category] = append(c.absent[category], absentee{key, subject})
		}
		return nil
	}
	seen.subject, seen.madeBy = subject, c.maker(madeBy)
	switch {
	case seen.state == rejected:
	case seen.state == deleted:
		if live {
			c.absent[category] = append(c.absent[category], absentee{key, subject})
		}
	case !live:
		seen.state = returning
	case seen.hash == hash:
		seen.state = unchanged
	default:
		seen.state, seen.loose = changed, hash == 0
	}
	return nil
}

// maker gives the rank of a delivery that brought keys.
func (c *comparison) maker(delivery school.ID) uint32 {
	at, known := c.makerRank[delivery]
	if !known {
		at = uint32(len(c.makers))
		c.makers, c.makerRank[delivery] = append(c.makers, delivery), at
	}
	return at
}

// candidate is somebody known who has the INE or the mail of a new record.
type candidate struct {
	id    school.ID
	by    string // the INE or the mail
	proof string // their date of birth, or their name
}

// matchPupils finds pupils that come under a new key, by their INE: one who
// changed académie, or whose key was made anew.
func (c *comparison) matchPupils(tx *db.Tx) error {
	var fresh []school.INE
	for ine, claim := range c.ines {
		if seen := c.seen[aaf.Pupils][claim.key]; seen != nil && seen.state == added {
			fresh = append(fresh, ine)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if none, err := nobody(tx, aaf.Pupils); none || err != nil {
		return err
	}
	slices.Sort(fresh)
	var found []candidate
	for chunk := range slices.Chunk(fresh, chunkSize) {
		args := make([]any, len(chunk))
		places := make([]string, len(chunk))
		for i, ine := range chunk {
			args[i], places[i] = ine, fmt.Sprintf("$%d", i+1)
		}
		some, err := db.All(tx, scanCandidate, `SELECT id, ine, birth_date FROM directory_person
			WHERE ine <> '' AND ine IN (`+strings.Join(places, ", ")+`) ORDER BY id`, args...)
		if err != nil {
			return err
		}
		found = append(found, some...)
	}
	return c.match(tx, aaf.Pupils, found, sameINE, func(by string) claim { return c.ines[school.INE(by)] })
}

// matchStaff finds staff that come under a new key, by their academic mail.
func (c *comparison) matchStaff(tx *db.Tx) error {
	fresh := false
	for _, claim := range c.mails {
		if seen := c.seen[aaf.Staffs][claim.key]; seen != nil && seen.state == added {
			fresh = true
			break
		}
	}
	if !fresh {
		return nil
	}
	if none, err := nobody(tx, aaf.Staffs); none || err != nil {
		return err
	}
	found, err := db.All(tx, scanCandidate, `SELECT DISTINCT p.id, lower(p.mail), p.sort_key
		FROM directory_key k JOIN directory_person p ON p.id = k.subject_id
		WHERE k.category = $1 AND p.mail <> '' ORDER BY p.id`, aaf.Staffs)
	if err != nil {
		return err
	}
	return c.match(tx, aaf.Staffs, found, sameMail, func(by string) claim { return c.mails[by] })
}

func scanCandidate(row db.Row) (one candidate, err error) {
	return one, row.Scan(&one.id, &one.by, &one.proof)
}

// match makes records that came as new those of somebody known: of one
// person only, whose proof agrees, and whom no other live record of the
// source is about. In every other case two people are kept, and proposed.
func (c *comparison) match(tx *db.Tx, category aaf.Category, found []candidate, reason string, claimed func(string) claim) error {
	claimants := map[string][]candidate{}
	var people []school.ID
	for _, one := range found {
		if seen := c.seen[category][claimed(one.by).key]; seen != nil && seen.state == added {
			claimants[one.by] = append(claimants[one.by], one)
			people = append(people, one.id)
		}
	}
	live, err := c.liveHere(tx, category, people)
	if err != nil {
		return err
	}
	for by, known := range claimants {
		record := claimed(by)
		one, proof := known[0], record.proof.Value()
		agree := one.proof == proof || one.proof == "" || proof == ""
		if len(known) == 1 && agree && !live[one.id] {
			seen := c.seen[category][record.key]
			seen.subject, seen.state = one.id, matched
			continue
		}
		for _, other := range known {
			c.doubts = append(c.doubts, doubt{category, record.key, other.id, reason})
		}
	}
	return nil
}

// liveHere tells which of some people a live record is about already: one of
// this source that the delivery neither says nor implies to be gone, or, for
// staff and in an extraction, one of any other source. One whose departure
// waits for a decision counts as gone: their new record is the decision.
func (c *comparison) liveHere(tx *db.Tx, category aaf.Category, people []school.ID) (map[school.ID]bool, error) {
	gone := map[aaf.Key]bool{}
	for _, one := range c.absent[category] {
		gone[one.key] = true
	}
	held, err := db.All(tx, db.Column[aaf.Key], `SELECT h.jointure FROM feed_held h
		JOIN feed_hold o ON o.feed_id = h.feed_id AND o.school_id = h.school_id AND o.state = $1
		JOIN feed_delivery d ON d.id = h.feed_id AND d.source_id = $2
		WHERE h.category = $3`, holdWaiting, c.source.ID, category)
	if err != nil {
		return nil, err
	}
	for _, key := range held {
		gone[key] = true
	}
	live := map[school.ID]bool{}
	for chunk := range slices.Chunk(people, chunkSize) {
		keys, err := directory.Keys.Among(tx, "subject_id", chunk, "live")
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			if key.Category != string(category) {
				continue
			}
			if key.Source == c.source.ID {
				live[key.Subject] = live[key.Subject] || !gone[aaf.Key(key.Jointure)]
			} else if category == aaf.Staffs || c.delivery.extraction != nil {
				// A mail is no proof for whoever is in post elsewhere; nor is an INE, in a
				// list that a head hands in, for a pupil who is in another school.
				live[key.Subject] = true
			}
		}
	}
	return live, nil
}

// remember keeps the former keys of the people who were matched.
func (c *comparison) remember() {
	for _, category := range categories[1:] {
		again := map[school.ID]bool{}
		for _, seen := range c.seen[category] {
			if seen.state == matched || c.moves[seen.subject] {
				again[seen.subject] = true
			}
		}
		for _, one := range c.absent[category] {
			if again[one.subject] {
				c.formerly[one.subject] = append(c.formerly[one.subject], int64(one.key))
			}
		}
	}
}

// nobody tells whether the register knows nobody of a category: a first
// delivery has nobody to be matched with.
func nobody(tx *db.Tx, category aaf.Category) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT NOT EXISTS (SELECT 1 FROM directory_key WHERE category = $1)`, category)
}

// report adds the troubles that the register decides.
func (c *comparison) report() {
	for _, l := range c.orphans {
		if _, known := c.elsewhere[aaf.Guardians][l.to]; !known && c.seen[aaf.Guardians][l.to] == nil {
			c.dangling(l, aaf.Pupils, UnknownGuardian, "ENTEleveAutoriteParentale")
		}
	}
	for _, l := range c.wards {
		if _, known := c.elsewhere[aaf.Pupils][l.to]; !known {
			c.dangling(l, aaf.Guardians, UnknownPupil, "ENTPersRelEleveEleve")
		}
	}
	c.orphans, c.wards = nil, nil
	for _, category := range categories {
		for key, seen := range c.seen[category] {
			if seen.state != deleted || seen.barred {
				continue
			}
			kind := UnknownDeleted
			if category == aaf.Structures {
				kind = StructureDeleted
			}
			if seen.subject == 0 || category == aaf.Structures {
				c.dangling(link{from: key, place: seen.place}, category, kind, "")
			}
		}
	}
}

// resolve gives the identifier of a record: the register's, or a new one for
// a newcomer. It tells false when the record is known nowhere.
func (c *comparison) resolve(now time.Time, category aaf.Category, key aaf.Key) (school.ID, bool) {
	seen := c.seen[category][key]
	if seen == nil {
		id, known := c.elsewhere[category][key]
		return id, known
	}
	if seen.subject == 0 {
		if seen.state == rejected || seen.state == deleted {
			return 0, false
		}
		seen.subject = school.NewID(now)
	}
	return seen.subject, true
}

// busy tells whether a file holds a record to write.
func (c *comparison) busy() func(aaf.File) bool {
	files := map[uint16]bool{}
	for _, category := range categories {
		for _, seen := range c.seen[category] {
			if seen.state != unchanged && seen.state != rejected && seen.state != deleted {
				files[seen.place.file] = true
			}
		}
	}
	return func(f aaf.File) bool { return f.Category != aaf.Structures && files[c.files[f.Name]] }
}
