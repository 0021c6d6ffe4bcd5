// Package message is the messagerie: conversations between people of a school, each in
// their own name. Two people talk; somebody writes to a group, whose members nobody reads
// and who each answer to the author alone; named colleagues talk all together where who
// began it said so. Who may address whom is decided by one function, [book.allows], from
// rules that the operator and each head set on one page.
//
// It owns the tables message_*: conversations, their posts and what they carry, who has a seat in
// them, what each person put away, drafts, rules, what the teacher of a class opened to
// its pupils, blocks and reports. To whom a conversation is addressed, and who has
// read it, is core/audience's; who is linked to whom, the register's.
package message
