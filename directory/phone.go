package directory

import (
	"regexp"
	"strings"

	"preau/core/db"
	"preau/core/school"
)

// Phones lists the telephones that the register has of some people, as the French write
// them: the mobile one first. What is no number is as the register has it.
func Phones(tx *db.Tx, people ...school.ID) (map[school.ID][]string, error) {
	of := make(map[school.ID][]string, len(people))
	return of, tx.Each(func(row db.Row) error {
		var person school.ID
		var numbers [3]string
		if err := row.Scan(&person, &numbers[0], &numbers[1], &numbers[2]); err != nil {
			return err
		}
		for _, number := range numbers {
			if number, _ = PhoneNumber(number); number != "" {
				of[person] = append(of[person], number)
			}
		}
		return nil
	}, `SELECT id, mobile_phone, home_phone, work_phone FROM directory_person WHERE id `+tx.Among(1), db.List(tx, people))
}

// Mobiles gives the mobile telephones of some people, as the whole world dials them (E.164):
// "+33612345678". Who has none that can be dialled is left out.
func Mobiles(tx *db.Tx, people ...school.ID) (map[school.ID]string, error) {
	of := make(map[school.ID]string, len(people))
	return of, tx.Each(func(row db.Row) error {
		var person school.ID
		var number string
		err := row.Scan(&person, &number)
		if number = international(number); number != "" {
			of[person] = number
		}
		return err
	}, `SELECT id, mobile_phone FROM directory_person WHERE id `+tx.Among(1), db.List(tx, people))
}

var dialable = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// international writes a number of E.164; empty for what is none.
func international(text string) string {
	number := phoneMarks.ReplaceAllString(strings.Replace(text, "(0)", "", 1), "")
	switch {
	case frenchPhone.MatchString(number):
		number = "+33" + number[1:]
	case strings.HasPrefix(number, "00"):
		number = "+" + number[2:]
	}
	if !dialable.MatchString(number) {
		return ""
	}
	return number
}
