package federation

import (
	"slices"

	"preau/account"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// people finds whom an answer names, and who may come in by this provider: a
// hat that it speaks for, and an account that is open. Whatever it says that
// names nobody is passed over; several people are as many identities that the
// State gives one human.
func (s *Service) people(tx *db.Tx, p Provider, said statements) (people []school.ID, err error) {
	switch p.Matching {
	case ByKey:
		people, err = s.byKey(tx, said[attributeKey])
	case ByVector:
		people, err = s.byVector(tx, said[attributeVector])
	case ByMail:
		people, err = byMail(tx, p.Attributes, said)
	}
	if err != nil || len(people) == 0 {
		return nil, err
	}
	slices.Sort(people)
	return s.mayEnter(tx, p, slices.Compact(people))
}

// mayEnter keeps the people who have an open account and a hat of the
// provider's.
func (s *Service) mayEnter(tx *db.Tx, p Provider, people []school.ID) (may []school.ID, err error) {
	accounts, err := account.Of(tx, people...)
	if err != nil {
		return nil, err
	}
	for _, person := range people {
		account, has := accounts[person]
		if !has || !account.Disabled.IsZero() {
			continue
		}
		held, err := s.Accounts.Hats(tx, person)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(held, func(hat school.Profile) bool { return slices.Contains(hats[p.For], hat) }) {
			may = append(may, person)
		}
	}
	return may, nil
}

// byKey finds the guardians whom the académies call by the keys.
func (s *Service) byKey(tx *db.Tx, values []string) (people []school.ID, err error) {
	academies, err := s.Academies(tx)
	if err != nil {
		return nil, err
	}
	for _, value := range values {
		ref, ok := parseRefID(value)
		if !ok {
			continue
		}
		for source, academy := range academies {
			if academy != ref.Academy {
				continue
			}
			person, err := directory.GuardianOfKey(tx, source, ref.Key)
			if fail.Is(err, fail.NotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			people = append(people, person)
		}
	}
	return people, nil
}

// byVector finds the guardians whom the vectors name. The idÉlève is compared
// with the jointure of the pupil: the register has no other number of an
// académie's for a pupil. Two guardians of one name for one child are nobody.
// The vector of a pupil names nobody either: pupils come in by what their class
// is given.
func (s *Service) byVector(tx *db.Tx, values []string) (people []school.ID, err error) {
	academies, err := s.Academies(tx)
	if err != nil {
		return nil, err
	}
	sources := make([]school.ID, 0, len(academies))
	for source := range academies {
		sources = append(sources, source)
	}
	for _, value := range values {
		v, ok := parseVector(value)
		if !ok || v.Type != parentVector {
			continue
		}
		found, err := directory.GuardiansNamed(tx, sources, v.School, v.Pupil, v.Name, v.First)
		if err != nil {
			return nil, err
		}
		if len(found) == 1 {
			people = append(people, found[0])
		}
	}
	return people, nil
}

// byMail finds whose academic mail the first attribute that names somebody
// holds.
func byMail(tx *db.Tx, attributes []string, said statements) (people []school.ID, err error) {
	for _, attribute := range attributes {
		for _, mail := range said[attribute] {
			found, err := directory.StaffOfMail(tx, mail)
			if err != nil {
				return nil, err
			}
			people = append(people, found...)
		}
		if len(people) > 0 {
			return people, nil
		}
	}
	return nil, nil
}
