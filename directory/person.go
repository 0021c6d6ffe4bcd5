package directory

import "preau/core/school"

// SortKey is what people are sorted and searched by: the folded usual name,
// then the first name.
func SortKey(usual, first string) string { return school.Fold(usual) + " " + school.Fold(first) }
