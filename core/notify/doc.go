// Package notify tells people outside of the portal that something waits for them in
// it: by mail, and by push notifications on the devices where they ask for them.
//
// Nothing is written per person when a room publishes. What somebody is told is
// computed when it leaves, from the audiences that they hold then (core/audience) and
// from what the rooms say of it ([preau/core/web.Teller]): who has lost a right since
// is told nothing, who has answered is not asked. What is kept of a person is what
// they chose, until when they were told, and, for some hours, that they are to be told
// ([Service.Sweep]). The message and the mark of what it tells are written in one
// transaction, for one person at a time: a process that dies between two people
// repeats nothing and forgets nobody.
//
// What waits to leave is asked again as it leaves ([Service.Again]): a mail that no server took
// for hours tells nothing of what its reader may not know any more.
//
// A message has no child's data: numbers, days, and the first name of a child when
// whoever reads it asked for it. Pupils are told nothing, ever.
//
// What a school made public is said in full to whoever asked for it ([Posted]), and written
// again as it leaves. What is urgent is the other exception ([Service.Urge]): it leaves at
// once, with what it says, to everybody whom it is for, by text messages too where there is
// a [Gateway]; and what became of it is kept, by person and channel.
//
// It owns the tables notify_*. It knows no register and no account: who people are,
// where they are written to and which sessions they have is for the house to say, in the
// fields of [Service]. Pages are the portal's. Letters about an account are account's.
package notify
