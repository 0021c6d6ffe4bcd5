package feed

import (
	"strings"
)

// nearlyNamed tells that two pairs of names are one, of which one name was
// corrected.
func nearlyNamed(birth, first, otherBirth, otherFirst string) bool {
	return first == otherFirst && near(birth, otherBirth) || birth == otherBirth && near(first, otherFirst)
}

// near tells that two names are one, written twice: a letter or two apart, or
// one of them completed by another word.
func near(a, b string) bool {
	if a == "" || b == "" || a == b {
		return a == b
	}
	if strings.HasPrefix(a, b+" ") || strings.HasPrefix(b, a+" ") || strings.HasSuffix(a, " "+b) || strings.HasSuffix(b, " "+a) {
		return true
	}
	x, y := []rune(strings.ReplaceAll(a, " ", "")), []rune(strings.ReplaceAll(b, " ", ""))
	return distance(x, y) <= min(2, min(len(x), len(y))/3)
}

// distance counts the letters to add, to remove, to change or to swap with the
// next (Damerau's, of adjacent letters).
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// nearDay tells that two days are one, written twice: a part of the date is
// another, or its day and month are swapped.
func nearDay(a, b string) bool {
	x, y := strings.Split(a, "-"), strings.Split(b, "-")
	if len(x) != 3 || len(y) != 3 {
		return false
	}
	same := 0
	for i := range x {
		if x[i] == y[i] {
			same++
		}
	}
	return same == 2 || x[0] == y[0] && x[1] == y[2] && x[2] == y[1]
}
