package db

import (
	"strconv"
	"strings"
)

// In writes identifiers for an IN: they are numbers of ours, a few hundred at
// most, and as many placeholders would make a statement that no engine keeps.
// An empty list finds nothing.
func In[N ~int64](list []N) string {
	if len(list) == 0 {
		return "NULL"
	}
	var b strings.Builder
	for i, n := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(int64(n), 10))
	}
	return b.String()
}
