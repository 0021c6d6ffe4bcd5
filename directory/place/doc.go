// Package place reads where a page is: the school, the structure or the class
// of its path, for those whose right reaches it. What a right does not reach
// cannot be told from what does not exist. It gives the pupils of a class their
// animals too. It owns no table.
package place
