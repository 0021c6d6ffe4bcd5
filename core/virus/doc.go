// Package virus asks a clamd whether something is known to do harm (ClamAV: man 8 clamd,
// man 5 clamd.conf). It owns the words that are said to clamd and what its answers mean; it
// keeps nothing, decides nothing, and repeats nothing: what becomes of a file that is
// infected, and when one that could not be looked at is looked at again, is its caller's.
//
// Whatever the size of what is looked at, it takes [chunk] bytes of memory, and four are
// looked at at once. Nobody waits for ever: [patience] for clamd to take the next bytes,
// [thinking] for its answer.
package virus
