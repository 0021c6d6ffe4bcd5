package notify

import (
	"slices"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
)

// Choice is how somebody wants to be told things.
type Choice struct {
	Mail  Rhythm            // of every room that has none of its own
	Rooms map[string]Rhythm // of mail, by room
	Quiet Quiet
	Names bool // a message may have the first names of their children
	Relay bool // what their schools made public is written to them in full
	Lang  i18n.Lang
	// Muted are the rooms of which no push notification comes.
	Muted map[string]bool
	// Usual tells that the quiet hours are those of everybody like them.
	Usual bool
}

// Of gives the rhythm of a room by a channel. Who wants no mail gets none of any room.
func (c Choice) Of(channel Channel, room string) Rhythm {
	switch {
	case channel == Push && !c.Muted[room]:
		return Now
	case channel == Push, channel == Relay && !c.Relay:
		return Never
	}
	if own, ok := c.Rooms[room]; ok && c.Mail != Never {
		return own
	}
	return c.Mail
}

// ChoiceOf reads what a person chose, or has without having chosen.
func (s *Service) ChoiceOf(tx *db.Tx, person school.ID) (Choice, error) {
	hats, err := s.grownUp(tx, person)
	if err != nil {
		return Choice{}, err
	}
	return s.choiceOf(tx, person, hats)
}

func (s *Service) choiceOf(tx *db.Tx, person school.ID, hats []school.Profile) (Choice, error) {
	c := Choice{Mail: Evening, Rooms: map[string]Rhythm{}, Muted: map[string]bool{}, Lang: i18n.French}
	err := tx.Each(func(row db.Row) error {
		var channel Channel
		var room string
		var rhythm Rhythm
		if err := row.Scan(&channel, &room, &rhythm); err != nil {
			return err
		}
		switch {
		case channel == Push:
			c.Muted[room] = rhythm == Never
		case room == "":
			c.Mail = rhythm
		default:
			c.Rooms[room] = rhythm
		}
		return nil
	}, `SELECT channel, room, rhythm FROM notify_preference WHERE person_id = $1`, person)
	if err != nil {
		return c, err
	}
	var lang i18n.Lang
	var quiet string
	err = tx.Get([]any{&lang, &c.Names, &quiet, &c.Relay}, `SELECT lang, first_names, quiet, relayed FROM notify_quiet WHERE person_id = $1`, person)
	if err != nil && !fail.Is(err, fail.NotFound) {
		return c, err
	}
	for _, room := range s.Rooms {
		if room.Always { // what was chosen of it once
			delete(c.Rooms, room.Name)
			delete(c.Muted, room.Name)
		}
	}
	if lang == "" && s.Spoken != nil {
		if lang, err = s.Spoken(tx, person); err != nil {
			return c, err
		}
	}
	if lang != "" {
		c.Lang = lang
	}
	if c.Usual = quiet == ""; c.Usual {
		c.Quiet = usualQuiet(hats)
		return c, nil
	}
	c.Quiet, err = parseQuiet(quiet)
	return c, err
}

// Keep writes what a person chose. What was published while they wanted no mail is not
// told when they want some again. Quiet hours that leave no hour, and what does not exist,
// are fail.Invalid.
func (s *Service) Keep(tx *db.Tx, person school.ID, c Choice) error {
	if err := s.check(c); err != nil {
		return err
	}
	before, err := s.ChoiceOf(tx, person)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM notify_preference WHERE person_id = $1`, person); err != nil {
		return err
	}
	set := func(channel Channel, room string, rhythm Rhythm) error {
		_, err := tx.Exec(`INSERT INTO notify_preference (person_id, channel, room, rhythm) VALUES ($1, $2, $3, $4)`, person, channel, room, rhythm)
		return err
	}
	if err := set(Mail, "", c.Mail); err != nil {
		return err
	}
	for _, room := range s.Rooms {
		if room.Always {
			continue
		}
		if own, ok := c.Rooms[room.Name]; ok && own != c.Mail {
			if err := set(Mail, room.Name, own); err != nil {
				return err
			}
		}
		if c.Muted[room.Name] {
			if err := set(Push, room.Name, Never); err != nil {
				return err
			}
		}
		for _, channel := range []Channel{Mail, Push, Relay} {
			if before.Of(channel, room.Name) == Never && c.Of(channel, room.Name) != Never {
				if err := told(tx, person, channel, room.Name, tx.Now, tx.Now); err != nil {
					return err
				}
			}
		}
	}
	return keepQuiet(tx, person, c)
}

// keepQuiet writes the rest of what a person chose.
func keepQuiet(tx *db.Tx, person school.ID, c Choice) error {
	quiet, own := "", any(nil)
	if !c.Usual {
		quiet = c.Quiet.String()
		if at, _ := c.Quiet.evening(); at != EveningAt {
			own = at
		}
	}
	// Their own hour begins tomorrow where that of today is past.
	day := ""
	if at, ok := own.(int); ok && !tx.Now.Before(clock(tx.Now, 0, at)) {
		day = dayOf(tx.Now)
	}
	_, err := tx.Exec(`INSERT INTO notify_quiet (person_id, lang, first_names, quiet, evening_at, evening_day, relayed) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (person_id) DO UPDATE SET lang = excluded.lang, first_names = excluded.first_names, quiet = excluded.quiet,
			evening_at = excluded.evening_at, evening_day = excluded.evening_day, relayed = excluded.relayed`, person, c.Lang, c.Names, quiet, own, day, c.Relay)
	return err
}

// check refuses what nobody can choose.
func (s *Service) check(c Choice) error {
	if !slices.Contains(Rhythms, c.Mail) {
		return fail.New(fail.Invalid, "no rhythm %q", c.Mail)
	}
	for room, rhythm := range c.Rooms {
		if !slices.Contains(Rhythms, rhythm) {
			return fail.New(fail.Invalid, "no rhythm %q for %s", rhythm, room)
		}
	}
	if _, open := c.Quiet.evening(); !open || c.Quiet.On && c.Quiet.From == c.Quiet.Until {
		return fail.New(fail.Invalid, "quiet hours from %d to %d", c.Quiet.From, c.Quiet.Until).Say("notify.always-quiet").At("until")
	}
	return nil
}

// Chosen gives the language in which somebody chose to be written to; empty: they chose none.
func (s *Service) Chosen(tx *db.Tx, person school.ID) (i18n.Lang, error) {
	lang, err := db.One(tx, db.Column[i18n.Lang], `SELECT lang FROM notify_quiet WHERE person_id = $1`, person)
	if fail.Is(err, fail.NotFound) {
		return "", nil
	}
	return lang, err
}

// Speak remembers the language that somebody chose to read.
func (s *Service) Speak(tx *db.Tx, person school.ID, lang i18n.Lang) error {
	_, err := tx.Exec(`INSERT INTO notify_quiet (person_id, lang, first_names, quiet, evening_day) VALUES ($1, $2, FALSE, '', '')
		ON CONFLICT (person_id) DO UPDATE SET lang = excluded.lang`, person, lang)
	return err
}
