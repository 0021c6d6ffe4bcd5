// Package place reads where a page is: the school, the structure or the class
// of its path, for those whose right reaches it. What a right does not reach
// cannot be told from what does not exist. It owns no table.
package place
