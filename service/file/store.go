package file

import (
	"preau/core/audience"
	"preau/core/blob"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

const spaceColumns = `s.id, s.kind, s.of_id, s.owner_id, s.school_id, s.used, s.quota, s.ends_at`

func scanSpace(row db.Row) (s space, err error) {
	var ends db.Time
	err = row.Scan(&s.ID, &s.Kind, &s.Of, &s.Owner, &s.School, &s.Used, &s.Chosen, &ends)
	s.Ends = ends.Time
	return s, err
}

// spaceOf reads a space by what it is of; as it is given where nothing was put there yet.
func spaceOf(tx *db.Tx, s space) (space, error) {
	stored, err := db.One(tx, scanSpace, `SELECT `+spaceColumns+` FROM file_space s WHERE s.kind = $1 AND s.of_id = $2`, string(s.Kind), s.Of)
	if fail.Is(err, fail.NotFound) {
		return s, nil
	}
	return stored, err
}

// spaceByID reads a space, or fail.NotFound.
func spaceByID(tx *db.Tx, id school.ID) (space, error) {
	return db.One(tx, scanSpace, `SELECT `+spaceColumns+` FROM file_space s WHERE s.id = $1`, id)
}

// spacesOf reads some spaces of a kind, those where something was put.
func spacesOf(tx *db.Tx, of kind, ids ...school.ID) ([]space, error) {
	return db.All(tx, scanSpace, `SELECT `+spaceColumns+` FROM file_space s WHERE s.kind = $1 AND s.of_id `+tx.Among(2), string(of), db.List(tx, ids))
}

// putSpace writes a space, unless another wrote it meanwhile.
func putSpace(tx *db.Tx, s space, id school.ID) error {
	_, err := tx.Exec(`INSERT INTO file_space (id, kind, of_id, owner_id, school_id, used, quota, ends_at) VALUES ($1, $2, $3, $4, $5, 0, 0, $6)
		ON CONFLICT (kind, of_id) DO NOTHING`, id, string(s.Kind), s.Of, s.Owner, s.School, db.At(s.Ends))
	return err
}

// charge counts bytes that are kept in a space, or that are no more, and tells whether it has room for them.
func charge(tx *db.Tx, id school.ID, bytes, quota int64) (bool, error) {
	n, err := tx.Exec(`UPDATE file_space SET used = used + $2 WHERE id = $1 AND ($2 <= 0 OR used + $2 <= $3)`, id, bytes, quota)
	return n == 1, err
}

// recount counts again all that is kept in some spaces.
func recount(tx *db.Tx, spaces ...school.ID) error {
	_, err := tx.Exec(`UPDATE file_space SET used = (SELECT COALESCE(SUM(v.size), 0) FROM file_version v JOIN file_entry e ON e.id = v.entry_id
		WHERE e.space_id = file_space.id) WHERE id `+tx.Among(1), db.List(tx, spaces))
	return err
}

// versionColumns are those of a version, with its words, which may be long, or without them.
func versionColumns(words string) string {
	return `v.id, v.entry_id, v.author_id, v.made_at, v.sum, v.size, v.type, v.looked_at, v.virus, ` + words + `,
	v.whole, v.preview, v.width, v.height, v.preview_width, v.preview_height`
}

// into is where the columns of a version are read.
func (v *version) into(made, looked *db.Time, sum, whole, preview *[]byte) []any {
	p := &v.Photo
	return []any{&v.ID, &v.Entry, &v.Author, made, sum, &v.Size, &v.Type, looked, &v.Virus, &v.Words,
		whole, preview, &p.Width, &p.Height, &p.PreviewWidth, &p.PreviewHeight}
}

func scanVersion(row db.Row) (v version, err error) {
	var made, looked db.Time
	var sum, whole, preview []byte
	err = row.Scan(v.into(&made, &looked, &sum, &whole, &preview)...)
	v.Made, v.Looked = made.Time, looked.Time
	copy(v.Sum[:], sum)
	copy(v.Photo.Whole[:], whole)
	copy(v.Photo.Preview[:], preview)
	return v, err
}

const entryColumns = `e.id, e.space_id, e.parent_id, e.owner_id, e.author_id, e.folder, e.name, e.made_at, e.changed_at, e.bin_id, e.binned_at, e.binned_by,
	COALESCE(v.id, 0), COALESCE(v.author_id, 0), v.sum, COALESCE(v.size, 0), COALESCE(v.type, ''), v.made_at, v.looked_at, COALESCE(v.virus, ''),
	v.whole, v.preview, COALESCE(v.width, 0), COALESCE(v.height, 0), COALESCE(v.preview_width, 0), COALESCE(v.preview_height, 0)`

// entryFrom is what these columns are read from.
const entryFrom = ` FROM file_entry e LEFT JOIN file_version v ON v.id = e.version_id `

func scanEntry(row db.Row) (e entry, err error) {
	var made, changed, binned, held, looked db.Time
	var sum, whole, preview []byte
	v, p := &e.Holds, &e.Holds.Photo
	err = row.Scan(&e.ID, &e.Space, &e.Parent, &e.Owner, &e.Author, &e.Folder, &e.Name, &made, &changed, &e.Bin, &binned, &e.BinnedBy,
		&v.ID, &v.Author, &sum, &v.Size, &v.Type, &held, &looked, &v.Virus,
		&whole, &preview, &p.Width, &p.Height, &p.PreviewWidth, &p.PreviewHeight)
	e.Made, e.Changed, e.Binned = made.Time, changed.Time, binned.Time
	v.Entry, v.Made, v.Looked = e.ID, held.Time, looked.Time
	copy(v.Sum[:], sum)
	copy(p.Whole[:], whole)
	copy(p.Preview[:], preview)
	return e, err
}

// chainOf reads an entry and the folders around it, from the top; fail.NotFound when there is none.
func chainOf(tx *db.Tx, id school.ID) (chain, error) {
	all, err := db.All(tx, scanEntry, `WITH RECURSIVE up(id, parent_id, depth) AS (
			SELECT f.id, f.parent_id, 0 FROM file_entry f WHERE f.id = $1
			UNION ALL SELECT f.id, f.parent_id, up.depth + 1 FROM file_entry f JOIN up ON f.id = up.parent_id WHERE up.depth < 100)
		SELECT `+entryColumns+entryFrom+`JOIN up ON up.id = e.id ORDER BY up.depth DESC`, id)
	if err == nil && len(all) == 0 {
		err = fail.New(fail.NotFound, "no entry %s", id)
	}
	return all, err
}

// entriesByID reads some entries.
func entriesByID(tx *db.Tx, ids ...school.ID) ([]entry, error) {
	return db.All(tx, scanEntry, `SELECT `+entryColumns+entryFrom+`WHERE e.id `+tx.Among(1), db.List(tx, ids))
}

// entriesIn lists what is in a folder, or at the top of a space, as a list shows it: after an entry (the zero one:
// from the first on), $1 at most, and only what a person sees where they drop things (0: all).
func entriesIn(tx *db.Tx, sp, parent school.ID, most int, after entry, of school.ID) ([]entry, error) {
	return db.All(tx, scanEntry, `SELECT `+entryColumns+entryFrom+`WHERE e.space_id = $2 AND e.parent_id = $3 AND e.bin_id = 0
		AND (CAST($4 AS BIGINT) = 0 OR e.owner_id = 0 OR e.owner_id = $4)
		AND (CAST($5 AS BIGINT) = 0 OR ($6 AND NOT e.folder) OR (e.folder = $6 AND (e.name_key > $7 OR e.name_key = $7 AND e.id > $5)))
		ORDER BY e.folder DESC, e.name_key, e.id LIMIT $1`, most, sp, parent, of, after.ID, after.Folder, nameKey(after.Name))
}

// named reads the entry of a name in a folder; fail.NotFound when there is none.
func named(tx *db.Tx, sp, parent school.ID, name string) (entry, error) {
	return db.One(tx, scanEntry, `SELECT `+entryColumns+entryFrom+`WHERE e.space_id = $1 AND e.parent_id = $2 AND e.name = $3 AND e.bin_id = 0`, sp, parent, name)
}

// freeName is a name that nothing has in a folder: the one that is given, or one with a number.
func freeName(tx *db.Tx, sp, parent school.ID, name string) (string, error) {
	if _, err := named(tx, sp, parent, name); err != nil {
		if fail.Is(err, fail.NotFound) {
			err = nil
		}
		return name, err
	}
	names, err := db.All(tx, db.Column[string], `SELECT e.name FROM file_entry e WHERE e.space_id = $1 AND e.parent_id = $2 AND e.bin_id = 0`, sp, parent)
	taken := make(map[string]bool, len(names))
	for _, name := range names {
		taken[name] = true
	}
	return numbered(name, taken), err
}

// below lists what is in a folder, at whatever depth, the folder itself first; all of it when it is in the bin
// with it, else what is not in the bin.
func below(tx *db.Tx, top entry) ([]entry, error) {
	return db.All(tx, scanEntry, `WITH RECURSIVE down(id, depth) AS (
			SELECT f.id, 0 FROM file_entry f WHERE f.id = $1
			UNION ALL SELECT f.id, down.depth + 1 FROM file_entry f JOIN down ON f.parent_id = down.id WHERE f.bin_id = $2 AND down.depth < 100)
		SELECT `+entryColumns+entryFrom+`JOIN down ON down.id = e.id ORDER BY down.depth, e.name_key, e.id`, top.ID, top.Bin)
}

// addEntry writes a new entry; a name that is taken meanwhile is fail.Conflict.
func addEntry(tx *db.Tx, e entry) error {
	_, err := tx.Exec(`INSERT INTO file_entry (id, space_id, parent_id, owner_id, author_id, folder, name, name_key, version_id, made_at, changed_at, bin_id, binned_at, binned_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, NULL, 0)`,
		e.ID, e.Space, e.Parent, e.Owner, e.Author, e.Folder, e.Name, nameKey(e.Name), e.Holds.ID, db.At(e.Made), db.At(e.Changed))
	return err
}

// place writes where an entry is, how it is called, and what it holds.
func (e entry) write(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE file_entry SET space_id = $2, parent_id = $3, owner_id = $4, name = $5, name_key = $6, version_id = $7, changed_at = $8,
		bin_id = $9, binned_at = $10, binned_by = $11 WHERE id = $1`,
		e.ID, e.Space, e.Parent, e.Owner, e.Name, nameKey(e.Name), e.Holds.ID, db.At(e.Changed), e.Bin, db.At(e.Binned), e.BinnedBy)
	return err
}

// addVersion writes a version.
func addVersion(tx *db.Tx, v version) error {
	p := v.Photo
	var whole, preview any
	if p.Width > 0 {
		whole, preview = p.Whole, p.Preview
	}
	_, err := tx.Exec(`INSERT INTO file_version (id, entry_id, author_id, made_at, sum, size, type, looked_at, virus, words, whole, preview, width, height, preview_width, preview_height)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		v.ID, v.Entry, v.Author, db.At(v.Made), blob.Sum(v.Sum), v.Size, v.Type, db.At(v.Looked), v.Virus, v.Words, whole, preview, p.Width, p.Height, p.PreviewWidth, p.PreviewHeight)
	return err
}

// versionByID reads a version, or fail.NotFound.
func versionByID(tx *db.Tx, id school.ID) (version, error) {
	return db.One(tx, scanVersion, `SELECT `+versionColumns("v.words")+` FROM file_version v WHERE v.id = $1`, id)
}

// versionsOf lists what a file holds and held, the last first, without their words.
func versionsOf(tx *db.Tx, id school.ID) ([]version, error) {
	return db.All(tx, scanVersion, `SELECT `+versionColumns("''")+` FROM file_version v WHERE v.entry_id = $1 ORDER BY v.id DESC`, id)
}

const grantColumns = `g.id, g.entry_id, g.author_id, g.school_id, g.level, g.made_at, g.until_at, g.removed_at`

func scanGrant(row db.Row) (g grant, err error) {
	var made, until, removed db.Time
	err = row.Scan(&g.ID, &g.Entry, &g.Author, &g.School, &g.Level, &made, &until, &removed)
	g.Made, g.Until, g.Removed = made.Time, until.Time, removed.Time
	return g, err
}

// living is the condition that a grant g holds at an instant, $n.
const living = `g.removed_at IS NULL AND (g.until_at IS NULL OR g.until_at > `

// sharesTo lists the grants of some entries to what somebody holds or held.
func sharesTo(tx *db.Tx, held audience.Holdings, entries ...school.ID) ([]grant, error) {
	sees, args := held.Sees(tx, "g.id", db.List(tx, entries), db.At(tx.Now))
	return db.All(tx, scanGrant, `SELECT `+grantColumns+` FROM file_share g WHERE g.entry_id `+tx.Among(1)+` AND `+living+`$2) AND `+sees, args...)
}

// grantsTo lists all that was opened to what somebody holds or held, the last first.
func grantsTo(tx *db.Tx, held audience.Holdings, most int) ([]grant, error) {
	things, args := held.Things(tx, most, db.At(tx.Now))
	return db.All(tx, scanGrant, `SELECT `+grantColumns+` FROM file_share g WHERE `+living+`$2) AND g.id IN (`+things+`) ORDER BY g.id DESC LIMIT $1`, args...)
}

// grantsOf lists to whom some entries are opened, the first first.
func grantsOf(tx *db.Tx, entries ...school.ID) ([]grant, error) {
	return db.All(tx, scanGrant, `SELECT `+grantColumns+` FROM file_share g WHERE g.entry_id `+tx.Among(1)+` AND `+living+`$2) ORDER BY g.id`, db.List(tx, entries), db.At(tx.Now))
}

// told is a grant, and what a feed says of what it opens.
type told struct {
	grant
	Of entry
}

// toldOf reads some grants as a feed tells them, by their identifiers, but of what is in the bin.
func toldOf(tx *db.Tx, ids ...school.ID) (map[school.ID]told, error) {
	all, err := db.All(tx, func(row db.Row) (t told, err error) {
		return t, row.Scan(&t.ID, &t.Author, &t.Of.ID, &t.Of.Name, &t.Of.Folder)
	}, `SELECT g.id, g.author_id, e.id, e.name, e.folder FROM file_share g JOIN file_entry e ON e.id = g.entry_id WHERE g.id `+tx.Among(1)+` AND e.bin_id = 0`, db.List(tx, ids))
	by := make(map[school.ID]told, len(all))
	for _, t := range all {
		by[t.ID] = t
	}
	return by, err
}

// putGrant writes a grant, or that it is ended.
func putGrant(tx *db.Tx, g grant) error {
	_, err := tx.Exec(`INSERT INTO file_share (id, entry_id, author_id, school_id, level, made_at, until_at, removed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET removed_at = excluded.removed_at`,
		g.ID, g.Entry, g.Author, g.School, g.Level, db.At(g.Made), db.At(g.Until), db.At(g.Removed))
	return err
}

// recentIn lists the files of some spaces that changed last.
func recentIn(tx *db.Tx, most int, spaces ...school.ID) ([]entry, error) {
	return db.All(tx, scanEntry, `SELECT `+entryColumns+entryFrom+`WHERE e.space_id `+tx.Among(2)+` AND e.bin_id = 0 AND NOT e.folder
		ORDER BY e.changed_at DESC, e.id DESC LIMIT $1`, most, db.List(tx, spaces))
}

// starredBy lists what somebody wants at hand, the last chosen first.
func starredBy(tx *db.Tx, person school.ID, most int) ([]entry, error) {
	return db.All(tx, scanEntry, `SELECT `+entryColumns+entryFrom+`JOIN file_star st ON st.entry_id = e.id
		WHERE st.person_id = $2 AND e.bin_id = 0 ORDER BY st.starred_at DESC, e.id DESC LIMIT $1`, most, person)
}

// isStarred tells whether somebody wants an entry at hand.
func isStarred(tx *db.Tx, person, id school.ID) (bool, error) {
	n, err := db.One(tx, db.Column[int], `SELECT COUNT(*) FROM file_star WHERE person_id = $1 AND entry_id = $2`, person, id)
	return n > 0, err
}

// star has an entry at hand of somebody, or no more.
func star(tx *db.Tx, person, id school.ID, wants bool) error {
	if !wants {
		_, err := tx.Exec(`DELETE FROM file_star WHERE person_id = $1 AND entry_id = $2`, person, id)
		return err
	}
	_, err := tx.Exec(`INSERT INTO file_star (person_id, entry_id, starred_at) VALUES ($1, $2, $3) ON CONFLICT (person_id, entry_id) DO NOTHING`, person, id, db.At(tx.Now))
	return err
}

// binnedIn lists what was put in the bin of a space, the last first: that of somebody alone, or of anybody (0).
func binnedIn(tx *db.Tx, sp school.ID, most int, owner school.ID) ([]entry, error) {
	return db.All(tx, scanEntry, `SELECT `+entryColumns+entryFrom+`WHERE e.space_id = $2 AND e.bin_id = e.id AND (CAST($3 AS BIGINT) = 0 OR e.owner_id = $3)
		ORDER BY e.binned_at DESC, e.id DESC LIMIT $1`, most, sp, owner)
}

// bytesOf counts all that some files hold and held.
func bytesOf(tx *db.Tx, all []entry) (int64, error) {
	ids := make([]school.ID, len(all))
	for n, e := range all {
		ids[n] = e.ID
	}
	return db.One(tx, db.Column[int64], `SELECT COALESCE(SUM(v.size), 0) FROM file_version v WHERE v.entry_id `+tx.Among(1), db.List(tx, ids))
}

// coversOf finds in each of some folders a file that has a picture, and is nobody's alone.
func coversOf(tx *db.Tx, folders ...school.ID) (map[school.ID]school.ID, error) {
	covers := map[school.ID]school.ID{}
	return covers, tx.Each(func(row db.Row) error {
		var folder, file school.ID
		err := row.Scan(&folder, &file)
		covers[folder] = file
		return err
	}, `SELECT e.parent_id, min(e.id) FROM file_entry e JOIN file_version v ON v.id = e.version_id
		WHERE e.parent_id `+tx.Among(1)+` AND e.bin_id = 0 AND e.owner_id = 0 AND v.width > 0 AND v.virus = '' GROUP BY e.parent_id`, db.List(tx, folders))
}

// mostWords is how many letters of what a file says an excerpt is looked for in.
const mostWords = 20_000

// wordsOf reads the beginning of what some files say, by file.
func wordsOf(tx *db.Tx, files ...school.ID) (map[school.ID]string, error) {
	words := map[school.ID]string{}
	return words, tx.Each(func(row db.Row) error {
		var id school.ID
		var said string
		err := row.Scan(&id, &said)
		words[id] = said
		return err
	}, `SELECT e.id, substr(v.words, 1, $2) FROM file_entry e JOIN file_version v ON v.id = e.version_id WHERE e.id `+tx.Among(1), db.List(tx, files), mostWords)
}
