// Package attach is what a thing carries beside its words: photos, and files. A room
// says how many ([Bag]), asks for them in its form ([Tray.Fields]), takes them
// ([Tray.Upload]), hangs them on the thing ([Bag.Hang]), shows them ([Set.At]) and
// gives each to whoever reads the thing ([Tray.Answer]). Who that is, is the room's to say.
//
// A file is what its bytes are, whatever it is called: a few kinds are accepted, which
// people open without running anything ([Kind]), and everything else is refused beside
// the field. What looks at a file before it is kept is [inspect], and there alone.
//
// What was received is not lost when the form comes back: it is in preau/core/blob, and
// the form carries a sealed ticket of it, for the day during which the blob waits for
// what refers to it.
package attach
