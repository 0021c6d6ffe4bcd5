// Package past keeps what a thing of a room was until somebody changed it, with whoever did and
// when: what a stolen account changed in what others wrote is found and undone by that
// (docs/adr/0059). A room says which of its rows say what a thing says
// ([personal.Table.Says]), and keeps them before it changes any:
//
//	past.Keep(r.Tx, Holdings.Tables, past.Change{Room: "news", Thing: i.ID, School: i.School, By: r.Actor.Person, Act: past.Amended})
//
// Every change is kept, whoever makes it, its author too: what comes last is known by that.
// What a room lets people put back themselves is the room's own.
package past
