package directory

import (
	"slices"
	"strings"

	"preau/core/school"
)

// Where is the address of a structure as people write it, line by line: the street, then the
// postal code and the town.
func (s Structure) Where() []string {
	lines := strings.Split(s.Address, "\n")
	for i, line := range lines {
		lines[i] = school.Proper(line)
	}
	lines = append(lines, strings.TrimSpace(s.PostalCode+" "+school.Proper(s.Town)))
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" })
}

// Telephone is the number of a structure as the French write it, its digits apart by spaces
// that do not break: "04 65 71 24 36". It is empty for what is no number.
func (s Structure) Telephone() string {
	number, err := PhoneNumber(s.Phone)
	if err != nil {
		return ""
	}
	return strings.ReplaceAll(number, " ", "\u00a0")
}
